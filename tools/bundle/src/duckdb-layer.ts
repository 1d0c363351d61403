/** DuckDB as a Lambda layer, for the architecture of the function and not of the machine that builds it. */
import { chmod, copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { findLockedPackage, locatePackage } from './npm-package';

/** As Lambda names them. */
export const ARCHITECTURES = ['arm64', 'x86_64'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

const NPM_NAME: Readonly<Record<Architecture, string>> = { arm64: 'arm64', x86_64: 'x64' };

/** Of each package: what is loaded, what describes it, and its licence. */
const KEPT = /(\.js|\.node|\.so|package\.json|LICENSE[^/]*)$/;

/** Lambda unpacks the layer below /opt and looks for packages in /opt/nodejs/node_modules: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html */
const PACKAGES_DIR = 'nodejs/node_modules';

export interface LayerBuild {
  workspaceRoot: string;
  architecture: Architecture;
  outDir: string;
  /** Where packages that are not installed are kept. @default node_modules/.cache */
  cacheDir?: string;
}

export const layerPackages = (architecture: Architecture) => ['@duckdb/node-api', '@duckdb/node-bindings', `@duckdb/node-bindings-linux-${NPM_NAME[architecture]}`];

/** Writes the layer's folder; what was in it is gone. The same lock file gives the same files. Throws TransientError or PermanentError when npm cannot bring the binaries of another architecture. */
export async function buildDuckDbLayer({ workspaceRoot, architecture, outDir, cacheDir }: LayerBuild): Promise<void> {
  const located = [];
  for (const name of layerPackages(architecture)) located.push({ name, folder: await locatePackage(workspaceRoot, await findLockedPackage(workspaceRoot, name), cacheDir) });
  await rm(outDir, { recursive: true, force: true });
  for (const { name, folder } of located) await copyPackage(folder, path.join(outDir, PACKAGES_DIR, name));
}

async function copyPackage(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)));
  for (const file of files.filter((name) => KEPT.test(name)).sort()) {
    await mkdir(path.dirname(path.join(to, file)), { recursive: true });
    await copyFile(path.join(from, file), path.join(to, file));
    await chmod(path.join(to, file), 0o644);
  }
}
