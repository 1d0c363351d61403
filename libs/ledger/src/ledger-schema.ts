/** The tables of the embedded ledger, and how a new file gets them while other processes try the same. */
import type { DatabaseSync } from 'node:sqlite';
import { PermanentError } from '@inlet/errors';

const SCHEMA_VERSION = 1;

/** Times are UTC: `started_at` in whole seconds, the others in milliseconds since 1970. A run without `record` is open. */
const TABLES = `
  CREATE TABLE runs (
    execution_id TEXT PRIMARY KEY,
    dataset TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    run_id TEXT,
    outcome TEXT,
    record TEXT
  ) STRICT;
  CREATE INDEX runs_by_dataset ON runs (dataset, started_at);
  CREATE INDEX runs_by_start ON runs (started_at);
  CREATE INDEX runs_by_run_id ON runs (run_id);
  CREATE INDEX open_runs ON runs (dataset) WHERE record IS NULL;
  CREATE TABLE leases (
    dataset TEXT PRIMARY KEY,
    execution_id TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    since INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Runs on every connection. SQLite answers "busy" when another process is at the same work; running it again is safe. */
export function setUpLedger(database: DatabaseSync, where: string): void {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const version = versionOf(database);
  if (version > SCHEMA_VERSION) {
    throw new PermanentError({
      what: 'The ledger was written by a newer Inlet',
      where,
      expected: `version ${SCHEMA_VERSION} or older`,
      found: `version ${version}`,
      next: 'Use that Inlet, or a newer one.',
    });
  }
  if (version === 0) createTables(database);
}

function createTables(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    if (versionOf(database) === 0) database.exec(TABLES);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
