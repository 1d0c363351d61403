import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { memoryLedger, memoryStore, tempDir } from '@inlet/testing';
import { fixedClock } from '@inlet/time';
import { fetchAndHash, readEnvironmentSecrets, type ExecutionInput, type PipelineDeps } from '../index';

const at = '2026-11-20T21:00:00.000Z';
const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

const makeDataset = (model: object = {}, rules = ''): Dataset => ({
  config: parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.csv',
    schedule: { expression: 'rate(1 days)' },
    tables: [{ name: 't', members: ['*'], columns: [{ name: 'id', source: 'id' }] }],
    models: [{ name: 'm', parent: 't', key: ['id'], ...model }],
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
  }),
  models: [{ name: 'm', sql: 'select * from bronze.t' }],
  rules,
});

interface RunOptions {
  /** Called between the reading of a file and its being kept. */
  onFetched?: (file: string) => void;
  dataset?: Dataset;
  salt?: string;
}

/** Runs the state on local files. */
async function run(files: Record<string, string>, { onFetched = () => undefined, dataset = makeDataset(), salt }: RunOptions = {}) {
  const dir = tempDir();
  const sources = Object.entries(files).map(([name, text]) => {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
  const textOf = (file: string) => files[path.relative(dir, file)] ?? '';
  const store = memoryStore();
  const ledger = memoryLedger();
  const clock = fixedClock(at);
  await ledger.beginRun({ dataset: 'drug-list', owner: { executionId: 'e1', host: 'h', pid: 1 }, requestedAt: clock.now() });
  const deps: Partial<PipelineDeps> = {
    store,
    ledger,
    clock,
    owner: { executionId: 'e1', host: 'h', pid: 1 },
    scratchDir: path.join(dir, 'scratch'),
    observe: () => undefined,
    secrets: readEnvironmentSecrets({ INLET_MASK_SALT: salt }),
    source: {
      fetch: async ({ url }) => {
        const file = sources.find((candidate) => pathToFileURL(candidate).href === url) ?? '';
        const text = textOf(file);
        onFetched(file);
        return { status: 'fetched', path: file, disposable: false, fileName: path.basename(file), sha256: sha256Of(text), sizeBytes: text.length, headers: {} };
      },
    },
    archives: {
      listMembers: async ({ fileName }) => [{ name: fileName, sizeBytes: 1 }],
      extract: async ({ fileName, path: archive }) => [{ name: fileName, sha256: sha256Of(archive), sizeBytes: 1, path: archive, lines: 1 }],
    },
  };
  const input: ExecutionInput = { dataset: 'drug-list', executionId: 'e1', startedAt: at, requestedAt: at, sources, force: false, engine: 'auto' };
  return { store, result: fetchAndHash(deps as PipelineDeps, dataset, input) };
}

describe('fetchAndHash', () => {
  it('keeps a local file under its hash, and the file where it is', async () => {
    const { result, store } = await run({ 'list.csv': 'id\n1\n' });
    const { changed, sources, runId } = await result;
    const sha256 = sha256Of('id\n1\n');
    expect({ changed, runId }).toEqual({ changed: true, runId: `20261120T210000Z-${sha256.slice(0, 12)}` });
    expect(sources[0]).toMatchObject({ name: 'drug_list', rawKey: `raw/drug-list/sha256=${sha256}/list.csv`, sha256 });
    expect((await store.read(sources[0]?.rawKey ?? ''))?.body.toString()).toBe('id\n1\n');
  });
  it('keeps nothing of a file that changes between being read and being kept', async () => {
    const { result, store } = await run({ 'list.csv': 'id\n1\n' }, { onFetched: (file) => writeFileSync(file, 'id\n2\n') });
    await expect(result).rejects.toMatchObject({ name: 'SourceUnavailableError' });
    for await (const { key } of store.list('raw/')) throw new Error(`there is ${key}`);
  });
  it('tells two files of one source apart by their names', async () => {
    const { result } = await run({ 'a.csv': 'id\n1\n', 'b.csv': 'id\n2\n' });
    expect((await result).sources.map(({ name }) => name)).toEqual(['drug_list:a.csv', 'drug_list:b.csv']);
  });
  it('refuses two files that only their folders tell apart: every row of theirs would stand in two places', async () => {
    const { result } = await run({ 'x/a.csv': 'id\n1\n', 'y/a.csv': 'id\n2\n' });
    await expect(result).rejects.toMatchObject({ name: 'AmbiguousMemberError', message: expect.stringMatching(/x\/a\.csv, .*y\/a\.csv.*Give each file once/) });
  });
  it('refuses wrong rules before it fetches anything', async () => {
    const onFetched = jest.fn();
    const { result } = await run({ 'list.csv': 'id\n1\n' }, { onFetched, dataset: makeDataset({}, 'Rules = [ IsComplete "id" labels = ["table" = "n"] ]') });
    await expect(result).rejects.toMatchObject({ name: 'RulesetError', message: expect.stringMatching(/quality\.dqdl.*line 1, column 37: There is no such table/s) });
    expect(onFetched).not.toHaveBeenCalled();
  });
  it('refuses a mask by hash without a salt before it fetches anything', async () => {
    const onFetched = jest.fn();
    const { result } = await run({ 'list.csv': 'id\n1\n' }, { onFetched, dataset: makeDataset({ masks: { id: { method: 'hash' } } }) });
    await expect(result).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('INLET_MASK_SALT') });
    expect(onFetched).not.toHaveBeenCalled();
  });
  it('tells releases with different salts apart, and those that need none not', async () => {
    const fingerprint = async (model: object, salt: string) => (await (await run({ 'list.csv': 'id\n1\n' }, { dataset: makeDataset(model), salt })).result).fingerprint;
    const hashed = { masks: { id: { method: 'hash' } } };
    expect(await fingerprint(hashed, 'a')).toBe(await fingerprint(hashed, 'a'));
    expect(await fingerprint(hashed, 'a')).not.toBe(await fingerprint(hashed, 'b'));
    expect(await fingerprint({}, 'a')).toBe(await fingerprint({}, 'b'));
  });
});
