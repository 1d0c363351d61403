/** Rows of the ledger's tables, checked: the file lies on a user's disk, where anything may have written to it. */
import type { RunRecord } from '@inlet/manifest';
import type { OpenRun, RunOwner } from '@inlet/pipeline';
import type { Lease } from './lease';
import { parseRecordText } from './record-body';

type Row = Record<string, unknown>;

/** undefined when there is no row, or no start in it. */
export function parseStart(row: Row | undefined): Date | undefined {
  const seconds = row?.['started_at'];
  return typeof seconds === 'number' ? new Date(seconds * 1000) : undefined;
}

export function parseOpenRun(row: Row): OpenRun {
  const runId = row['run_id'];
  return {
    dataset: String(row['dataset']),
    owner: parseOwner(row),
    startedAt: new Date(Number(row['started_at']) * 1000),
    ...(typeof runId === 'string' && { runId }),
  };
}

export function parseLease(row: Row | undefined): Lease | undefined {
  return row && { owner: parseOwner(row), since: new Date(Number(row['since'])), expiresAt: new Date(Number(row['expires_at'])) };
}

/** Throws PermanentError when the record is not one that this Inlet can read. */
export function parseRecord(row: Row, where: string): RunRecord {
  return parseRecordText(() => String(row['record']), String(row['run_id']), where);
}

function parseOwner(row: Row): RunOwner {
  return { executionId: String(row['execution_id']), host: String(row['host']), pid: Number(row['pid']) };
}
