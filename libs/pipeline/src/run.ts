/** What a run is asked for, what it is given to work with, and what it tells while it works. */
import type { Clock } from '@inlet/time';
import type { ArchiveReader, Catalog, DeadLetters, Engine, Ledger, Notifier, ObjectStore, RunOwner, Secrets, Source } from './ports';

export type EngineChoice = 'auto' | 'duckdb' | 'spark';

export interface RunRequest {
  /** Absolute paths or URLs that replace the dataset's sources for this run. Empty: the configured sources. */
  sources: readonly string[];
  /** Publish even when nothing changed. */
  force: boolean;
  engine: EngineChoice;
  /** The run whose bronze is built again, without a fetch: its id, or `latest` for the newest that can be. */
  replay?: string;
}

/** Everything that a run's states need; the composition root (the CLI, a Lambda) fills it in. */
export interface PipelineDeps {
  store: ObjectStore;
  ledger: Ledger;
  source: Source;
  archives: ArchiveReader;
  /** Loads an engine on first use, so that a run that ends early never starts one. */
  engine: (name: 'duckdb' | 'spark') => Promise<Engine>;
  catalog: Catalog;
  notifier: Notifier;
  deadLetters: DeadLetters;
  clock: Clock;
  /** @default none: a run that needs a secret is refused */
  secrets?: Secrets;
  /** This execution, for the ledger's lease. */
  owner: RunOwner;
  /** A folder of this execution's own, on the lake's file system where the lake is local; removed when the run ends. */
  scratchDir: string;
  observe: RunObserver;
  signal?: AbortSignal;
}

export type RunEvent =
  | { type: 'run-started'; dataset: string; at: Date }
  | { type: 'state-entered'; state: string; at: Date }
  | { type: 'state-exited'; state: string; at: Date; durationMs: number }
  | { type: 'state-failed'; state: string; at: Date; error: { name: string; message: string } }
  /** Of a state under way: bytes of a download or an expansion, rows of a table. */
  | { type: 'progress'; state: string; what: string; bytes?: number; totalBytes?: number; rows?: number };

export type RunObserver = (event: RunEvent) => void;
