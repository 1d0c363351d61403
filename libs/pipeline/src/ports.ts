/** The effects of the pipeline, as small interfaces. Every implementation passes the contract suite of its port in @inlet/testing. */
import type { Readable } from 'node:stream';
import type { Release, RunRecord } from '@inlet/manifest';
import type { BronzePlan, BronzeReport, QualityPlan, QualityReport, SilverPlan, SilverReport } from './plan';
import type { RecoveryPlan, RecoveryReport } from './recovery-plan';

export interface StoredObject {
  key: string;
  sizeBytes: number;
  /** Names this version of the object; only good for conditions, never a hash of the content. */
  etag: string;
  lastModified: Date;
}

/** `ifMatch`: only over that version. `ifAbsent`: only where there is nothing. */
export type WriteCondition = { ifMatch: string } | { ifAbsent: true };

/** The lake's objects. Keys are `/`-separated, relative to the lake's root, and never contain `.` or `..` segments (refused with a RangeError). */
export interface ObjectStore {
  /** undefined when there is no such object. */
  head(key: string): Promise<StoredObject | undefined>;
  /** A small document, whole, with the version it was read at. undefined when there is none. */
  read(key: string): Promise<{ body: Uint8Array; etag: string } | undefined>;
  /** Atomic: readers see the old object or the new. Throws PreconditionFailedError when the condition does not hold. */
  write(key: string, body: string | Uint8Array, condition?: WriteCondition): Promise<{ etag: string }>;
  /** Moves or copies a local file into the store, atomically and durably; the local file may be gone afterwards. Replaces what was there. */
  uploadFile(path: string, key: string): Promise<{ sizeBytes: number }>;
  /** A stream of the object's bytes. Throws PermanentError when there is none. */
  openRead(key: string): Promise<Readable>;
  /** A local path with the object's bytes: the store's own file where it has one, else a download into `scratchDir`. Never to be written to. */
  localPath(key: string, scratchDir: string): Promise<string>;
  /** Every object under a prefix (`a/b/`), in key order. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Deletes objects; those already gone are no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** How people and engines name the object: an absolute path or s3://bucket/key. */
  uri(key: string): string;
}

/** Who holds a lease or began a run: enough to find out whether it still lives. */
export interface RunOwner {
  executionId: string;
  host: string;
  pid: number;
}

/** How long a run may hold its dataset without a sign of life. Every state renews it, and a run on one machine does so while a state lasts. */
export const LEASE_TTL_MS = 30 * 60_000;

/** While a Spark job runs, no state renews the lease: it is held for longer than a job may take. */
export const SPARK_LEASE_TTL_MS = 9 * 60 * 60_000;

/** A run takes its lease as soon as it has begun; an open run without one is dead after this long. */
export const UNLEASED_RUN_MS = 10 * 60_000;

export interface RunStart {
  dataset: string;
  owner: RunOwner;
  /** When the run was asked for; the ledger moves it on to a second that no other run of the dataset has. */
  requestedAt: Date;
}

export interface OpenRun {
  dataset: string;
  owner: RunOwner;
  startedAt: Date;
  /** Known once the release is. */
  runId?: string;
}

/** The record of every run, and the lease that keeps two runs of one dataset apart. */
export interface Ledger {
  /** Opens a run; its start is a whole second, later than that of every other run of the dataset, so that run ids are unique. */
  beginRun(start: RunStart): Promise<{ startedAt: Date }>;
  /** Notes the run's id as soon as it is known, so that its leavings can be found if it dies. */
  nameRun(executionId: string, runId: string): Promise<void>;
  /** Closes the run, and keeps its record. Idempotent: the same record twice is one run; another record for a closed run is ignored. */
  endRun(executionId: string, record: RunRecord): Promise<void>;
  /**
   * Runs begun and not ended, of one dataset or all. `alive` is false when the owner is known to be dead, and also when a run begun more than
   * UNLEASED_RUN_MS ago holds no lease: its process id may have gone to another process, or its host away.
   */
  openRuns(dataset?: string): Promise<(OpenRun & { alive: boolean })[]>;
  /**
   * Takes, or renews, the dataset's lease. Throws AlreadyRunningError when another execution holds it whose owner may still be alive;
   * a dead owner's lease, or one past its time, is taken over.
   */
  acquireLease(dataset: string, owner: RunOwner, ttlMs: number): Promise<void>;
  /** Gives the lease back, if this execution holds it. */
  releaseLease(dataset: string, executionId: string): Promise<void>;
  /** Newest first. */
  listRuns(filter: { dataset?: string; limit?: number }): Promise<RunRecord[]>;
  /** Runs that failed before they knew their release may share an id between datasets; without a dataset, the newest of them is meant. */
  getRun(runId: string, dataset?: string): Promise<RunRecord | undefined>;
  close(): Promise<void>;
}

export interface Validators {
  etag?: string;
  lastModified?: string;
}

