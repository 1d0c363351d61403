/**
 * Loaded into a measured process before its program (`node --require`): tells at its end what it needed. The same for every contender, so that
 * what it costs cancels out. Asked for through the environment: INLET_BENCH_REPORT is the file to write, INLET_BENCH_ASK what else to look at.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { DuckDBConnection } from '@duckdb/node-api';

export interface ChildReport {
  peakBytes: number;
  cpuMs: number;
  /** Whether the process had loaded DuckDB; asked for with `libraries`. */
  engineLoaded?: boolean;
  /** Every SQL statement with its time, in order; asked for with `statements`, which loads DuckDB early. */
  statements?: { sql: string; ms: number }[];
}

const file = process.env['INLET_BENCH_REPORT'];
const asked = (process.env['INLET_BENCH_ASK'] ?? '').split(',');

if (file !== undefined) {
  const statements = asked.includes('statements') ? timeStatements() : undefined;
  process.on('exit', () => writeFileSync(file, JSON.stringify(describeProcess(statements))));
}

function describeProcess(statements: ChildReport['statements']): ChildReport {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    peakBytes: readPeakOfThisProgram() ?? maxRSS * 1024,
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    ...(asked.includes('libraries') && { engineLoaded: listLibraries().some((library) => /duckdb/i.test(library)) }),
    ...(statements && { statements }),
  };
}

/** On Linux, getrusage's maximum includes what the parent held when it forked; VmHWM does not. */
function readPeakOfThisProgram(): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function listLibraries(): string[] {
  Object.assign(process.report, { excludeNetwork: true });
  return (process.report.getReport() as { sharedObjects?: string[] }).sharedObjects ?? [];
}

function timeStatements(): NonNullable<ChildReport['statements']> {
  const statements: NonNullable<ChildReport['statements']> = [];
  // Loaded here and not on top, so that a process that is not asked for this stays without an engine.
  const { prototype } = (createRequire(__filename)('@duckdb/node-api') as { DuckDBConnection: { prototype: DuckDBConnection } }).DuckDBConnection;
  const run = prototype.run;
  prototype.run = async function timed(this: DuckDBConnection, ...args: Parameters<typeof run>) {
    const startedAt = performance.now();
    try {
      return await run.apply(this, args);
    } finally {
      statements.push({ sql: args[0], ms: performance.now() - startedAt });
    }
  };
  return statements;
}
