/**
 * Bundles the command line into dist/apps/cli: for the Nx `build` target, npm's `prepare`, and the launcher's first use.
 * Plain JavaScript for Node 20 or newer, because it runs before anything is built.
 */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { STAMP_PREFIX, sourcesFingerprint } from './bin/freshness.mjs';

const workspaceRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Chunks of an earlier build stay this long, because a process that runs from that build may still load them. */
const KEEP_OLD_CHUNKS_MS = 24 * 3600 * 1000;

/**
 * The library of ledgers has one for AWS as well, and bundling splits no index file: whoever loads it loads both, with the AWS client. A run on
 * this machine gets past the index to its own.
 */
const embeddedLedgerAlone = {
  name: 'embedded-ledger-alone',
  setup(build) {
    build.onResolve({ filter: /^@inlet\/ledger$/ }, ({ importer, resolveDir, kind }) =>
      path.basename(importer) === 'sqlite-ledger.ts' ? build.resolve('../../../libs/ledger/src/sqlite-ledger', { importer, resolveDir, kind }) : undefined,
    );
  },
};

/** What every bundle of this workspace's TypeScript for Node shares. */
export const bundleOptions = {
  absWorkingDir: workspaceRoot,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  tsconfig: path.join(workspaceRoot, 'tsconfig.base.json'),
  alias: Object.fromEntries(['@aws-sdk/client-lambda', '@aws-sdk/credential-providers', 'asl-validator'].map((name) => [name, path.join(workspaceRoot, 'apps/cli/unreached-imports.mjs')])),
  external: ['@duckdb/node-api', '@duckdb/node-bindings*'],
  minifyWhitespace: true,
  keepNames: true,
  plugins: [embeddedLedgerAlone],
  logLevel: 'silent',
  outExtension: { '.js': '.mjs' },
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
};

/**
 * Builds into a folder of its own, then renames file by file, the entry last: a reader sees the old build or the new one, and two builders
 * at once do each other no harm, because chunks are named by their content.
 */
export async function buildCli(root = workspaceRoot) {
  const { build } = await import('esbuild');
  const fingerprint = sourcesFingerprint(root);
  const outDir = path.join(root, 'dist/apps/cli');
  mkdirSync(outDir, { recursive: true });
  const buildDir = mkdtempSync(path.join(outDir, '.build-'));
  try {
    await build({
      ...bundleOptions,
      entryPoints: { main: path.join(root, 'apps/cli/src/main.ts') },
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      outdir: buildDir,
    });
    mkdirSync(path.join(outDir, 'chunks'), { recursive: true });
    const chunks = readdirSync(path.join(buildDir, 'chunks'));
    for (const chunk of chunks) renameSync(path.join(buildDir, 'chunks', chunk), path.join(outDir, 'chunks', chunk));
    // The entry names the sources it was made of: one file, so that entry and stamp can never disagree.
    appendFileSync(path.join(buildDir, 'main.mjs'), `${STAMP_PREFIX}${fingerprint}\n`);
    renameSync(path.join(buildDir, 'main.mjs'), path.join(outDir, 'main.mjs'));
    deleteOldFiles(path.join(outDir, 'chunks'), new Set(chunks));
    deleteOldFiles(outDir, new Set(['main.mjs', 'chunks']));
  } finally {
    rmSync(buildDir, { recursive: true, force: true });
  }
}

function deleteOldFiles(dir, current) {
  for (const name of readdirSync(dir)) {
    const file = path.join(dir, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!current.has(name) && stats && Date.now() - stats.mtimeMs > KEEP_OLD_CHUNKS_MS) rmSync(file, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildCli();
}
