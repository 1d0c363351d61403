/**
 * A workspace beside the real one in which templates can be made without building anything: the same sources, and stand-ins where the functions'
 * bundles and the layers would be. Templates then depend on sources alone, and a source can be changed in it without touching the real one.
 */
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PIPELINE_FUNCTIONS } from '@inlet/deployment';

/** Read through a link: nobody writes to them. */
const LINKED = ['node_modules', 'libs'];
const COPIED = ['nx.json', 'package.json', 'tsconfig.base.json', 'environments.json'];
const APPS = ['apps/lake'];
const ARCHITECTURES = ['arm64', 'x86_64'];

/** Makes it in an empty folder. */
export function makeStandInWorkspace(workspaceRoot: string, target: string): void {
  for (const name of LINKED) symlinkSync(path.join(workspaceRoot, name), path.join(target, name), 'dir');
  for (const name of COPIED) cpSync(path.join(workspaceRoot, name), path.join(target, name));
  for (const folder of listStackFolders(workspaceRoot)) cpSync(path.join(workspaceRoot, folder), path.join(target, folder), { recursive: true, filter: (source) => !/[\\/](samples|node_modules|\.inlet)$/.test(source) });
  for (const folder of listStackFolders(target)) {
    for (const kind of [...PIPELINE_FUNCTIONS, 'trigger']) writeStandIn(path.join(target, 'dist/functions', path.basename(folder), kind, 'index.js'));
  }
  for (const architecture of ARCHITECTURES) writeStandIn(path.join(target, 'dist/layers', `duckdb-${architecture}`, 'nodejs/stand-in.js'));
}

/** The folders that have a CDK app: the base stack's first, then each dataset's. */
export function listStackFolders(workspaceRoot: string): string[] {
  const domains = readdirSync(path.join(workspaceRoot, 'domains'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(path.join(workspaceRoot, 'domains', entry.name, 'src')).includes('main.ts'))
    .map(({ name }) => `domains/${name}`);
  return [...APPS, ...domains.sort()];
}

function writeStandIn(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '// Stands in for a bundle.\n');
}
