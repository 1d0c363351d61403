/** Rows of the ledger's tables, checked: the file lies on a user's disk, where anything may have written to it. */
import { PermanentError } from '@inlet/errors';
import { RunRecordSchema, type RunRecord } from '@inlet/manifest';
import type { OpenRun, RunOwner } from '@inlet/pipeline';

type Row = Record<string, unknown>;

export interface Lease {
  owner: RunOwner;
  since: Date;
  expiresAt: Date;
}

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
  try {
    return RunRecordSchema.parse(JSON.parse(String(row['record'])));
  } catch (cause) {
    throw new PermanentError({
      what: `The record of run ${String(row['run_id'])} cannot be read`,
      where,
      expected: 'the record of a run',
      found: cause instanceof Error ? cause.message : String(cause),
      next: "The run's record also lies in manifests/<dataset>/runs/.",
      cause,
    });
  }
}

function parseOwner(row: Row): RunOwner {
  return { executionId: String(row['execution_id']), host: String(row['host']), pid: Number(row['pid']) };
}
