import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeCommittedSamples, writeCommittedSamples } from './committed-samples';
import { readZip } from './read-zip.test-support';

const committed = path.join(__dirname, '../../../domains/nsde/samples');
const MEMBER = 'Comprehensive_NDC_SPL_Data_Elements_File.csv';
const ZIPS = ['synthetic-nsde-release-1.zip', 'synthetic-nsde-release-2.zip'];

/** zlib may find other matches on another processor: as good, but not the same bytes. */
const itWithTheSameZlib = process.arch === 'x64' ? it : it.skip;

describe('the committed NSDE samples', () => {
  let fresh: string;
  beforeAll(async () => {
    fresh = await mkdtemp(path.join(tmpdir(), 'inlet-committed-'));
    await writeCommittedSamples(fresh);
  });
  afterAll(() => rm(fresh, { recursive: true, force: true }));

  it('are what the generator writes, no file more or less', async () => {
    expect((await readdir(committed)).toSorted()).toEqual((await readdir(fresh)).toSorted());
  });

  itWithTheSameZlib.each(ZIPS)('%s has exactly the bytes that regenerating gives (on x64, where the committed zips were deflated)', async (name) => {
    expect((await readFile(path.join(committed, name))).equals(await readFile(path.join(fresh, name)))).toBe(true);
  });

  it.each(ZIPS)('%s holds the one CSV of FDA\'s zip, as regenerating gives it', async (name) => {
    const [kept, made] = await Promise.all([committed, fresh].map((folder) => readZip(path.join(folder, name))));
    expect(kept!.map((entry) => entry.name)).toEqual([MEMBER]);
    expect(kept![0]!.content.equals(made![0]!.content)).toBe(true);
    expect(kept![0]!.dosTime).toBe(made![0]!.dosTime);
    expect(kept![0]!.content.toString().split('\n')).toHaveLength(502);
  });

  it.each(ZIPS)('%s is small', async (name) => {
    expect((await stat(path.join(committed, name))).size).toBeLessThan(30_000);
  });

  it('are two releases, not one twice', async () => {
    const [first, second] = await Promise.all(ZIPS.map((name) => readFile(path.join(committed, name))));
    expect(first!.equals(second!)).toBe(false);
  });

  it('come with a README that says they are synthetic, how they are made and how they differ', async () => {
    const readme = await readFile(path.join(committed, 'README.md'), 'utf8');
    expect(readme).toBe(describeCommittedSamples());
    expect(readme).toContain('**These files are synthetic.**');
    expect(readme).toContain('npx nx run samples:samples');
    expect(readme).toContain('10 rows added, 10 removed, 10 cells changed.');
  });
});
