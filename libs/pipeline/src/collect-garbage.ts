/** Deletes what no release needs any more: candidates of runs that died, failed or were rejected, and releases past their retention. */
import type { DatasetConfig } from '@inlet/dataset';
import type { Clock } from '@inlet/time';
import { readManifest } from './manifest-store';
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
 * Keeps every release that the manifest names, all of a run that is open and alive, raw files for `raw_days`, the quarantine of rejected
 * runs for `quarantine_days`, and manifests and run records for ever. `graceMs` is there for tests.
 */
export async function collectGarbage(deps: GarbageDeps, config: DatasetConfig, options: { dryRun: boolean; graceMs?: number }): Promise<GarbageReport> {
  // In this order: a run that has ended by now is in the manifest that is read next, if it published.
  const openRuns = await deps.ledger.openRuns(config.dataset);
  const manifest = (await readManifest(deps.store, config.dataset))?.manifest;
  const now = deps.clock.now().getTime();
  const graceMs = options.graceMs ?? GRACE_MS;
  // Whoever asked just before a release was superseded may be reading it still.
  const lately = (manifest?.events ?? []).filter(({ at }) => now - Date.parse(at) < graceMs).flatMap(({ previousRunId }) => previousRunId ?? []);
  const kept: Kept = {
    runIds: new Set([...[...(manifest?.releases ?? []), ...(manifest?.current ? [manifest.current] : [])].map(({ runId }) => runId), ...lately]),
    openRunIds: new Set(openRuns.flatMap(({ alive, runId }) => (alive && runId ? [runId] : []))),
    rawKeys: new Set([...(manifest?.observed?.sources ?? []), ...(manifest?.releases ?? []).flatMap(({ sources }) => sources)].map(({ rawKey }) => rawKey)),
    now,
    graceMs,
    // A run that is open may be reading an old raw file, which its source offers again.
    isQuiet: openRuns.every(({ alive }) => !alive),
  };
  const garbage: StoredObject[] = [];
  for (const layer of ['bronze', 'silver', 'gold', 'quarantine', 'raw'] as const) {
    for await (const object of deps.store.list(`${layer}/${config.dataset}/`)) if (isGarbage(object, layer, config, kept)) garbage.push(object);
  }
  if (!options.dryRun) await deps.store.delete(garbage.map(({ key }) => key));
  return {
    deletedKeys: garbage.map(({ key }) => key),
    bytes: garbage.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    keptReleases: [...kept.runIds],
  };
}

interface Kept {
  runIds: ReadonlySet<string>;
  openRunIds: ReadonlySet<string>;
  rawKeys: ReadonlySet<string>;
  now: number;
  graceMs: number;
  isQuiet: boolean;
}

function isGarbage(object: StoredObject, layer: 'bronze' | 'silver' | 'gold' | 'quarantine' | 'raw', config: DatasetConfig, kept: Kept): boolean {
  const ageMs = kept.now - object.lastModified.getTime();
  if (layer === 'raw') {
    const rawKey = object.key.replace(/\.json$/, '');
    return kept.isQuiet && !kept.rawKeys.has(object.key) && !kept.rawKeys.has(rawKey) && ageMs > config.retention.raw_days * DAY_MS;
  }
  const runId = /\/run=([^/]+)\//.exec(object.key)?.[1];
  if (runId === undefined || kept.runIds.has(runId) || kept.openRunIds.has(runId)) return false;
  const keptMs = layer === 'quarantine' ? config.retention.quarantine_days * DAY_MS : kept.graceMs;
  return ageMs > keptMs;
}
