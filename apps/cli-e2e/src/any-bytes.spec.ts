/** Whatever arrives as a source, a run ends with an outcome under a name of its own, and the release before it stays readable. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCder } from '@inlet/cder-dataset';
import type { Dataset } from '@inlet/dataset';
import * as errors from '@inlet/errors';
import { readNsde } from '@inlet/nsde-dataset';
import { tempDir } from '@inlet/testing';
import fc from 'fast-check';
import { expectEveryRowAccounted, openTestLake, withConfig, type TestLake } from './lake.test-support';
import { cderMembers, craftZip, nsdeCsv, writeNsde, writeZip } from './releases.test-support';

/** The names under which a run may fail: those of this project's own errors. */
const ERROR_NAMES = new Set(
  Object.values(errors)
    .filter((value) => typeof value === 'function' && value.prototype instanceof errors.InletError)
    .map((value) => new (value as new (parts: errors.ErrorParts) => Error)({ what: 'x' }).name),
);

const CSV = nsdeCsv({ rows: 60 });

/** Cuts, overwrites, inserts and doublings of valid bytes. */
function mutations(valid: Buffer): fc.Arbitrary<Buffer> {
  const at = fc.nat({ max: valid.length });
  const splice = fc.record({ at, removed: fc.nat({ max: 40 }), inserted: fc.uint8Array({ maxLength: 40 }) });
  const cut = fc.record({ from: at, to: at });
  return fc.oneof(
    fc.array(splice, { minLength: 1, maxLength: 4 }).map((splices) => splices.reduce((bytes, { at: place, removed, inserted }) => Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place + removed)]), valid)),
    cut.map(({ from, to }) => valid.subarray(Math.min(from, to), Math.max(from, to))),
    cut.map(({ from, to }) => Buffer.concat([valid.subarray(0, from), valid.subarray(to)])),
  );
}

/** Text made of what CSV readers stumble over. */
const nastyLines = fc
  .array(fc.constantFrom('"', '""', ',', ',,,,,,,,,,,', '\n', '\r\n', '\r', '\0', '\ufeff', '\u2028', 'é', '\\', "'", '20240101', '0001-0001-01', ' ', '\t', 'x'.repeat(300)), { maxLength: 60 })
  .map((parts) => parts.join(''));

let nsde: Dataset;
let cder: Dataset;
let lake: TestLake;
let folder: string;
beforeAll(async () => {
  [nsde, cder] = await Promise.all([readNsde(), readCder()]);
  folder = tempDir();
  lake = openTestLake();
  await lake.run(nsde, { sources: [await writeNsde(CSV)] });
  await lake.run(cder, { sources: [await writeZip(cderMembers({ products: 60 }).finished)] });
});
afterAll(() => lake.close());

/** Runs the bytes as a source, and holds the run to what every run promises. */
async function runBytes(dataset: Dataset, name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  const id = dataset.config.dataset;
  const before = (await lake.manifest(id)).current;
  const run = await lake.run(dataset, { sources: [file] });
  expect(await lake.recordedRun(id, run.runId)).toEqual(run);
  expect(['published', 'unchanged', 'rejected', 'failed']).toContain(run.outcome);
  if (run.outcome === 'failed') expect(ERROR_NAMES).toContain(run.error?.name);
  if (run.outcome !== 'published') expect((await lake.manifest(id)).current).toEqual(before);
  if (run.tables.some(({ layer }) => layer === 'silver')) expectEveryRowAccounted(dataset, run);
  const [table] = dataset.config.models;
  const [count] = await lake.query(`select count(*)::int as n from ${id}.${table?.name}`);
  const current = (await lake.manifest(id)).current?.tables.find(({ name, layer }) => name === table?.name && layer === 'silver');
  expect(count).toEqual({ n: current?.rows });
  return run.outcome;
}

/** Says, beside the property, that it saw more than one kind of ending: else its bytes would be too tame or too wild. */
async function expectEndings(dataset: Dataset, samples: fc.Arbitrary<{ name: string; bytes: Uint8Array }>, options: { numRuns: number; endings: readonly string[] }): Promise<void> {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(samples, async ({ name, bytes }) => void seen.add(await runBytes(dataset, name, bytes))),
    { numRuns: options.numRuns, endOnFailure: true },
  );
  expect([...seen]).toEqual(expect.arrayContaining([...options.endings]));
}

describe('a run', () => {
  it('ends under one of this project\'s names', () => {
    expect(ERROR_NAMES.size).toBeGreaterThan(20);
    expect(ERROR_NAMES).not.toContain('TypeError');
  });

  it('of any bytes at all ends with an outcome', async () => {
    const names = fc.constantFrom('release.zip', 'release.csv', 'release', 'release.CSV', 'a b%20c\'"é.csv');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.uint8Array({ maxLength: 500 }).map((tail) => Buffer.concat([Buffer.from('PK\x03\x04'), tail])),
      fc.uint8Array({ maxLength: 500 }).map((tail) => Buffer.concat([Buffer.from(CSV.split('\n').slice(0, 1).join('\n')), Buffer.from('\n'), tail])),
    );
    await expectEndings(nsde, fc.record({ name: names, bytes }), { numRuns: 40, endings: ['failed', 'rejected'] });
  });

  it('of a valid zip with damage anywhere ends with an outcome', async () => {
    const zip = readFileSync(await writeNsde(CSV));
    await expectEndings(nsde, mutations(zip).map((bytes) => ({ name: 'release.zip', bytes })), { numRuns: 30, endings: ['failed'] });
  });

  it('of a valid text with damage anywhere ends with an outcome, zipped or not', async () => {
    const loose = withConfig(nsde, { data_quality: { ...nsde.config.data_quality, max_quarantined_share: 1, row_count_change: { max_drop: 1, max_growth: 1000 } } });
    const texts = fc.oneof(mutations(Buffer.from(CSV)), nastyLines.map((text) => Buffer.from(CSV + text)), nastyLines.map((text) => Buffer.from(text + CSV)));
    const samples = fc.record({ bytes: texts, zipped: fc.boolean() }).map(({ bytes, zipped }) => (zipped ? { name: 'release.zip', bytes: craftZip({ name: 'x.csv', content: bytes }) } : { name: 'release.csv', bytes }));
    await expectEndings(loose, samples, { numRuns: 40, endings: ['published', 'rejected'] });
  });

  it('of a damaged NDC directory ends with an outcome', async () => {
    const { finished } = cderMembers({ products: 60 });
    const zip = readFileSync(await writeZip(finished, { compressionLevel: 0 }));
    const [products = '', packages = ''] = ['product.txt', 'package.txt'].map((member) => finished.find(({ name }) => name === member)?.content);
    const damagedTexts = mutations(Buffer.from(products)).map((bytes) => ({ name: 'ndctext.zip', bytes: craftZip({ name: 'product.txt', content: bytes }, { name: 'package.txt', content: packages }) }));
    await expectEndings(cder, fc.oneof(mutations(zip).map((bytes) => ({ name: 'ndctext.zip', bytes })), damagedTexts), { numRuns: 30, endings: ['failed'] });
  });
});
