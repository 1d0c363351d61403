/** Back to an earlier release: the same write as publishing, pointing back. */
import { UnknownReleaseError } from '@inlet/errors';
import { keys, rollBackTo, type Manifest, type Release } from '@inlet/manifest';
import type { Clock } from '@inlet/time';
import { updateManifest } from './manifest-store';
import type { ObjectStore } from './ports';

/**
 * Makes an earlier release current: the one named, or else the one published before the current one.
 * Throws UnknownReleaseError when there is none, or when files of it are gone.
 */
export async function rollback(deps: { store: ObjectStore; clock: Clock }, request: { dataset: string; to?: string }): Promise<{ from: string; to: string }> {
  let from = '';
  let to = '';
  await updateManifest(deps.store, request.dataset, async (manifest) => {
    const target = pickTarget(manifest, request.to);
    await requireFiles(deps.store, request.dataset, target);
    from = manifest.current?.runId ?? '';
    to = target.runId;
    return rollBackTo(manifest, target, deps.clock.now());
  });
  return { from, to };
}

function pickTarget(manifest: Manifest, wanted: string | undefined): Release {
  const { current, releases } = manifest;
  const older = releases.filter(({ runId }) => runId !== current?.runId && (current === null || runId < current.runId));
  const target = wanted === undefined ? older[0] : releases.find(({ runId }) => runId === wanted);
  if (target === undefined || target.runId === current?.runId) throw unknown(manifest.dataset, wanted, manifest);
  return target;
}

function unknown(dataset: string, wanted: string | undefined, manifest: Manifest): UnknownReleaseError {
  const others = manifest.releases.map(({ runId }) => runId).filter((runId) => runId !== manifest.current?.runId);
  return new UnknownReleaseError({
    what: wanted === undefined ? `${dataset} has no earlier release to return to` : `${dataset} cannot be rolled back to ${wanted}`,
    where: keys.manifestKey(dataset),
    expected: others.length > 0 ? `one of ${others.join(', ')}` : 'an earlier release',
    found: wanted ?? `${manifest.current?.runId ?? 'no release'} as the oldest one kept`,
    next: `\`inlet history ${dataset}\` lists what was published.`,
  });
}

async function requireFiles(store: ObjectStore, dataset: string, release: Release): Promise<void> {
  for (const { key, bytes } of release.tables.flatMap(({ files }) => files)) {
    const found = await store.head(key);
    if (found?.sizeBytes === bytes) continue;
    throw new UnknownReleaseError({
      what: `The release ${release.runId} of ${dataset} is no longer whole`,
      where: key,
      expected: `${bytes} bytes`,
      found: found ? `${found.sizeBytes} bytes` : 'nothing',
      next: `Choose another release, or fetch anew with \`inlet run ${dataset} --force\`.`,
    });
  }
}
