/** The lake that a command works on, whichever kind it is: on this machine, or deployed on AWS. Commands know this and nothing more of it. */
import { UsageError } from '@inlet/errors';
import type { RunRecord } from '@inlet/manifest';
import type { DeadLetter, Ledger, ObjectStore, RunObserver } from '@inlet/pipeline';
import type { CliContext, CommonOptions } from './context';
import { createLocalLake } from './local-lake';
import type { RunOptions } from './program';
import type { RowResult } from './render/rows';
import { findPlaces } from './workspace';

export interface Lake {
  /** How people name it: an absolute folder, or `s3://<bucket>`. */
  name: string;
  /** The workspace's datasets. */
  domainsDir: string;
  /** Options that reach this lake again, for commands that a person may paste. */
  options: LakeOptions;
  store: ObjectStore;
  /** How people name what lies under a key or prefix. */
  place(key: string): string;
  withLedger<Result>(work: (ledger: Ledger) => Promise<Result>): Promise<Result>;
  /** Checks what is asked for, before anything begins. Throws UsageError and ConfigError. */
  prepareRun(dataset: string, options: AskedRun): Promise<PreparedRun>;
  /** The oldest dead letter of a dataset; undefined when there is none. */
  openDeadLetter(dataset: string): Promise<OpenedDeadLetter | undefined>;
  /** `quarantineOf`: the id of the run whose quarantine is asked about, in place of what is published. */
  openQuery(options?: { quarantineOf?: string }): Promise<LakeQuery>;
  /** Folders that dead runs worked in, deleted: their names. Nothing on AWS, where each function clears its own away. */
  removeScratch(): Promise<string[]>;
  /** Throws UnknownReleaseError, and what the lake's catalog answers. */
  rollBack(dataset: string, to: string | undefined): Promise<RolledBack>;
}

/** A run as it is asked for. `replay`: the id of the run that is run again from its bronze, or `latest`. */
export type AskedRun = Pick<RunOptions, 'source' | 'sample' | 'force' | 'engine'> & { replay?: string };

export type LakeOptions = Pick<CommonOptions, 'lake' | 'aws' | 'profile' | 'region'>;

export interface PreparedRun {
  /** Said when the first Ctrl-C comes: what it does to the run. */
  interruptNotice: string;
  start(watch: { observe: RunObserver; signal: AbortSignal }): Promise<RunRecord>;
}

export interface OpenedDeadLetter {
  letter: DeadLetter;
  /** The run that the letter asks for; takes the letter out as soon as it can no longer be lost. Throws UsageError where it cannot be run again. */
  prepareRun(): Promise<PreparedRun>;
  /** Takes the letter out without a run. */
  remove(): Promise<void>;
}

export interface LakeQuery {
  /** Throws QueryError. `cost` says what the answer took, where it is paid for. */
  run(sql: string): Promise<RowResult & { cost?: string }>;
  close(): void | Promise<void>;
}

export interface RolledBack {
  from: string;
  to: string;
  /** The catalog's tables that follow; absent where the manifest is the catalog. */
  catalog?: { database: string; tables: string[] };
}

/** Throws UsageError for options that do not go together, and ConfigError where there is no lake to reach. */
export async function openLake(context: CliContext, options: CommonOptions): Promise<Lake> {
  checkLakeOptions(options);
  const places = findPlaces(context, options.lake);
  if (!options.aws) return createLocalLake(context, places, options);
  const { openAwsLake } = await import('./aws-lake');
  return openAwsLake(context, places, options);
}

/** For commands that work on this machine only. */
export function requireLocalLake(command: string, options: CommonOptions): void {
  checkLakeOptions(options);
  if (options.aws) throw new UsageError({ what: `inlet ${command} works on a lake on this machine`, expected: 'no --aws', found: '--aws', next: 'On AWS, lifecycle rules and alarms do this work.' });
}

function checkLakeOptions({ lake, aws, profile, region }: LakeOptions): void {
  if (aws && lake !== undefined) throw new UsageError({ what: '--aws and --lake exclude each other', expected: 'one of them', found: 'both' });
  const stray = profile !== undefined ? '--profile' : region !== undefined ? '--region' : undefined;
  if (!aws && stray !== undefined) throw new UsageError({ what: `${stray} says how to reach AWS`, expected: '--aws beside it', found: `${stray} alone`, next: 'Add --aws, or leave it out.' });
}
