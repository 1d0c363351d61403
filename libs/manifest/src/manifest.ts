/** What becomes of a manifest: pure functions from the old one to the next. */
import { CorruptManifestError } from '@inlet/errors';
import { MANIFEST_FORMAT_VERSION, ManifestSchema, type Manifest, type Observed, type Release } from './manifest-schema';

const MAX_EVENTS = 200;

export function emptyManifest(dataset: string): Manifest {
  return { formatVersion: MANIFEST_FORMAT_VERSION, dataset, current: null, observed: null, releases: [], events: [] };
}

/** Throws CorruptManifestError when the text is no manifest of this dataset. */
export function parseManifest(text: string, context: { dataset: string; key: string }): Manifest {
  const fail = (found: string) =>
    new CorruptManifestError({
      what: `The manifest of ${context.dataset} cannot be read`,
      where: context.key,
      expected: `a manifest of format version ${MANIFEST_FORMAT_VERSION}`,
      found,
      next: 'Restore the object from an earlier version of it; the tables themselves are untouched.',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw fail(error instanceof Error ? error.message : 'no JSON');
  }
  const parsed = ManifestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fail(`${issue?.message ?? 'another shape'} at ${issue?.path.join('.') || 'the top'}`);
  }
  if (parsed.data.dataset !== context.dataset) throw fail(`the manifest of ${parsed.data.dataset}`);
  return parsed.data;
}

export function writeManifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The release becomes current; `keep` releases stay for rollback, this one included. */
export function publishRelease(manifest: Manifest, release: Release, options: { keep: number; observed: Observed }): Manifest {
  const others = manifest.releases.filter(({ runId }) => runId !== release.runId);
  return {
    ...manifest,
    current: release,
    observed: options.observed,
    releases: [release, ...others].slice(0, options.keep),
    events: addEvent(manifest, { at: release.publishedAt, action: 'publish', runId: release.runId }),
  };
}

/** An earlier release becomes current again. What was observed stays: the source is asked only for what is newer than that. */
export function rollBackTo(manifest: Manifest, release: Release, at: Date): Manifest {
  return { ...manifest, current: release, events: addEvent(manifest, { at: at.toISOString(), action: 'rollback', runId: release.runId }) };
}

export function rememberObserved(manifest: Manifest, observed: Observed): Manifest {
  return { ...manifest, observed };
}

function addEvent(manifest: Manifest, event: Omit<Manifest['events'][number], 'previousRunId'>): Manifest['events'] {
  return [{ ...event, previousRunId: manifest.current?.runId ?? null }, ...manifest.events].slice(0, MAX_EVENTS);
}
