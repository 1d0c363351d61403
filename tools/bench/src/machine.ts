/** On what the results were found: without it a number says nothing. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export function describeMachine(root: string, at: Date): string[] {
  const { version } = JSON.parse(readFileSync(path.join(root, 'node_modules/@duckdb/node-api/package.json'), 'utf8')) as { version: string };
  const [cpu] = os.cpus();
  return [
    `Date: ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${describeCommit(root)}`,
    `Machine: ${os.availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'}), ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, ${os.type()} ${os.release()} ${os.arch()}`,
    `Versions: Node ${process.versions.node}, @duckdb/node-api ${version}`,
  ];
}

/** The load of the last minute, which tells whether the machine did something else meanwhile. */
export function currentLoad(): number {
  return os.loadavg()[0] ?? NaN;
}

/** `+` marks changes that are in no commit. */
function describeCommit(root: string): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}
