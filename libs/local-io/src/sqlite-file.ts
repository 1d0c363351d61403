/** An embedded database file whose write transaction is a lock between processes: the operating system frees it when its holder dies. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type * as SqliteModule from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentError, TransientError } from '@inlet/errors';
import { describeStorageError, isAbsent, messageOf } from './storage-error';

type Sqlite = typeof SqliteModule;

export interface SqliteFileOptions {
  path: string;
  /** Runs on every new connection; may find the database busy, and is then run again. */
  setUp?: (database: DatabaseSync) => void;
  /** Longest wait for another process. @default 30000 */
  waitMs?: number;
  /** Added to the error of a damaged file. */
  repair?: string;
}

/** Opens on first use. Transactions are synchronous, so those of one process never interleave, and those of several exclude each other. */
export class SqliteFile {
  readonly #options: SqliteFileOptions;
  #database: DatabaseSync | undefined;
  #inode: bigint | undefined;

  constructor(options: SqliteFileOptions) {
    this.#options = options;
  }

  /** Reads, without creating the file: undefined where there is none. */
  async read<T>(work: (database: DatabaseSync) => T): Promise<T | undefined> {
    if (inodeOf(this.#options.path) === undefined) return undefined;
    const sqlite = await loadSqlite();
    return this.#untilFree(() => ({ result: work(this.#connect(sqlite)) }));
  }

  /**
   * Runs `work` in a transaction that no other of this file overlaps; it is undone when `work` throws. `work` touches nothing but the
   * database, and may be run again. Throws TransientError after `waitMs`.
   */
  async transact<T>(work: (database: DatabaseSync) => T): Promise<T> {
    const sqlite = await loadSqlite();
    return this.#untilFree(() => {
      const database = this.#connect(sqlite);
      database.exec('BEGIN IMMEDIATE');
      return { result: runToEnd(database, 'COMMIT', () => work(database)) };
    });
  }

  /** Runs `work` once, on anything but the database, while no other transaction of this file runs. Throws TransientError after `waitMs`. */
  async exclusively<T>(work: () => T): Promise<T> {
    const sqlite = await loadSqlite();
    return this.#untilFree(() => {
      const database = this.#connect(sqlite);
      database.exec('BEGIN IMMEDIATE');
      return { result: runToEnd(database, 'ROLLBACK', work) };
    });
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  /** The connection, made anew when someone has deleted or replaced the file: a lock on a file without a name excludes nobody. */
  #connect(sqlite: Sqlite): DatabaseSync {
    const file = this.#options.path;
    if (this.#database !== undefined && inodeOf(file) === this.#inode) return this.#database;
    this.close();
    makeFolder(path.dirname(file));
    const database = new sqlite.DatabaseSync(file, { timeout: 0 });
    try {
      this.#options.setUp?.(database);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#inode = inodeOf(file);
    this.#database = database;
    return database;
  }

  async #untilFree<T>(attempt: () => { result: T }): Promise<T> {
    const { path: file, waitMs = 30_000 } = this.#options;
    const deadline = performance.now() + waitMs;
    for (;;) {
      try {
        return attempt().result;
      } catch (error) {
        if (!isBusy(error)) throw this.#describe(error);
        if (performance.now() >= deadline) throw describeBusy(file, waitMs, error);
      }
      await sleep(1 + Math.random() * 9);
    }
  }

  #describe(error: unknown): unknown {
    const code = sqliteCode(error);
    if (code === undefined) return error;
    const { path: file, repair } = this.#options;
    const found = messageOf(error);
    if (DAMAGED.has(code)) {
      return new PermanentError({ what: 'The database file is damaged', where: file, expected: 'an SQLite database', found, next: repair, cause: error });
    }
    return new PermanentError({ what: 'The database file cannot be used', where: file, found, next: NEXT_STEPS[code], cause: error });
  }
}

/** Result codes: https://www.sqlite.org/rescode.html */
const BUSY = new Set([5, 6]);
const DAMAGED = new Set([11, 26]);
const FREE_SPACE = 'Free some disk space, then run it again.';
const GIVE_ACCESS = 'Give this user the right to read and write the file and its folder, then run it again.';
const NEXT_STEPS: Record<number, string> = { 3: GIVE_ACCESS, 8: GIVE_ACCESS, 10: FREE_SPACE, 13: FREE_SPACE, 14: GIVE_ACCESS };

function runToEnd<T>(database: DatabaseSync, end: 'COMMIT' | 'ROLLBACK', work: () => T): T {
  try {
    const result = work();
    database.exec(end);
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

async function loadSqlite(): Promise<Sqlite> {
  try {
    return await import('node:sqlite');
  } catch (error) {
    throw new PermanentError({
      what: 'This Node has no embedded database',
      expected: 'Node 24, which npm ci installs into node_modules/.bin',
      found: `Node ${process.versions.node}`,
      next: 'Run it with npx inlet.',
      cause: error,
    });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw describeStorageError(error, 'The folder cannot be made', folder);
  }
}

function inodeOf(file: string): bigint | undefined {
  try {
    return statSync(file, { bigint: true }).ino;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw describeStorageError(error, 'The database file cannot be looked at', file);
  }
}

function describeBusy(file: string, waitMs: number, cause: unknown): TransientError {
  return new TransientError({
    what: 'Another process keeps the lake locked',
    where: file,
    expected: `the lock within ${waitMs} ms`,
    found: 'it still taken',
    next: 'See whether a stopped inlet process holds it, then run it again.',
    cause,
  });
}

function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && BUSY.has(code);
}
