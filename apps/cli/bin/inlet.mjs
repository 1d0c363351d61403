#!/usr/bin/env node
/**
 * The launcher: puts the pinned Node and a fresh build under the command line, then gets out of the way.
 * Plain JavaScript for Node 20 or newer; nothing here may cost a start more than a few milliseconds.
 */
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isFresh } from './freshness.mjs';

const PINNED_MAJOR = 24;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const distDir = path.join(root, 'dist/apps/cli');

const pinnedNode = findPinnedNode();
if (pinnedNode) await runOn(pinnedNode);
else await runHere();

/** The workspace's own Node, where this one is too old and that one is there. */
function findPinnedNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major >= PINNED_MAJOR) return undefined;
  const candidates = ['node_modules/node/bin/node', 'node_modules/node/bin/node.exe', 'node_modules/.bin/node'].map((file) => path.join(root, file));
  const found = candidates.find((file) => existsSync(file) && realpathSync(file) !== realpathSync(process.execPath));
  if (found === undefined && (major < 22 || (major === 22 && minor < 13))) {
    fail(`inlet needs Node ${PINNED_MAJOR}, and this is ${process.versions.node}. Run \`npm ci\` in ${root}: it installs the right one for inlet alone.`);
  }
  return found;
}

/** Becomes, as nearly as Node can, the same command on another Node: same arguments, same streams, its exit code. */
async function runOn(node) {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`inlet could not start ${node}: ${error.message}. Run \`npm ci\` in ${root}.`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function runHere() {
  if (!isFresh(root, distDir)) await buildOnce();
  // Beside the build, and not in the shared temporary folder, so that only who may change the build may change what runs.
  module.enableCompileCache?.(path.join(root, 'node_modules/.cache/inlet'));
  const { main } = await import(pathToFileURL(path.join(distDir, 'main.mjs')).href);
  await main({ argv: process.argv.slice(2), installRoot: root });
}

async function buildOnce() {
  console.error('Building inlet (once) …');
  try {
    const { buildCli } = await import('../build.mjs');
    await buildCli(root);
  } catch (error) {
    const next = error?.code === 'ERR_MODULE_NOT_FOUND' ? `Run \`npm ci\` in ${root}.` : 'Mend the sources, then try again.';
    fail(`inlet could not be built from ${path.join(root, 'apps/cli/src')}: ${error.message}\n${next}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
