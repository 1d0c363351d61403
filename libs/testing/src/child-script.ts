/** Real processes for tests of what happens between processes: a TypeScript file is bundled once and run by this Node. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { tempDir } from './temp-dir';

const WORKSPACE = path.resolve(__dirname, '../../..');

export interface ChildScript {
  readonly pid: number;
  /** Resolves once the script has printed a line that begins with `text`; rejects when it ends first. */
  printed(text: string): Promise<string>;
  /** Signal or exit code, and everything it printed. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
  kill(signal: NodeJS.Signals): void;
}

/** Bundles `entry` with the workspace's own libraries; returns a file that plain Node runs. */
export function bundleScript(entry: string): string {
  const outfile = path.join(tempDir(), `${path.basename(entry, '.ts')}.cjs`);
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    tsconfig: path.join(WORKSPACE, 'tsconfig.base.json'),
    logLevel: 'silent',
  });
  return outfile;
}

export function startScript(file: string, args: readonly string[]): ChildScript {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Awaited<ChildScript['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const lineWith = (text: string) => stdout.split('\n').slice(0, -1).find((line) => line.startsWith(text));
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = lineWith(text);
          if (line !== undefined) resolve(line);
        };
        child.stdout.on('data', look);
        void ended.then(() => reject(new Error(`the script ended without printing ${text}: ${stdout}${stderr}`)), reject);
        look();
      }),
  };
}
