/** Real processes: the command line itself and scripts bundled beside it, each the head of a process group that can be killed whole. */
import { spawn } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { buildSync } from 'esbuild';

const WORKSPACE = path.resolve(__dirname, '../../../..');
const LAUNCHER = 'apps/cli/bin/inlet.mjs';
const installRoot = tempDir();

export const nsdeFolder = path.join(installRoot, 'domains/nsde');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Of `performance.now()`. */
  endedAtMs: number;
}

export interface StartedProcess {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Sends the signal to the process and all that it has started; those gone already are no error. */
  kill(signal: NodeJS.Signals): void;
  /** Ends the process's input. */
  endInput(): void;
}

const running = new Set<StartedProcess>();

// Whatever a failed test has left behind.
afterAll(async () => {
  const left = [...running];
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(left.map(({ ended }) => ended));
});

function startNode(args: readonly string[]): StartedProcess {
  const child = spawn(process.execPath, args, { detached: true, cwd: installRoot, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(started);
      resolve({ code, signal, ...output, endedAtMs: performance.now() });
    });
  });
  const started: StartedProcess = {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => {
      try {
        process.kill(-(child.pid ?? 0), signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
    endInput: () => void child.stdin.end(),
  };
  running.add(started);
  return started;
}

export const startInlet = (...args: string[]) => startNode([path.join(installRoot, LAUNCHER), ...args]);

export const runInlet = (...args: string[]) => startInlet(...args).ended;

/** What `inlet … --json` printed. Fails, with all that the process said, when that is no JSON. */
export function printedJson<T>({ stdout, stderr, code, signal }: Ended): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`no JSON on stdout (exit ${code ?? signal}): ${stdout}\n${stderr}`);
  }
}

/**
 * Installs the command line, built, and the datasets as they are now in a folder of their own, so that no change of the sources makes a
 * run build or fetch anew while a test counts its milliseconds.
 */
export async function installInlet(): Promise<void> {
  const { code, stderr } = await startNode([path.join(WORKSPACE, LAUNCHER), '--version']).ended;
  if (code !== 0) throw new Error(stderr);
  for (const part of ['apps/cli/bin', 'dist/apps/cli', 'domains']) cpSync(path.join(WORKSPACE, part), path.join(installRoot, part), { recursive: true });
  symlinkSync(path.join(WORKSPACE, 'node_modules'), path.join(installRoot, 'node_modules'));
}

export const startScript = (file: string, ...args: string[]) => startNode([file, ...args]);

/** Bundles a script that uses the engine, whose native parts cannot be bundled and are found through the workspace's node_modules. */
export function bundleEngineScript(entry: string): string {
  const folder = tempDir();
  const outfile = path.join(folder, `${path.basename(entry, '.ts')}.cjs`);
  // The ASL interpreter imports an AWS client and a validator that a local run never reaches; the command line's bundle leaves them out as well.
  const unreached = ['@aws-sdk/client-lambda', '@aws-sdk/credential-providers', 'asl-validator'].map((name) => [name, path.join(WORKSPACE, 'apps/cli/unreached-imports.mjs')]);
  symlinkSync(path.join(WORKSPACE, 'node_modules'), path.join(folder, 'node_modules'));
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    tsconfig: path.join(WORKSPACE, 'tsconfig.base.json'),
    alias: Object.fromEntries(unreached) as Record<string, string>,
    external: ['@duckdb/*'],
    logLevel: 'silent',
  });
  return outfile;
}
