/**
 * Runs one of the workspace's tools on the pinned Node, after installing whatever is missing.
 * Plain JavaScript for Node 20 or newer, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const bin = path.join(root, 'node_modules/.bin');
const [tool, ...args] = process.argv.slice(2);

function run(command, commandArgs) {
  const { status, error } = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, NX_DAEMON: 'false' },
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  return status ?? 1;
}

/** npm notes what it installed in node_modules/.package-lock.json; older than the lock file means stale. What a link leads to is another checkout's to keep. */
function isInstalled() {
  if (lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return true;
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  return statSync(installed).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs;
}

function addUpTestResults() {
  const dir = path.join(root, 'test-results');
  const totals = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  for (const file of existsSync(dir) ? readdirSync(dir) : []) {
    const { passed, failed, skipped, failures, skips = [] } = JSON.parse(readFileSync(path.join(dir, file), 'utf8'));
    totals.passed += passed;
    totals.failed += failed;
    totals.skipped += skipped;
    totals.failures.push(...failures);
    totals.skips.push(...skips);
  }
  return totals;
}

/** Every project's tests, then their totals. */
function runTests() {
  rmSync(path.join(root, 'test-results'), { recursive: true, force: true });
  const status = run('nx', ['run-many', '-t', 'test', '--outputStyle=static', ...args]);
  return printTotals(status) === 0 ? 1 : status;
}

/** What failed, what this machine could not test, and the line that adds up every project's tests so far; gives the number that passed. */
function printTotals(status) {
  const { passed, failed, skipped, failures, skips } = addUpTestResults();
  for (const { file, title, message } of failures) console.log(`\nFAILED ${file}: ${title}\n${message}`);
  if (skips.length > 0) console.log(`\n${skips.map((skip) => `SKIPPED: ${skip}`).join('\n')}`);
  const skippedPart = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(`\n${passed} passed, ${Math.max(failed, status === 0 ? 0 : 1)} failed${skippedPart}`);
  return passed;
}

if (!isInstalled()) {
  console.error('Installing what is missing (npm ci) …');
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) process.exit(status);
}
if (tool === 'test-totals') {
  printTotals(Number(args[0] ?? 0));
  process.exit(0);
}
process.exit(tool === 'nx-tests' ? runTests() : run(tool, args));
