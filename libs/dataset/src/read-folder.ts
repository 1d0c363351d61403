/** Reads datasets from their folders: config, models and rules together, since each only makes sense with the others. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '@inlet/errors';
import { type ConfigProblem, DatasetConfigError, quoteText } from './config-problem';
import type { Dataset } from './dataset';
import { suggestNearest } from './nearest';
import { inspectDatasetConfig, readJsonText } from './parse-config';
import type { ConfigDraft } from './rules/rule';

const CONFIG_FILE = 'config/dataset.json';
const RULES_FILE = 'quality.dqdl';

/**
 * The dataset of a folder, as files hold it: `config/dataset.json`, `models/*.sql`, and `quality.dqdl` where there is one.
 * Texts have `\n` line ends whatever the checkout has, so that a fingerprint is the same everywhere.
 * Throws one ConfigError with every problem of the config and between config and files.
 */
export async function readDatasetFolder(folder: string): Promise<Dataset> {
  const root = path.resolve(folder);
  const file = path.join(root, CONFIG_FILE);
  const [text, sqlByModel, rules] = await Promise.all([readText(file), readModels(path.join(root, 'models')), readText(path.join(root, RULES_FILE))]);
  if (text === undefined) {
    throw new ConfigError({ what: 'The folder holds no dataset', where: root, expected: `the file ${CONFIG_FILE}`, found: 'none', next: 'See docs/reference/dataset-config.md for what it holds.' });
  }
  const { config, draft, problems } = inspectDatasetConfig(readJsonText(text, { file }));
  const all = [...problems, ...findFolderProblems(root, draft), ...findModelProblems(draft, sqlByModel)];
  if (config === undefined || all.length > 0) throw new DatasetConfigError(all, file);
  return { config, models: config.models.map(({ name }) => ({ name, sql: sqlByModel.get(name) ?? '' })), rules: rules ?? '', folder: root };
}

/** Folders of `domainsDir` that hold a dataset, absolute, in the order of their names. No config is read. */
export async function listDatasetFolders(domainsDir: string): Promise<string[]> {
  const names = await readdir(domainsDir).catch((error: unknown) => {
    throw describeUnreadable(path.resolve(domainsDir), 'a folder of datasets', error);
  });
  const folders = names.map((name) => path.resolve(domainsDir, name));
  const holds = await Promise.all(folders.map(async (folder) => (await listFiles(path.join(folder, 'config'))).includes('dataset.json')));
  return folders.filter((_folder, index) => holds[index]).sort();
}

/** The dataset with an id. Throws a ConfigError that names the nearest id, or all of them, when there is none. */
export async function findDataset(domainsDir: string, id: string): Promise<Dataset> {
  const folders = await listDatasetFolders(domainsDir);
  const folder = folders.find((candidate) => path.basename(candidate) === id);
  if (folder !== undefined) return readDatasetFolder(folder);
  const ids = folders.map((candidate) => path.basename(candidate));
  throw new ConfigError({
    what: `There is no dataset ${quoteText(id)}${suggestNearest(id, ids)}`,
    where: path.resolve(domainsDir),
    expected: ids.length === 0 ? 'a folder with config/dataset.json' : `one of ${ids.join(', ')}`,
    found: ids.length === 0 ? 'none' : quoteText(id),
  });
}

function findFolderProblems(root: string, { dataset }: ConfigDraft): ConfigProblem[] {
  const name = path.basename(root);
  return dataset === undefined || dataset === name ? [] : [{ path: 'dataset', expected: `${quoteText(name)}, the name of its folder`, found: quoteText(dataset) }];
}

function findModelProblems({ models }: ConfigDraft, sqlByModel: ReadonlyMap<string, string>): ConfigProblem[] {
  const files = [...sqlByModel.keys()];
  const names = (models ?? []).flatMap((model) => model?.name ?? []);
  const withoutFile = (models ?? []).flatMap((model, index): ConfigProblem[] => {
    if (model?.name === undefined || sqlByModel.has(model.name)) return [];
    const orphans = files.filter((file) => !names.includes(file));
    return [{ path: `models[${index}].name`, expected: `a file models/${model.name}.sql${suggestNearest(model.name, orphans)}`, found: 'none' }];
  });
  const withoutModel = files
    .filter((file) => !names.includes(file))
    .map((file) => ({ path: `models/${file}.sql`, expected: `an entry of models named ${quoteText(file)}`, found: 'none' }));
  const empty = files
    .filter((file) => sqlByModel.get(file)?.trim() === '')
    .map((file) => ({ path: `models/${file}.sql`, expected: 'a SELECT', found: 'an empty file' }));
  return [...withoutFile, ...withoutModel, ...empty];
}

async function readModels(dir: string): Promise<Map<string, string>> {
  const names = (await listFiles(dir)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(names.map((name) => readText(path.join(dir, name))));
  return new Map(names.map((name, index) => [name.slice(0, -'.sql'.length), texts[index] ?? '']));
}

/** Names in a folder; none where there is no such folder. */
async function listFiles(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw describeUnreadable(dir, 'a readable folder', error);
  });
}

/** The text without byte order mark and carriage returns; undefined where there is no such file. */
async function readText(file: string): Promise<string | undefined> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw describeUnreadable(file, 'a readable file', error);
  }
}

function describeUnreadable(where: string, due: string, cause: unknown): ConfigError {
  const code = readCode(cause);
  const encoding = code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
  return new ConfigError({
    what: 'A part of the dataset cannot be read',
    where,
    expected: encoding ? 'UTF-8 text' : due,
    found: encoding ? 'other bytes' : (code ?? String(cause)),
    cause,
  });
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(readCode(error) ?? '');
}

function readCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
