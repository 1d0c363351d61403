/** Deletes what no release needs any more: candidates of runs that died, failed or were rejected, and releases past their retention. */
import type { DatasetConfig } from '@inlet/dataset';
import type { Clock } from '@inlet/time';
import { readKeptBronze } from './kept-bronze';
import { readManifest } from './manifest-store';
import { listBronzeRuns, runsWithBronzeOf } from './replayed-run';
import { readRunRecord } from './run-records';
import type { Ledger, ObjectStore, StoredObject } from './ports';

const DAY_MS = 86_400_000;
/** Files younger than this may belong to a run, or to a question, that is still under way. */
const GRACE_MS = 60 * 60_000;

export interface GarbageDeps {
  store: ObjectStore;
  ledger: Ledger;
  clock: Clock;
}

export interface GarbageReport {
  deletedKeys: string[];
  bytes: number;
  keptReleases: string[];
}

/**
 * Keeps every release that the manifest names, wherever its bronze lies, all of a run that is open and alive, raw files for `raw_days`, the
 * quarantine of rejected runs and the bronze of the last of them for `quarantine_days`, and manifests and run records for ever. `graceMs` is
 * there for tests.
 */
export async function collectGarbage(deps: GarbageDeps, config: DatasetConfig, options: { dryRun: boolean; graceMs?: number }): Promise<GarbageReport> {
  const listed: Listed[] = [];
  for (const layer of ['bronze', 'silver', 'gold', 'quarantine', 'raw'] as const) {
    for await (const object of deps.store.list(`${layer}/${config.dataset}/`)) listed.push({ ...object, layer });
  }
  // In this order: a run that has ended by now is in the manifest that is read next, if it published; one that begins later finds what is left.
  const openRuns = await deps.ledger.openRuns(config.dataset);
  const manifest = (await readManifest(deps.store, config.dataset))?.manifest;
  const now = deps.clock.now().getTime();
  const graceMs = options.graceMs ?? GRACE_MS;
  // Whoever asked just before a release was superseded may be reading it still.
  const lately = (manifest?.events ?? []).filter(({ at }) => now - Date.parse(at) < graceMs).flatMap(({ previousRunId }) => previousRunId ?? []);
  const releases = [...(manifest?.releases ?? []), ...(manifest?.current ? [manifest.current] : [])];
  const kept: Kept = {
    runIds: new Set([...releases.map(({ runId }) => runId), ...lately]),
    bronzeRunIds: new Set([...releases.flatMap(({ tables }) => runsWithBronzeOf(tables)), ...(await findBronzeRuns(deps.store, config.dataset, lately))]),
    rejectedRunIds: await findLastRejected(deps.store, config.dataset),
    openRunIds: new Set(openRuns.flatMap(({ alive, runId }) => (alive && runId ? [runId] : []))),
    rawKeys: new Set([...(manifest?.observed?.sources ?? []), ...(manifest?.releases ?? []).flatMap(({ sources }) => sources)].map(({ rawKey }) => rawKey)),
    now,
    graceMs,
    // A run that is open may be reading an old raw file, which its source offers again, or the bronze of a run that it replays.
    isQuiet: openRuns.every(({ alive }) => !alive),
  };
  const garbage = listed.filter((object) => isGarbage(object, config, kept));
  if (!options.dryRun) await deps.store.delete(garbage.map(({ key }) => key));
  return {
    deletedKeys: garbage.map(({ key }) => key),
    bytes: garbage.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    keptReleases: [...kept.runIds],
  };
}

interface Listed extends StoredObject {
  layer: 'bronze' | 'silver' | 'gold' | 'quarantine' | 'raw';
}

interface Kept {
  runIds: ReadonlySet<string>;
  /** Runs in whose bronze a release has its own: those that releases were replayed from. */
  bronzeRunIds: ReadonlySet<string>;
  /** The run that was rejected last, and the one whose bronze it used. */
  rejectedRunIds: ReadonlySet<string>;
  openRunIds: ReadonlySet<string>;
  rawKeys: ReadonlySet<string>;
  now: number;
  graceMs: number;
  isQuiet: boolean;
}

/** What `inlet replay` will be asked for once the rule or the model is mended. */
async function findLastRejected(store: ObjectStore, dataset: string): Promise<Set<string>> {
  for (const runId of await listBronzeRuns(store, dataset)) {
    if ((await readRunRecord(store, dataset, runId))?.outcome !== 'rejected') continue;
    return new Set([runId, ...(await findBronzeRuns(store, dataset, [runId]))]);
  }
  return new Set();
}

/** The runs that wrote the bronze which these runs used. */
async function findBronzeRuns(store: ObjectStore, dataset: string, runIds: readonly string[]): Promise<string[]> {
  const found = await Promise.all(runIds.map((runId) => readKeptBronze(store, { dataset, runId })));
  return found.flatMap((bronze) => runsWithBronzeOf(bronze?.tables ?? []));
}

function isGarbage(object: Listed, config: DatasetConfig, kept: Kept): boolean {
  const { layer } = object;
  const ageMs = kept.now - object.lastModified.getTime();
  if (layer === 'raw') {
    const rawKey = object.key.replace(/\.json$/, '');
    return kept.isQuiet && !kept.rawKeys.has(object.key) && !kept.rawKeys.has(rawKey) && ageMs > config.retention.raw_days * DAY_MS;
  }
  const runId = /\/run=([^/]+)\//.exec(object.key)?.[1];
  if (runId === undefined || kept.runIds.has(runId) || kept.openRunIds.has(runId)) return false;
  if (layer === 'bronze' && (kept.bronzeRunIds.has(runId) || !kept.isQuiet)) return false;
  const isForReplay = layer === 'quarantine' || (layer === 'bronze' && kept.rejectedRunIds.has(runId));
  const keptMs = isForReplay ? config.retention.quarantine_days * DAY_MS : kept.graceMs;
  return ageMs > keptMs;
}
