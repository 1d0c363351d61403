/** The assumptions of the cost page: what the default setup does in a month, in figures that a reader can put their own in place of. */
import type { DatasetConfig } from '@inlet/dataset';
import { type BaseUse, type DatasetUse, type FunctionUse, HOURS_PER_MONTH, type RunUse } from './monthly-cost';

/** What differs from dataset to dataset. Sizes are those of the sources in 2026. */
export interface DatasetAssumptions {
  runsPerMonth: number;
  /** Share of the runs that find nothing new. */
  unchangedShare: number;
  /** Of one release as downloaded. */
  releaseBytes: number;
  /** Of one release's bronze, silver and gold as Parquet. */
  tableBytes: number;
  /** Files of one release's tables. */
  tableFiles: number;
}

export const ASSUMPTIONS: Readonly<Record<string, DatasetAssumptions>> = {
  nsde: { runsPerMonth: 30, unchangedShare: 0.3, releaseBytes: 20e6, tableBytes: 40e6, tableFiles: 3 },
  cder: { runsPerMonth: 30, unchangedShare: 0.3, releaseBytes: 40e6, tableBytes: 60e6, tableFiles: 12 },
};

/** For a dataset that nobody has looked at: one release of 50 MB each day. */
const TYPICAL: DatasetAssumptions = { runsPerMonth: 30, unchangedShare: 0.3, releaseBytes: 50e6, tableBytes: 75e6, tableFiles: 10 };

/** Bytes per second, from download to published table, on one processor. */
const FETCH_BYTES_PER_SECOND = 10e6;
const TRANSFORM_BYTES_PER_SECOND = 5e6;
const COLD_START_SECONDS = 1;
/** Of fetch-and-hash and transform, as deployed. */
export const FETCH_MEMORY_MB = 1769;
export const TRANSFORM_MEMORY_MB = 1769;
export const SMALL_MEMORY_MB = 512;
export const SCRATCH_MB = 10_240;
/** States on the way to each ending; entering a state is a transition. */
export const UNCHANGED_TRANSITIONS = 9;
export const PUBLISHED_TRANSITIONS = 15;
const LOG_RETENTION_MONTHS = 1;
/** One in each alarm. */
export const ALARM_METRICS = 6;

export const DEFAULT_BASE_USE: BaseUse = { alertEmails: 60, athenaTbScanned: 0.01, endpointZones: 0, natGateways: 0 };

/** With the private network: six interface endpoints in two zones. */
export const NETWORK_BASE_USE: BaseUse = { ...DEFAULT_BASE_USE, endpointZones: 12 };

export const NAT_BASE_USE: BaseUse = { ...NETWORK_BASE_USE, natGateways: 1 };

export function assumptionsFor(dataset: string): DatasetAssumptions {
  return ASSUMPTIONS[dataset] ?? TYPICAL;
}

export function useOfDataset({ dataset, retention }: Pick<DatasetConfig, 'dataset' | 'retention'>): DatasetUse {
  const assumed = assumptionsFor(dataset);
  const unchangedRuns = Math.round(assumed.runsPerMonth * assumed.unchangedShare);
  const publishedRuns = assumed.runsPerMonth - unchangedRuns;
  return {
    dataset,
    unchanged: { ...unchangedRun(), runs: unchangedRuns },
    published: { ...publishedRun(assumed), runs: publishedRuns },
    measured: { ...measurement(), runs: HOURS_PER_MONTH },
    rawBytesPerDay: (publishedRuns * assumed.releaseBytes) / 30,
    rawDays: retention.raw_days,
    // One more than is kept: the candidate, or what garbage collection has not come to yet.
    tableBytes: (retention.releases + 1) * assumed.tableBytes,
    alarmMetrics: ALARM_METRICS,
    logRetentionMonths: LOG_RETENTION_MONTHS,
    glueDpuHours: 0,
  };
}

/** A conditional request that is answered with 304. */
function unchangedRun(): Omit<RunUse, 'runs'> {
  return {
    transitions: UNCHANGED_TRANSITIONS,
    functions: [fetching(2), ending(2)],
    s3Writes: 2,
    s3Reads: 6,
    ledgerWrites: 8,
    ledgerReads: 12,
    logBytes: 20_000,
  };
}

/** One function that reads the manifest and writes a line. */
function measurement(): Omit<RunUse, 'runs'> {
  return { transitions: 0, functions: [{ ...ending(1), invocations: 1 }], s3Writes: 0, s3Reads: 1, ledgerWrites: 0, ledgerReads: 0, logBytes: 2000 };
}

function publishedRun({ releaseBytes, tableFiles }: DatasetAssumptions): Omit<RunUse, 'runs'> {
  const transform = { name: 'transform', memoryMb: TRANSFORM_MEMORY_MB, storageMb: SCRATCH_MB, invocations: 3, seconds: 3 * COLD_START_SECONDS + releaseBytes / TRANSFORM_BYTES_PER_SECOND };
  const catalog = { name: 'catalog', memoryMb: SMALL_MEMORY_MB, storageMb: 512, invocations: 1, seconds: 2 };
  return {
    transitions: PUBLISHED_TRANSITIONS,
    functions: [fetching(2 + releaseBytes / FETCH_BYTES_PER_SECOND), transform, ending(2), catalog],
    s3Writes: 10 + tableFiles,
    s3Reads: 30 + 3 * tableFiles,
    ledgerWrites: 14,
    ledgerReads: 24,
    logBytes: 60_000,
  };
}

const fetching = (seconds: number): FunctionUse => ({ name: 'fetch-and-hash', memoryMb: FETCH_MEMORY_MB, storageMb: SCRATCH_MB, invocations: 2, seconds });
const ending = (seconds: number): FunctionUse => ({ name: 'update-manifest', memoryMb: SMALL_MEMORY_MB, storageMb: 512, invocations: 2, seconds });
