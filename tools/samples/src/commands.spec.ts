import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateNsdeRelease } from '@inlet/nsde-samples';
import { UsageError } from '@inlet/errors';
import { runSamplesCommand } from './commands';
import { readZip } from './read-zip.test-support';

describe('the samples command', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'inlet-commands-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('writes an NSDE release with the size, seed and number that were asked for', async () => {
    const out = path.join(folder, 'deep', 'nsde.zip');
    expect(await runSamplesCommand(['nsde', '--rows', '300', '--release', '2', '--seed', '9', '--out', out])).toEqual([out]);
    const [entry] = await readZip(out);
    expect(entry!.content.equals(Buffer.concat([...generateNsdeRelease({ rows: 300, seed: 9, release: 2 })]))).toBe(true);
  });

  it('leaves the quirks out with --clean', async () => {
    const out = path.join(folder, 'clean.zip');
    await runSamplesCommand(['nsde', '--rows', '300', '--out', out, '--clean']);
    const [entry] = await readZip(out);
    expect(entry!.content.equals(Buffer.concat([...generateNsdeRelease({ rows: 300, seed: 1, quirks: false })]))).toBe(true);
  });

  it('writes the three zips of the NDC directory under the names on FDA\'s server', async () => {
    const outDir = path.join(folder, 'cder');
    const paths = await runSamplesCommand(['cder', '--products', '40', '--out-dir', outDir, '--excel-twins']);
    expect(paths.map((one) => path.basename(one))).toEqual(['ndctext.zip', 'ndc_unfinished.zip', 'ndc_excluded.zip']);
    const entries = await readZip(paths[2]!);
    expect(entries.map(({ name }) => name)).toEqual(['Packages_excluded.txt', 'Packages_excluded.xls', 'Products_excluded.txt', 'Products_excluded.xls']);
    expect(entries[3]!.content.toString().split('\r\n')).toHaveLength(4);
  });

  it('writes the committed samples to another folder on request', async () => {
    const outDir = path.join(folder, 'committed');
    const paths = await runSamplesCommand(['committed', '--out-dir', outDir]);
    expect(paths.map((one) => path.basename(one))).toEqual(['synthetic-nsde-release-1.zip', 'synthetic-nsde-release-2.zip', 'README.md']);
    expect(await readFile(paths[2]!, 'utf8')).toContain('synthetic');
  });

  it.each([
    [[], 'Unknown command: expected nsde, cder, committed, found none.'],
    [['toString'], 'found toString.'],
    [['nsde', '--rows', '5'], '--out is missing.'],
    [['nsde', '--out', 'x.zip'], '--rows is missing.'],
    [['nsde', '--out', 'x.zip', '--rows', 'many'], '--rows is no number: expected a whole number, found "many".'],
    [['nsde', '--out', 'x.zip', '--rows', '-5'], 'Unknown or incomplete option'],
    [['nsde', '--out', 'x.zip', '--rows', '99999999'], 'A number is out of range: found rows is a whole number from 0 to 25000000; 99999999 was given.'],
    [['nsde', '--out', 'x.zip', '--rows', '5', '--colour'], "Unknown option '--colour'"],
    [['nsde', 'extra'], 'Unexpected argument'],
    [['cder', '--products', '5'], '--out-dir is missing.'],
  ])('answers %j with the mistake and the usage', async (args, message) => {
    const error = await runSamplesCommand(args.map((arg) => (arg === 'x.zip' ? path.join(folder, arg) : arg))).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toContain('Usage:\n  samples nsde --out');
  });
});
