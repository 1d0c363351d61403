import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from '@inlet/errors';
import { DatasetConfigError } from './config-problem';
import { fingerprintPipeline } from './fingerprint';
import { findDataset, listDatasetFolders, readDatasetFolder } from './read-folder';
import { withValue, writeValidConfig } from './valid-config.test-support';

let domains: string;

beforeEach(async () => {
  domains = await mkdtemp(path.join(tmpdir(), 'domains-'));
});
afterEach(() => rm(domains, { recursive: true }));

interface Folder {
  name?: string;
  config?: unknown;
  files?: Record<string, string | Buffer>;
}

async function writeFolder({ name = 'drug-codes', config = writeValidConfig(), files = { 'models/codes.sql': 'select 1' } }: Folder = {}): Promise<string> {
  const folder = path.join(domains, name);
  const texts: Record<string, string | Buffer> = { 'config/dataset.json': typeof config === 'string' ? config : JSON.stringify(config), ...files };
  for (const [file, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  return folder;
}

async function problemsOf(folder: string): Promise<{ path: string; expected: string; found: string }[]> {
  const error: unknown = await readDatasetFolder(folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatasetConfigError)) throw new Error(`no DatasetConfigError but ${String(error)}`);
  expect(error.parts.where).toBe(path.join(folder, 'config/dataset.json'));
  return [...error.problems];
}

describe('readDatasetFolder', () => {
  it('reads config, models and rules', async () => {
    const folder = await writeFolder({ files: { 'models/codes.sql': 'select 1', 'quality.dqdl': 'Rules = []', 'models/README.md': 'x' } });
    const dataset = await readDatasetFolder(folder);
    expect(dataset).toMatchObject({ models: [{ name: 'codes', sql: 'select 1' }], rules: 'Rules = []', folder });
    expect(dataset.config.dataset).toBe('drug-codes');
  });

  it('has empty rules where there is no quality.dqdl', async () => {
    expect((await readDatasetFolder(await writeFolder())).rules).toBe('');
  });

  it('gives models in the order of the config', async () => {
    const config = withValue(writeValidConfig(), ['models', 1], { name: 'a_first', key: ['code'] });
    const folder = await writeFolder({ config, files: { 'models/codes.sql': 'select 1', 'models/a_first.sql': 'select 2' } });
    expect((await readDatasetFolder(folder)).models.map(({ name }) => name)).toEqual(['codes', 'a_first']);
  });

  it('has one fingerprint for LF and CRLF checkouts, with or without byte order marks', async () => {
    const unix = await readDatasetFolder(await writeFolder({ files: { 'models/codes.sql': 'select\n1\n', 'quality.dqdl': 'Rules\n' } }));
    const windows = await readDatasetFolder(await writeFolder({ config: `\uFEFF${JSON.stringify(writeValidConfig(), null, 2).replaceAll('\n', '\r\n')}`, files: { 'models/codes.sql': '\uFEFFselect\r\n1\r\n', 'quality.dqdl': 'Rules\r\n' } }));
    expect(fingerprintPipeline(windows, { macros: [] })).toBe(fingerprintPipeline(unix, { macros: [] }));
  });

  it('reports models without a file and files without a model together with the problems of the config', async () => {
    const config = withValue(withValue(writeValidConfig(), ['models', 1], { name: 'totals', key: ['code'] }), ['owner'], 7);
    const folder = await writeFolder({ config, files: { 'models/codes.sql': ' \n', 'models/total.sql': 'select 1' } });
    expect(await problemsOf(folder)).toEqual([
      { path: 'owner', expected: 'a text', found: 'the number 7' },
      { path: 'models[1].name', expected: 'a file models/totals.sql (did you mean "total"?)', found: 'none' },
      { path: 'models/total.sql', expected: 'an entry of models named "total"', found: 'none' },
      { path: 'models/codes.sql', expected: 'a SELECT', found: 'an empty file' },
    ]);
  });

  it('reports an id that is not the folder\'s name', async () => {
    expect(await problemsOf(await writeFolder({ name: 'drugcodes' }))).toEqual([{ path: 'dataset', expected: '"drugcodes", the name of its folder', found: '"drug-codes"' }]);
  });

  it('reports every model where there is no models folder', async () => {
    expect(await problemsOf(await writeFolder({ files: {} }))).toEqual([expect.objectContaining({ path: 'models[0].name' })]);
  });

  it('reports where the JSON goes wrong', async () => {
    expect(await problemsOf(await writeFolder({ config: '{\n"dataset": }' }))).toEqual([{ path: 'line 2, column 12', expected: 'a value', found: '"}"' }]);
  });

  it.each([
    ['a folder without a config', 'config', 'The folder holds no dataset'],
    ['a folder that does not exist', '', 'The folder holds no dataset'],
  ])('refuses %s with a ConfigError', async (_what, inside, message) => {
    const folder = path.join(domains, 'empty');
    if (inside) await mkdir(path.join(folder, inside), { recursive: true });
    const reading = readDatasetFolder(folder);
    await expect(reading).rejects.toBeInstanceOf(ConfigError);
    await expect(reading).rejects.toThrow(`${message} (${folder})`);
  });

  it('refuses a model that is not UTF-8, naming the file', async () => {
    const folder = await writeFolder({ files: { 'models/codes.sql': Buffer.from([0x73, 0x92, 0x73]) } });
    await expect(readDatasetFolder(folder)).rejects.toThrow(`A part of the dataset cannot be read (${path.join(folder, 'models/codes.sql')}): expected UTF-8 text, found other bytes.`);
  });

  it('refuses a folder where a file is due with a ConfigError', async () => {
    const folder = await writeFolder();
    await mkdir(path.join(folder, 'quality.dqdl'));
    const reading = readDatasetFolder(folder);
    await expect(reading).rejects.toBeInstanceOf(ConfigError);
    await expect(reading).rejects.toThrow(/quality\.dqdl\): expected a readable file, found EISDIR/);
  });
});

describe('listDatasetFolders', () => {
  it('lists folders that hold a config, by name, and reads none of them', async () => {
    await writeFolder({ name: 'b', config: 'no JSON' });
    await writeFolder({ name: 'a' });
    await mkdir(path.join(domains, 'c', 'src'), { recursive: true });
    await writeFile(path.join(domains, 'README.md'), 'x');
    expect(await listDatasetFolders(domains)).toEqual([path.join(domains, 'a'), path.join(domains, 'b')]);
  });

  it('refuses a place without domains with a ConfigError', async () => {
    const missing = path.join(domains, 'nowhere');
    const listing = listDatasetFolders(missing);
    await expect(listing).rejects.toBeInstanceOf(ConfigError);
    await expect(listing).rejects.toThrow(missing);
  });
});

describe('findDataset', () => {
  it('reads the one dataset that was asked for, whatever is wrong with others', async () => {
    await writeFolder();
    await writeFolder({ name: 'broken', config: 'no JSON' });
    expect((await findDataset(domains, 'drug-codes')).config.dataset).toBe('drug-codes');
  });

  it('suggests the nearest id', async () => {
    await writeFolder();
    const finding = findDataset(domains, 'drug-code');
    await expect(finding).rejects.toBeInstanceOf(ConfigError);
    await expect(finding).rejects.toThrow('There is no dataset "drug-code" (did you mean "drug-codes"?)');
  });

  it.each(['..', '../domains/drug-codes', '.', '', 'drug-codes/'])('knows no dataset by the path %j', async (id) => {
    await writeFolder();
    await expect(findDataset(domains, id)).rejects.toThrow(/There is no dataset .* expected one of drug-codes/);
  });
});
