/** A domain's Lambda functions as a deployment takes them: one folder each, with the code and, where it is needed, the dataset. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readDatasetFolder } from '@inlet/dataset';
import type { FunctionKind } from '@inlet/deployment';
import type { Metafile } from 'esbuild';
import { buildFunction } from './build-function';

export interface DomainBundle {
  workspaceRoot: string;
  /** Folder of the domain. */
  folder: string;
  outDir: string;
  minify: boolean;
}

interface FunctionSource {
  /** The domain's own entry point, or the one that all domains share. */
  entry: (folder: string, workspaceRoot: string) => string;
  readsDataset: boolean;
  fromLayer: readonly string[];
}

const own = (name: FunctionKind) => (folder: string) => path.join(folder, 'src/handlers', `${name}.ts`);
const shared = (name: FunctionKind) => (_folder: string, workspaceRoot: string) => path.join(workspaceRoot, 'libs/lambda/src/entry', `${name}.ts`);

const FUNCTIONS: Readonly<Record<FunctionKind, FunctionSource>> = {
  'fetch-and-hash': { entry: own('fetch-and-hash'), readsDataset: true, fromLayer: [] },
  transform: { entry: shared('transform'), readsDataset: true, fromLayer: ['@duckdb/node-api'] },
  'update-manifest': { entry: own('update-manifest'), readsDataset: true, fromLayer: [] },
  catalog: { entry: shared('catalog'), readsDataset: true, fromLayer: [] },
  trigger: { entry: shared('trigger'), readsDataset: false, fromLayer: [] },
};

export const FUNCTION_KINDS = Object.keys(FUNCTIONS) as FunctionKind[];

/**
 * Writes `<outDir>/<function>/index.js` and `<outDir>/<function>/dataset/<id>/…`. What was in `outDir` is gone. Throws ConfigError for a faulty
 * dataset, and PermanentError for a bundle that is not fit to be deployed.
 */
export async function bundleDomain({ workspaceRoot, folder, outDir, minify }: DomainBundle): Promise<Record<FunctionKind, Metafile>> {
  const { config } = await readDatasetFolder(folder);
  await rm(outDir, { recursive: true, force: true });
  const built = FUNCTION_KINDS.map(async (kind) => {
    const { entry, readsDataset, fromLayer } = FUNCTIONS[kind];
    const functionDir = path.join(outDir, kind);
    const metafile = await buildFunction({ workspaceRoot, entry: entry(folder, workspaceRoot), outDir: functionDir, fromLayer, minify });
    if (readsDataset) await copyDataset(folder, path.join(functionDir, 'dataset', config.dataset));
    return [kind, metafile] as const;
  });
  return Object.fromEntries(await Promise.all(built)) as Record<FunctionKind, Metafile>;
}

/** What readDatasetFolder reads, with the same line ends whatever the checkout has. */
async function copyDataset(from: string, to: string): Promise<void> {
  const models = (await readdir(path.join(from, 'models'))).filter((name) => name.endsWith('.sql')).sort();
  const rules = (await readdir(from)).filter((name) => name === 'quality.dqdl');
  for (const name of ['config/dataset.json', ...models.map((model) => `models/${model}`), ...rules]) {
    await mkdir(path.dirname(path.join(to, name)), { recursive: true });
    await writeFile(path.join(to, name), (await readFile(path.join(from, name), 'utf8')).replaceAll('\r\n', '\n'));
  }
}
