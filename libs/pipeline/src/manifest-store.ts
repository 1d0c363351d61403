/** The manifest in its store: read whole, written only over the version that was read. */
import { keys, emptyManifest, parseManifest, writeManifestText, type Manifest } from '@inlet/manifest';
import { PreconditionFailedError, PublishConflictError } from '@inlet/errors';
import type { ObjectStore } from './ports';

export interface VersionedManifest {
  manifest: Manifest;
  etag: string;
}

/** undefined before a dataset's first run. Throws CorruptManifestError. */
export async function readManifest(store: ObjectStore, dataset: string): Promise<VersionedManifest | undefined> {
  const key = keys.manifestKey(dataset);
  const object = await store.read(key);
  if (object === undefined) return undefined;
  return { manifest: parseManifest(Buffer.from(object.body).toString('utf8'), { dataset, key }), etag: object.etag };
}

const MAX_ATTEMPTS = 10;

/**
 * Reads, changes and writes the manifest back, by compare-and-swap; on a lost race, reads again and asks `change` anew.
 * `change` returns undefined where there is nothing to write, and throws where the newer manifest must not be changed.
 */
export async function updateManifest(
  store: ObjectStore,
  dataset: string,
  change: (manifest: Manifest) => Manifest | undefined | Promise<Manifest | undefined>,
): Promise<Manifest> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const found = await readManifest(store, dataset);
    const manifest = found?.manifest ?? emptyManifest(dataset);
    const next = await change(manifest);
    if (next === undefined) return manifest;
    try {
      await store.write(keys.manifestKey(dataset), writeManifestText(next), found ? { ifMatch: found.etag } : { ifAbsent: true });
      return next;
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
    }
  }
  throw new PublishConflictError({
    what: `The manifest of ${dataset} kept changing`,
    where: keys.manifestKey(dataset),
    expected: `one undisturbed write in ${MAX_ATTEMPTS} attempts`,
    found: 'another writer each time',
    next: 'Find out what else writes to this lake, then run again.',
  });
}
