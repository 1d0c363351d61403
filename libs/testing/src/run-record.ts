/** Run records for tests that need one and do not care what it says. */
import type { RunRecord } from '@inlet/manifest';
import { buildRunId, UNKNOWN_RELEASE_SHA256 } from '@inlet/time';

/** A failed run of `dataset` that took a second, with whatever is given in its place. */
export function buildRunRecord(dataset: string, startedAt: Date, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    dataset,
    runId: buildRunId(startedAt, UNKNOWN_RELEASE_SHA256),
    outcome: 'failed',
    engine: null,
    startedAt: startedAt.toISOString(),
    endedAt: new Date(startedAt.getTime() + 1000).toISOString(),
    durationMs: 1000,
    release: null,
    tables: [],
    quality: [],
    reason: 'The source did not answer.',
    schemaChanges: [],
    ...changes,
  };
}
