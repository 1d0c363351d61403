/** Runs a program and takes its time from before it starts until it has ended, which is what a person waits for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InletError } from '@inlet/errors';
import type { ChildReport } from './child-report';

export class BenchError extends InletError {
  override readonly name = 'BenchError';
}

export interface ProcessRun {
  wallMs: number;
  stdout: string;
  /** Lines of stderr, each with the milliseconds from the start to its arrival. */
  lines: { text: string; atMs: number }[];
  report?: ChildReport;
}

export interface ProcessOptions {
  cwd: string;
  /** Where the process leaves its report; without one it makes none. */
  reportFile?: string;
  /** What the report looks at besides memory and CPU time. */
  ask?: readonly ('libraries' | 'statements')[];
  /** Whether it may build the command line before it runs it. */
  mayBuild?: boolean;
}

const underWay = new Set<ChildProcess>();

/** Ends what is being measured, for a benchmark that ends early. */
export function killMeasured(): void {
  for (const child of underWay) child.kill('SIGKILL');
}

/** This very Node with `args`. Throws BenchError when it does not end with 0, or had to build the command line first. */
export async function runNode(args: readonly string[], options: ProcessOptions): Promise<ProcessRun> {
  const { reportFile } = options;
  const hook = reportFile === undefined ? [] : ['--require', path.join(__dirname, 'child-report.cjs')];
  const { code, ...run } = await time([...hook, ...args], options);
  const stderr = run.lines.map(({ text }) => text).join('\n');
  if (code !== 0) throw new BenchError({ what: 'A measured process failed', where: args.join(' '), expected: 'exit code 0', found: `${code}:\n${run.stdout.slice(-1000)}\n${stderr.slice(-1000)}` });
  if (stderr.includes('Building inlet') && options.mayBuild !== true) {
    throw new BenchError({ what: 'The sources changed while they were measured', expected: 'a command line that is built', found: 'one that built itself', next: 'Run the benchmark again.' });
  }
  return { ...run, ...(reportFile !== undefined && { report: JSON.parse(readFileSync(reportFile, 'utf8')) as ChildReport }) };
}

function time(args: readonly string[], { cwd, reportFile, ask = [] }: ProcessOptions): Promise<ProcessRun & { code: number | null }> {
  const env = cleanEnvironment({ ...(reportFile !== undefined && { INLET_BENCH_REPORT: reportFile, INLET_BENCH_ASK: ask.join(',') }) });
  return new Promise((resolve, reject) => {
    const lines: ProcessRun['lines'] = [];
    let [stdout, rest, wallMs] = ['', '', 0];
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    underWay.add(child);
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const atMs = performance.now() - startedAt;
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.map((part) => ({ text: part, atMs })));
    });
    child.once('error', reject);
    child.once('exit', () => (wallMs = performance.now() - startedAt));
    child.once('close', (code) => {
      underWay.delete(child);
      resolve({ code, wallMs, stdout, lines: rest === '' ? lines : [...lines, { text: rest, atMs: wallMs }] });
    });
  });
}

/** Without what npm, Nx and the person's shell would change in a measured process. */
function cleanEnvironment(added: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NX_|INLET_|NODE_|FORCE_COLOR|NO_COLOR|COLUMNS)/.test(name));
  return { ...Object.fromEntries(kept), ...added };
}
