/** The calls of AWS's SDK that a function's code can reach, and the files that they are in. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Class of the call, such as `GetObjectCommand` or `Upload`, with the files that make it. */
export type ReachedCalls = ReadonlyMap<string, readonly string[]>;

const CALL = /\bnew ([A-Z]\w*Command|Upload)\(/g;

/** Own modules only: what a package does is behind the calls. */
export async function findCalls(entry: string, workspaceRoot: string): Promise<ReachedCalls> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: workspaceRoot,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'out',
    platform: 'node',
    format: 'esm',
    packages: 'external',
    tsconfig: path.join(workspaceRoot, 'tsconfig.base.json'),
    logLevel: 'error',
  });
  const bundled = outputFiles.map(({ text }) => text).join('\n');
  const reached = new Set([...bundled.matchAll(CALL)].map(([, name]) => name));
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file));
  const calls = new Map<string, string[]>();
  for (const file of files.sort()) {
    for (const [, name = ''] of readFileSync(path.join(workspaceRoot, file), 'utf8').matchAll(CALL)) {
      if (reached.has(name) && !calls.get(name)?.includes(file)) calls.set(name, [...(calls.get(name) ?? []), file]);
    }
  }
  return calls;
}

/** Where the code of a dataset's function begins, below the workspace's root. */
export function entryOf(functionName: string, datasets: readonly string[]): string {
  const dataset = datasets.find((id) => functionName.startsWith(`${id}-`)) ?? '';
  const kind = functionName.slice(dataset.length + 1);
  return ['fetch-and-hash', 'update-manifest'].includes(kind) ? `domains/${dataset}/src/handlers/${kind}.ts` : `libs/lambda/src/entry/${kind}.ts`;
}
