/**
 * A real AWS-speaking server on loopback, for contract tests of AWS adapters: ministack from PyPI, in a virtual environment below the
 * repository's tmp/. Without Python, or without a way to get the package, tests are told why there is none.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempDir } from './temp-dir';

const VERSION = '1.5.33';
const WORKSPACE = path.resolve(__dirname, '../../..');
const VENV = path.join(WORKSPACE, 'tmp', 'venv-ministack');
const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const INSTALL_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 60_000;

export interface MinistackSettings {
  /** More environment of the server. */
  env?: Readonly<Record<string, string>>;
  /** A Python file that starts the server in the place of its own module. */
  launcher?: string;
}

export type Ministack = { available: true; start(settings?: MinistackSettings): Promise<RunningMinistack> } | { available: false; reason: string };

export interface MinistackOptions {
  /** Tried in order. @default the usual names */
  pythons?: readonly string[];
  /** PyPI packages that the server can make use of, such as `duckdb==1.4.2`, with which its Athena answers for real. @default none */
  packages?: readonly string[];
}

export interface RunningMinistack {
  /** `http://127.0.0.1:<port>`; any credentials do. */
  endpoint: string;
  /** Of the server's process. */
  pid: number;
  stop(): Promise<void>;
}

/**
 * Finds or installs the server, synchronously, so that a spec knows at once which tests to define. Where it cannot be had, the reason is for
 * `skipAloud`; once it is installed, whatever it does wrong is a failure.
 */
export function prepareMinistack({ pythons = PYTHONS, packages = [] }: MinistackOptions = {}): Ministack {
  const python = pythons.find(isUsablePython);
  if (python === undefined) return { available: false, reason: 'no Python 3.10 or newer on this machine' };
  const fault = installOnce(python, packages);
  if (fault === undefined) return { available: true, start };
  return { available: false, reason: `no ministack ${VERSION} to be had: ${fault}` };
}

function isUsablePython(command: string): boolean {
  const check = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
  return spawnSync(command, ['-c', check], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

/** Several test files may come here at once: the first one installs, under a lock that dies with its process. */
function installOnce(python: string, packages: readonly string[]): string | undefined {
  const marker = path.join(VENV, `ministack-${VERSION}-installed`);
  const missing = () => packages.filter((name) => !existsSync(packageMarker(name)));
  if (existsSync(marker) && missing().length === 0) return undefined;
  mkdirSync(path.dirname(VENV), { recursive: true });
  const lock = new DatabaseSync(`${VENV}.lock`, { timeout: INSTALL_TIMEOUT_MS });
  lock.exec('BEGIN IMMEDIATE');
  try {
    if (!existsSync(marker)) {
      console.warn(`Installing ministack ${VERSION} into ${path.relative(WORKSPACE, VENV)} (once).`);
      rmSync(VENV, { recursive: true, force: true });
      const fault = run(python, ['-m', 'venv', VENV]) ?? installPackages([`ministack==${VERSION}`]);
      if (fault !== undefined) return fault;
      writeFileSync(marker, '');
    }
    const wanted = missing();
    const fault = wanted.length === 0 ? undefined : installPackages(wanted);
    if (fault === undefined) for (const name of wanted) writeFileSync(packageMarker(name), '');
    return fault;
  } finally {
    lock.exec('ROLLBACK');
    lock.close();
  }
}

const packageMarker = (name: string) => path.join(VENV, `${name.replace(/[^a-z0-9.]+/gi, '-')}-installed`);

function installPackages(packages: readonly string[]): string | undefined {
  return run(binary('python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '15', ...packages]);
}

/** What went wrong, in one line; undefined when nothing did. */
function run(command: string, args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS });
  if (status === 0) return undefined;
  const said = (stderr ?? '').trim().split('\n').at(-1);
  return said || error?.message || `${command} ended with ${status}`;
}

function binary(name: string): string {
  return process.platform === 'win32' ? path.join(VENV, 'Scripts', `${name}.exe`) : path.join(VENV, 'bin', name);
}

async function start({ env = {}, launcher }: MinistackSettings = {}): Promise<RunningMinistack> {
  const port = await findFreePort();
  const scratch = tempDir();
  const server = spawn(binary('python'), launcher === undefined ? ['-m', 'ministack'] : [launcher], {
    cwd: scratch,
    env: {
      PATH: process.env['PATH'],
      HOME: scratch,
      TMPDIR: scratch,
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      S3_DATA_DIR: path.join(scratch, 's3'),
      LOG_LEVEL: 'WARNING',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process group of its own: the functions that it runs are processes, too, and end with it.
    detached: process.platform !== 'win32',
  });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  const stop = () => stopServer(server);
  const endpoint = `http://127.0.0.1:${port}`;
  const stopAtExit = () => killGroup(server);
  process.once('exit', stopAtExit);
  server.once('exit', () => process.removeListener('exit', stopAtExit));
  try {
    await waitUntilReady(endpoint, server);
  } catch (cause) {
    await stop();
    throw new Error(`ministack did not start: ${said.trim() || 'it said nothing'}`, { cause });
  }
  return { endpoint, pid: server.pid ?? 0, stop };
}

async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function waitUntilReady(endpoint: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error('it ended at once');
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`no answer within ${START_TIMEOUT_MS} ms`);
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  killGroup(server);
  await ended;
}

function killGroup(server: ChildProcess): void {
  if (server.pid === undefined || process.platform === 'win32') return void server.kill('SIGKILL');
  try {
    process.kill(-server.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
