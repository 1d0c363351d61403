/** Tells whether the built command line is that of the sources beside it, by names, sizes and times alone, so that every start can afford to ask. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Begins the last line of the built entry; the fingerprint of its sources follows. */
export const STAMP_PREFIX = '// sources ';

/** One hash over the name, size and time of every source that the bundle is made of; undefined where there are no sources. */
export function sourcesFingerprint(root) {
  const appSources = path.join(root, 'apps/cli/src');
  if (!existsSync(appSources)) return undefined;
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'tsconfig.base.json', 'apps/cli/build.mjs', 'apps/cli/unreached-imports.mjs']) addFile(hash, path.join(root, file));
  addFolder(hash, appSources);
  const libs = path.join(root, 'libs');
  for (const lib of readdirSync(libs).sort()) addFolder(hash, path.join(libs, lib, 'src'));
  return hash.digest('hex');
}

/** Whether dist/apps/cli was built from these sources. True where there are no sources to differ from. */
export function isFresh(root, distDir) {
  const built = readStamp(path.join(distDir, 'main.mjs'));
  if (built === undefined) return false;
  const fingerprint = sourcesFingerprint(root);
  return fingerprint === undefined || fingerprint === built;
}

/** What the built entry says of its sources; undefined where nothing is built. */
function readStamp(mainFile) {
  try {
    const text = readFileSync(mainFile, 'utf8');
    const at = text.lastIndexOf(STAMP_PREFIX);
    return at === -1 ? '' : text.slice(at + STAMP_PREFIX.length).trim();
  } catch {
    return undefined;
  }
}

function addFolder(hash, dir) {
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) addFolder(hash, file);
    else if (!/\.(spec|test-support)\.ts$/.test(entry.name)) addFile(hash, file);
  }
}

function addFile(hash, file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  hash.update(`${file}\0${stats?.size}\0${stats?.mtimeMs}\n`);
}
