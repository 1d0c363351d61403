/** The ledger of a lake on one machine: an embedded database that any number of processes use at once. */
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { PermanentError } from '@inlet/errors';
import { isProcessAlive, SqliteFile } from '@inlet/local-io';
import type { RunRecord } from '@inlet/manifest';
import { UNLEASED_RUN_MS, type Ledger, type OpenRun, type RunOwner, type RunStart } from '@inlet/pipeline';
import { addSeconds, systemClock, type Clock } from '@inlet/time';
import { describeHolder } from './lease';
import { parseLease, parseOpenRun, parseRecord, parseStart } from './ledger-rows';
import { setUpLedger } from './ledger-schema';

export interface SqliteLedgerOptions {
  /** The database file; it and its folder are made by the first write. */
  path: string;
  /** Whether an owner may still be alive. @default isProcessAlive, which knows this machine's processes only */
  isAlive?: (owner: RunOwner) => boolean;
  /** @default systemClock */
  clock?: Clock;
  /** Longest wait for other processes. @default 30000 */
  waitMs?: number;
}

/** Opens nothing until it is used. Throws PermanentError, naming the file, when the database is damaged or of a newer Inlet. */
export function createSqliteLedger(options: SqliteLedgerOptions): Ledger {
  return new SqliteLedger(options);
}

class SqliteLedger implements Ledger {
  readonly #file: SqliteFile;
  readonly #isAlive: (owner: RunOwner) => boolean;
  readonly #clock: Clock;
  readonly #where: string;

  constructor({ path: file, isAlive = isProcessAlive, clock = systemClock, waitMs }: SqliteLedgerOptions) {
    this.#where = path.resolve(file);
    this.#isAlive = isAlive;
    this.#clock = clock;
    this.#file = new SqliteFile({
      path: this.#where,
      waitMs,
      setUp: (database) => setUpLedger(database, this.#where),
      repair: `Move it away: mv '${this.#where}' '${this.#where}.damaged'. A new one is begun, and each run's record also lies in manifests/<dataset>/runs/.`,
    });
  }

  beginRun({ dataset, owner, requestedAt }: RunStart): Promise<{ startedAt: Date }> {
    return this.#file.transact((database) => {
      const known = database.prepare('SELECT started_at FROM runs WHERE execution_id = ?').get(owner.executionId);
      const startedAt = parseStart(known) ?? chooseStart(database, dataset, requestedAt);
      database
        .prepare(
          `INSERT INTO runs (execution_id, dataset, host, pid, started_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (execution_id) DO UPDATE SET host = excluded.host, pid = excluded.pid`,
        )
        .run(owner.executionId, dataset, owner.host, owner.pid, toSeconds(startedAt));
      return { startedAt };
    });
  }

  async nameRun(executionId: string, runId: string): Promise<void> {
    await this.#file.transact((database) => {
      const { changes } = database.prepare('UPDATE runs SET run_id = ? WHERE execution_id = ?').run(runId, executionId);
      if (changes === 1) return;
      throw new PermanentError({ what: 'The ledger has no such execution', where: executionId, expected: `a run begun in ${this.#where}`, found: 'none' });
    });
  }

  async endRun(executionId: string, record: RunRecord): Promise<void> {
    await this.#file.transact((database) => {
      database
        .prepare(
          `INSERT INTO runs (execution_id, dataset, host, pid, started_at, run_id, outcome, record) VALUES (?, ?, '', 0, ?, ?, ?, ?)
           ON CONFLICT (execution_id) DO UPDATE SET run_id = excluded.run_id, outcome = excluded.outcome, record = excluded.record
           WHERE record IS NULL`,
        )
        .run(executionId, record.dataset, toSeconds(new Date(record.startedAt)), record.runId, record.outcome, JSON.stringify(record));
    });
  }

  async openRuns(dataset?: string): Promise<(OpenRun & { alive: boolean })[]> {
    const rows = await this.#file.read((database) =>
      database
        .prepare(
          `SELECT execution_id, dataset, host, pid, started_at, run_id,
             (SELECT expires_at FROM leases WHERE leases.execution_id = runs.execution_id) AS lease_expires_at
           FROM runs WHERE record IS NULL AND (dataset = ?1 OR ?1 IS NULL) ORDER BY started_at, rowid`,
        )
        .all(dataset ?? null),
    );
    const now = this.#clock.now().getTime();
    return (rows ?? []).map((row) => {
      const run = parseOpenRun(row);
      const isHeld = Number(row['lease_expires_at'] ?? 0) > now || now - run.startedAt.getTime() < UNLEASED_RUN_MS;
      return { ...run, alive: isHeld && this.#isAlive(run.owner) };
    });
  }

  async acquireLease(dataset: string, owner: RunOwner, ttlMs: number): Promise<void> {
    await this.#file.transact((database) => {
      const now = this.#clock.now();
      const held = parseLease(database.prepare('SELECT execution_id, host, pid, since, expires_at FROM leases WHERE dataset = ?').get(dataset));
      const isOwn = held?.owner.executionId === owner.executionId;
      if (held !== undefined && !isOwn && held.expiresAt > now && this.#isAlive(held.owner)) throw describeHolder(dataset, held, 'end that process');
      const since = isOwn ? held.since : now;
      database
        .prepare('INSERT OR REPLACE INTO leases (dataset, execution_id, host, pid, since, expires_at) VALUES (?, ?, ?, ?, ?, ?)')
        .run(dataset, owner.executionId, owner.host, owner.pid, since.getTime(), now.getTime() + ttlMs);
    });
  }

  async releaseLease(dataset: string, executionId: string): Promise<void> {
    await this.#file.transact((database) => {
      database.prepare('DELETE FROM leases WHERE dataset = ? AND execution_id = ?').run(dataset, executionId);
    });
  }

  async listRuns({ dataset, limit }: { dataset?: string; limit?: number }): Promise<RunRecord[]> {
    const rows = await this.#file.read((database) =>
      database
        .prepare(
          `SELECT run_id, record FROM runs
           WHERE record IS NOT NULL AND (dataset = ?1 OR ?1 IS NULL) ORDER BY started_at DESC, rowid DESC LIMIT ?2`,
        )
        .all(dataset ?? null, limit ?? -1),
    );
    return (rows ?? []).map((row) => parseRecord(row, this.#where));
  }

  async getRun(runId: string, dataset?: string): Promise<RunRecord | undefined> {
    const row = await this.#file.read((database) =>
      database.prepare('SELECT run_id, record FROM runs WHERE run_id = ? AND dataset = coalesce(?, dataset) AND record IS NOT NULL ORDER BY rowid DESC').get(runId, dataset ?? null),
    );
    return row && parseRecord(row, this.#where);
  }

  async close(): Promise<void> {
    this.#file.close();
  }
}

function chooseStart(database: DatabaseSync, dataset: string, requestedAt: Date): Date {
  const requested = new Date(toSeconds(requestedAt) * 1000);
  const last = parseStart(database.prepare('SELECT max(started_at) AS started_at FROM runs WHERE dataset = ?').get(dataset));
  return last !== undefined && last >= requested ? addSeconds(last, 1) : requested;
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
