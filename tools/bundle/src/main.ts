/** `bundle domain <folder> <out folder> [--minify]` and `bundle layer <architecture> [<out folder>]`, for Nx targets. Run from the workspace's root. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleDomain } from './bundle-domain';
import { ARCHITECTURES, buildDuckDbLayer } from './duckdb-layer';

const USAGE = `usage: bundle domain <folder of the domain> <folder to write> [--minify]
       bundle layer <${ARCHITECTURES.join('|')}> [<folder to write>]`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { minify: { type: 'boolean', default: false } } });
  const [command, subject = '', outDir] = positionals;
  const workspaceRoot = process.cwd();
  const architecture = ARCHITECTURES.find((name) => name === subject);
  if (command === 'domain' && subject !== '' && outDir !== undefined) {
    await bundleDomain({ workspaceRoot, folder: path.resolve(subject), outDir: path.resolve(outDir), minify: values.minify });
  } else if (command === 'layer' && architecture !== undefined) {
    await buildDuckDbLayer({ workspaceRoot, architecture, outDir: path.resolve(outDir ?? `dist/layers/duckdb-${architecture}`) });
  } else {
    console.error(USAGE);
    process.exitCode = 2;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
