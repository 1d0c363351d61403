/** Which run a replay builds again, and whether what that needs is still there. */
import { UnknownReleaseError, UsageError } from '@inlet/errors';
import { keys, type ReleaseTable, type RunRecord } from '@inlet/manifest';
import { isRunId } from '@inlet/time';
import { KEPT_BRONZE_NAME, readKeptBronze, type KeptBronze } from './kept-bronze';
import { readManifest } from './manifest-store';
import type { ObjectStore } from './ports';
import { LATEST_RUN } from './run-request';
import { readRunRecord } from './run-records';

export interface ReplayedRun {
  record: RunRecord;
  bronze: KeptBronze;
}

const runIdIn = (key: string) => /\/run=([^/]+)\//.exec(key)?.[1];

/** Ids of the runs whose bronze is there and whole, newest first. */
export async function listBronzeRuns(store: ObjectStore, dataset: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(`bronze/${dataset}/`)) {
    const runId = key.endsWith(`/${KEPT_BRONZE_NAME}`) ? runIdIn(key) : undefined;
    if (runId !== undefined) found.push(runId);
  }
  return found.reverse();
}

/** Ids of the runs that wrote the bronze of these tables. */
export function runsWithBronzeOf(tables: readonly Pick<ReleaseTable, 'layer' | 'files'>[]): string[] {
  const files = tables.filter(({ layer }) => layer === 'bronze').flatMap((table) => table.files);
  return [...new Set(files.flatMap(({ key }) => runIdIn(key) ?? []))];
}

/**
 * The run named, or for `latest` the newest run that was published or rejected and has its bronze. Throws UsageError for a run that cannot be
 * replayed, and UnknownReleaseError for one whose bronze is gone.
 */
export function findReplayedRun(store: ObjectStore, { dataset, wanted }: { dataset: string; wanted: string }): Promise<ReplayedRun> {
  return wanted === LATEST_RUN ? findLatest(store, dataset) : findNamed(store, dataset, wanted);
}

async function findLatest(store: ObjectStore, dataset: string): Promise<ReplayedRun> {
  const current = (await readManifest(store, dataset))?.manifest.current?.runId;
  for (const runId of await listBronzeRuns(store, dataset)) {
    const record = await readRunRecord(store, dataset, runId);
    if (record?.outcome !== 'published' && record?.outcome !== 'rejected') continue;
    if (current !== undefined && runId < current) throw nothingToReplay(dataset, `nothing newer than ${runId}, which is older than the current release`, `Name it to go back to it: \`inlet replay ${dataset} --run ${runId}\`.`);
    const bronze = await readKeptBronze(store, { dataset, runId });
    if (bronze !== undefined) return { record, bronze };
  }
  throw nothingToReplay(dataset, 'none', `Fetch it: \`inlet run ${dataset}\`.`);
}

async function findNamed(store: ObjectStore, dataset: string, runId: string): Promise<ReplayedRun> {
  const cannot = `${dataset} cannot be run again from ${runId}`;
  const next = `\`inlet history ${dataset}\` lists its runs.`;
  const expected = `a run of ${dataset} that was published or rejected`;
  const record = isRunId(runId) ? await readRunRecord(store, dataset, runId) : undefined;
  if (record === undefined) throw new UsageError({ what: cannot, where: keys.runRecordKey(dataset, runId), expected, found: 'no such run', next });
  if (record.outcome !== 'published' && record.outcome !== 'rejected') {
    throw new UsageError({ what: cannot, where: keys.runRecordKey(dataset, runId), expected, found: `a run that ended as ${record.outcome}, and kept no bronze`, next });
  }
  const bronze = await readKeptBronze(store, { dataset, runId });
  if (bronze === undefined) throw bronzeIsGone(runId, `${keys.bronzePrefix(dataset, runId)}${KEPT_BRONZE_NAME}`, { expected: 'what that run left beside its bronze', found: 'nothing' });
  return { record, bronze };
}

function nothingToReplay(dataset: string, found: string, next: string): UsageError {
  return new UsageError({ what: `${dataset} has no run to run again`, where: `bronze/${dataset}/`, expected: 'a run that was published or rejected, and its bronze', found, next });
}

/** Throws UnknownReleaseError when a file of the replayed run is gone, or is not what it was. */
export async function requireBronzeFiles(store: ObjectStore, runId: string, tables: readonly Pick<ReleaseTable, 'layer' | 'files'>[]): Promise<void> {
  for (const { key, bytes } of tables.filter(({ layer }) => layer === 'bronze').flatMap(({ files }) => files)) {
    const found = await store.head(key);
    if (found?.sizeBytes !== bytes) throw bronzeIsGone(runId, key, { expected: `${bytes} bytes`, found: found ? `${found.sizeBytes} bytes` : 'nothing' });
  }
}

function bronzeIsGone(runId: string, where: string, parts: { expected: string; found: string }): UnknownReleaseError {
  return new UnknownReleaseError({ what: `The bronze of run ${runId} is not there, or no longer whole`, where, ...parts, next: 'Choose another run with --run, or fetch anew with `inlet run`.' });
}
