/** Writes docs/reference/cli.md from the program: the `docs` target. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from './build.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
mkdirSync(path.join(root, 'tmp'), { recursive: true });
const scratch = mkdtempSync(path.join(root, 'tmp/cli-reference-'));
try {
  const outfile = path.join(scratch, 'reference.mjs');
  await build({ ...bundleOptions, entryPoints: [path.join(here, 'src/reference.ts')], outfile });
  const { writeCliReference } = await import(pathToFileURL(outfile).href);
  mkdirSync(path.join(root, 'docs/reference'), { recursive: true });
  writeFileSync(path.join(root, 'docs/reference/cli.md'), writeCliReference());
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
