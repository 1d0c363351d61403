/** Commands as a person runs them, with a bound on how long they may take, and what they printed. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export const WORKSPACE = path.resolve(__dirname, '../../..');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const LONGEST_MS = 300_000;

/** Ends however the command does. */
export function execute(command: string, args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: WORKSPACE, env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST_MS, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Ends well, or throws what the command said. */
export async function must(command: string, args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Ended> {
  const ended = await execute(command, args, env);
  if (ended.code === 0) return ended;
  throw new Error(`${command} ${args.join(' ')} ended with ${ended.code}:\n${ended.stdout.slice(-3000)}\n${ended.stderr.slice(-3000)}`);
}