export interface FetchFileRequest {
  /** http, https or file URL. May hold a secret: never logged, recorded or put in an error without redactUrl. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Sent as If-None-Match / If-Modified-Since. */
  validators?: Validators;
  maxBytes: number;
  /** Folder for the downloaded file; the source chooses a name in it. */
  scratchDir: string;
  signal?: AbortSignal;
  onProgress?: (progress: { bytes: number; totalBytes?: number }) => void;
}

export type FetchedFile =
  | { status: 'not-modified' }
  | {
      status: 'fetched';
      /** Where the bytes now are: a file of the scratch folder, or (for a file URL) the original, which must not be moved. */
      path: string;
      /** Whether `path` may be moved away. */
      disposable: boolean;
      /** Last path segment of the URL, made safe for a key. */
      fileName: string;
      sha256: string;
      sizeBytes: number;
      etag?: string;
      lastModified?: string;
      /** Response headers worth keeping beside the raw file. */
      headers: Record<string, string>;
    };

/** Where files come from. Retries, resumes and checks lengths itself; throws the named source errors. */
export interface Source {
  fetch(request: FetchFileRequest): Promise<FetchedFile>;
}

/** Archives and their members; a plain file is an archive of one member named like the file. */
export interface ArchiveReader {
  /** Members in archive order, checked against the limits without expanding anything. Throws the named archive errors. */
  listMembers(archive: LocalArchive, limits: ArchiveLimits): Promise<ArchiveMember[]>;
  /**
   * Expands members once each, hashing as they flow; text of another encoding becomes UTF-8 on the way (hashes are of the original bytes).
   * Only members named in `keep` are written to disk; the others are only hashed.
   */
  extract(archive: LocalArchive, request: ExtractRequest): Promise<ExtractedMember[]>;
}

export interface LocalArchive {
  path: string;
  /** Names the archive in errors, and its only member when it is a plain file. */
  fileName: string;
}

export interface ArchiveLimits {
  maxExpandedBytes: number;
  maxExpansionRatio: number;
  maxMembers: number;
}

export interface ArchiveMember {
  name: string;
  sizeBytes: number;
}

export interface ExtractRequest {
  members: readonly string[];
  /** Members to write as files under `targetDir`. */
  keep: readonly string[];
  targetDir: string;
  encoding: string;
  limits: ArchiveLimits;
  signal?: AbortSignal;
  onProgress?: (progress: { bytes: number; totalBytes?: number }) => void;
}

export interface ExtractedMember {
  name: string;
  /** Of the original bytes. */
  sha256: string;
  sizeBytes: number;
  /** Set for kept members: the UTF-8 text on disk. */
  path?: string;
  /** Lines in the file: newline bytes, plus one where the last line lacks its newline. */
  lines: number;
}

/** Runs plans. Makes no decisions. */
export interface Engine {
  readonly name: 'duckdb' | 'spark';
  buildBronze(plan: BronzePlan, context: EngineContext): Promise<BronzeReport>;
  buildSilver(plan: SilverPlan, context: EngineContext): Promise<SilverReport>;
  /** Asks rules of tables. What is known already is not counted again: where that answers every rule, no table is opened. */
  checkTables(plan: QualityPlan, context: EngineContext): Promise<QualityReport>;
  /** Counts, of the rows that stood in quarantine once, those that stand in their table now. */
  countRecovered(plan: RecoveryPlan, context: EngineContext): Promise<RecoveryReport>;
}

/** What a run may know and nothing may show: no plan, report, log, error or statement holds it. */
export interface Secrets {
  /** With what masked values are hashed. Throws ConfigError where there is none. */
  maskSalt(): Promise<string>;
}

export interface EngineContext {
  store: ObjectStore;
  scratchDir: string;
  /** Without them, what needs a secret is refused. */
  secrets?: Secrets;
  signal?: AbortSignal;
  onProgress?: (progress: { table: string; rows?: number }) => void;
}

/** Tells the query engine's catalog what is published. Locally the manifest is the catalog, and nothing needs doing. */
export interface Catalog {
  register(dataset: string, release: Release): Promise<void>;
}

export interface Notifier {
  notify(record: RunRecord): Promise<void>;
}

/** What could not be processed, with the input that caused it: enough to start the run again. */
export interface DeadLetter {
  dataset: string;
  executionId: string;
  /** The execution's input; URLs in it are redacted. */
  input: Record<string, unknown>;
  error: { name: string; message: string };
  /** ISO 8601. */
  at: string;
}

export interface DeadLetters {
  send(letter: DeadLetter): Promise<void>;
}

/** A dead letter as it is taken out again. */
export interface ReceivedDeadLetter {
  letter: DeadLetter;
  /** Takes it out for good. A letter that is not removed stays. */
  remove(): Promise<void>;
}

/** Dead letters that can be read again. */
export interface DeadLetterBox extends DeadLetters {
  /** The oldest letter of a dataset; undefined when there is none. */
  receive(dataset: string): Promise<ReceivedDeadLetter | undefined>;
}
