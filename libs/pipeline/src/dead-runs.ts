/** Runs whose process died: closed as failed, or as published where the manifest shows that they got that far. */
import { keys, type Manifest, type Release, type RunRecord } from '@inlet/manifest';
import { buildRunId, formatVersion, UNKNOWN_RELEASE_SHA256, type Clock } from '@inlet/time';
import { readManifest } from './manifest-store';
import { runsWithBronzeOf } from './replayed-run';
import { keepRecord, readRunRecord } from './run-records';
import type { Ledger, ObjectStore, OpenRun } from './ports';

interface SweepDeps {
  store: ObjectStore;
  ledger: Ledger;
  clock: Clock;
}

/**
 * Called as a run begins. A dead run leaves a record, and nothing else behind. Returns the run ids that were closed.
 */
export async function sweepDeadRuns(deps: SweepDeps, dataset: string): Promise<string[]> {
  const dead = (await deps.ledger.openRuns(dataset)).filter(({ alive }) => !alive);
  if (dead.length === 0) return [];
  const manifest = (await readManifest(deps.store, dataset))?.manifest;
  const closed: string[] = [];
  for (const run of dead) closed.push(await closeDeadRun(deps, run, manifest));
  return closed;
}

/** Everything that a run wrote under its own id. */
export async function deleteRunFiles(store: ObjectStore, dataset: string, run: { version: string; runId: string }): Promise<void> {
  const found: string[] = [];
  for (const prefix of keys.runPrefixes(dataset, run.version, run.runId)) for await (const { key } of store.list(prefix)) found.push(key);
  await store.delete(found);
}

async function closeDeadRun(deps: SweepDeps, run: OpenRun, manifest: Manifest | undefined): Promise<string> {
  const runId = run.runId ?? buildRunId(run.startedAt, UNKNOWN_RELEASE_SHA256);
  const release = manifest?.releases.find((candidate) => candidate.runId === runId);
  // The record may have been written just before the process died; then it stands.
  const record = (await readRunRecord(deps.store, run.dataset, runId)) ?? describeDeadRun(run, runId, release, deps.clock.now());
  // Whatever a record says: what the manifest names is never deleted.
  if ((record.outcome === 'failed' || record.outcome === 'unchanged') && !isReleased(manifest, runId)) await deleteRunFiles(deps.store, run.dataset, { version: formatVersion(run.startedAt), runId });
  await keepRecord(deps.store, record);
  await deps.ledger.endRun(run.owner.executionId, record);
  return runId;
}

/** Whether a release is this run's, or was replayed from its bronze. */
function isReleased(manifest: Manifest | undefined, runId: string): boolean {
  return (manifest?.releases ?? []).some((release) => release.runId === runId || runsWithBronzeOf(release.tables).includes(runId));
}

function describeDeadRun(run: OpenRun, runId: string, release: Release | undefined, endedAt: Date): RunRecord {
  const common = {
    dataset: run.dataset,
    runId,
    startedAt: run.startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    durationMs: Math.max(0, endedAt.getTime() - run.startedAt.getTime()),
    quality: [],
    schemaChanges: release?.schemaChanges ?? [],
  };
  if (release) {
    const { sha256, bytes, sources, tables } = release;
    return {
      ...common,
      outcome: 'published',
      engine: null,
      release: { sha256, bytes, sources: sources.map(({ name, url, sha256: hash, bytes: size }) => ({ name, url, sha256: hash, bytes: size })) },
      tables: tables.filter(({ layer }) => layer !== 'quarantine').map(({ name, layer, rows, quarantined, superseded }) => ({ name, layer, rows, quarantined, superseded })),
      reason: 'The process ended after the release was published and before the run was recorded.',
    };
  }
  const message = `The process ${run.owner.pid} on ${run.owner.host} ended before the run did.`;
  return { ...common, outcome: 'failed', engine: null, release: null, tables: [], reason: message, error: { name: 'ProcessDiedError', message } };
}
