/** An embedded DuckDB that a run owns: bounded in memory, spilling into the run's scratch folder, and without a way out to the network. */
import { availableParallelism } from 'node:os';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResult } from '@duckdb/node-api';
import { InterruptedError } from '@inlet/errors';
import { quoteText } from '@inlet/sql';

export type Row = Record<string, unknown>;

/** What a thread needs to read, sort and compress a part of a large table; with more threads than that, memory runs out before it spills. */
const MEMORY_MB_PER_THREAD = 128;

export interface DatabaseOptions {
  memoryMb?: number;
  /** @default as many as the machine has, and the memory allows */
  threads?: number;
  /** Where data spills to; by default `.tmp` in the current folder. */
  tempDir?: string;
  signal?: AbortSignal;
}

/** How long an aborted statement is left alone before it is interrupted again. */
const INTERRUPT_AGAIN_MS = 20;

/**
 * One connection, a statement at a time: what is asked for meanwhile waits its turn. Close it, or its memory stays.
 * DuckDB frees a closed connection even while its threads still run a statement of it, and they then write into freed memory: the process
 * crashes, or never ends. So no two statements are ever under way, and the connection outlives the one that is.
 */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #signal?: AbortSignal;
  /** Settles, and never rejects, once every statement asked for so far has ended. */
  #lastEnded: Promise<unknown> = Promise.resolve();
  #unended = 0;
  #isClosing = false;
  #isClosed = false;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, signal?: AbortSignal) {
    this.#instance = instance;
    this.#connection = connection;
    this.#signal = signal;
  }

  static async open({ memoryMb, threads = chooseThreads(memoryMb), tempDir, signal }: DatabaseOptions = {}): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // It gives, if rarely, bytes of the file that had the same path before; the system's page cache does as well, and takes no memory of ours.
      enable_external_file_cache: 'false',
      ...(memoryMb && { memory_limit: `${memoryMb}MB` }),
      ...(threads && { threads: String(threads) }),
      ...(tempDir && { temp_directory: tempDir }),
    });
    return new Database(instance, await instance.connect(), signal);
  }

  /** Runs one statement; the number of rows it changed or copied. `values` are those of `$1`, `$2`, …. Throws InterruptedError once the signal is aborted. */
  async run(sql: string, values?: string[]): Promise<number> {
    return this.#inTurn(async () => (await this.#connection.run(sql, values)).rowsChanged);
  }

  /** From here on the connection reads these files (and those of the folder) and nothing else, writes nothing but them, and cannot be talked out of it. */
  async confine(paths: readonly string[], { folder }: { folder?: string } = {}): Promise<void> {
    await this.run(`set allowed_paths = ${fileList(paths)}`);
    if (folder !== undefined) await this.run(`set allowed_directories = ${fileList([folder])}`);
    await this.run('set enable_external_access = false');
    await this.run('set lock_configuration = true');
  }

  /** The rows of a query that has few, with BIGINT and HUGEINT as bigint. */
  async rows<R extends object = Row>(sql: string): Promise<R[]> {
    return this.#inTurn(async () => (await this.#connection.runAndReadAll(sql)).getRowObjectsJS() as R[]);
  }

  /** The only row of a query that has one. */
  async row<R extends object = Row>(sql: string): Promise<R> {
    const [row] = await this.rows<R>(sql);
    if (row === undefined) throw new RangeError(`a query that always has a row had none: ${sql}`);
    return row;
  }

  /** A query whose rows are fetched as they are asked for. Ask for nothing else, and do not close, while a fetch of its rows is under way. */
  async stream(sql: string): Promise<DuckDBResult> {
    return this.#inTurn(() => this.#connection.stream(sql));
  }

  /** At once, or as soon as the statement under way has ended; those that wait for their turn are refused. */
  close(): void {
    this.#isClosing = true;
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    if (!this.#isClosing || this.#isClosed || this.#unended > 0) return;
    this.#isClosed = true;
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#unended += 1;
    const turn = this.#lastEnded.then(() => this.#guard(work));
    const end = () => {
      this.#unended -= 1;
      this.#closeWhenIdle();
    };
    this.#lastEnded = turn.then(end, end);
    return turn;
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosing) throw new RangeError('a statement was asked of a closed database');
    try {
      this.#signal?.throwIfAborted();
      return await this.#interruptibly(work);
    } catch (error) {
      if (this.#signal?.aborted) throw interrupted(this.#signal, error);
      throw error;
    }
  }

  /** DuckDB forgets an interrupt that comes before its thread has begun the statement, and would run that to its end: so it is told until it listens. */
  async #interruptibly<T>(work: () => Promise<T>): Promise<T> {
    let again: NodeJS.Timeout | undefined;
    const interrupt = () => {
      this.#connection.interrupt();
      again = setInterval(() => this.#connection.interrupt(), INTERRUPT_AGAIN_MS);
    };
    this.#signal?.addEventListener('abort', interrupt);
    try {
      return await work();
    } finally {
      this.#signal?.removeEventListener('abort', interrupt);
      clearInterval(again);
    }
  }
}

/** Undefined leaves the choice to DuckDB, which takes all. */
export function chooseThreads(memoryMb: number | undefined, available: number = availableParallelism()): number | undefined {
  return memoryMb === undefined ? undefined : Math.max(1, Math.min(available, Math.floor(memoryMb / MEMORY_MB_PER_THREAD)));
}

/** What DuckDB says. Its errors have no classes, and may come from another realm; their messages begin with their kind. */
export function duckDbMessage(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/**
 * Parquet files as a table. Their paths carry the run and the version, which are no columns of theirs; `options` are read_parquet's own,
 * such as `file_row_number = true`.
 */
export function parquetTable(paths: string | readonly string[], options: string = ''): string {
  const files = typeof paths === 'string' ? quoteText(paths) : fileList(paths);
  return `read_parquet(${files}, hive_partitioning = false${options && `, ${options}`})`;
}

/** A list of files as `read_parquet` takes it. */
export function fileList(paths: readonly string[]): string {
  return `[${paths.map(quoteText).join(', ')}]`;
}

function interrupted(signal: AbortSignal, cause: unknown): Error {
  if (signal.reason instanceof InterruptedError) return signal.reason;
  return new InterruptedError({ what: 'The run was interrupted', next: 'Run it again; nothing was published.', cause });
}
