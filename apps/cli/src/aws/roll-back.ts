/** `inlet rollback --aws`: the manifest points back, then the catalog follows it. */
import type { GlueClient } from '@aws-sdk/client-glue';
import { InletError, PermanentError } from '@inlet/errors';
import { createGlueCatalog } from '@inlet/glue';
import { readManifest, rollback, type ObjectStore } from '@inlet/pipeline';
import { systemClock } from '@inlet/time';
import type { RolledBack } from '../lake';

interface RollBackRequest {
  dataset: string;
  to: string | undefined;
  database: string;
  lakeBucket: string;
  /** What a person runs when the catalog did not follow. */
  repair: (runId: string) => string;
}

/** Back to the release that is current already means: let the catalog follow, which it may have failed to do before. */
export async function rollBackDeployed({ store, glue }: { store: ObjectStore; glue: GlueClient }, { dataset, to, database, lakeBucket, repair }: RollBackRequest): Promise<RolledBack> {
  const before = (await readManifest(store, dataset))?.manifest.current;
  const moved = to !== undefined && before?.runId === to ? { from: to, to } : await rollback({ store, clock: systemClock }, { dataset, to });
  // Whatever is current by now: a run may have published since.
  const current = (await readManifest(store, dataset))?.manifest.current;
  if (!current) return moved;
  try {
    await createGlueCatalog({ client: glue, database, lakeBucket }).register(dataset, current);
  } catch (error) {
    const found = error instanceof InletError ? error.message : String(error);
    throw new PermanentError({ what: `${dataset} is at ${current.runId} now, but Athena does not follow`, where: database, found, next: `Mend that, then: ${repair(current.runId)}`, cause: error });
  }
  const tables = current.tables.filter(({ layer }) => layer === 'silver' || layer === 'gold').map(({ name }) => name);
  return { ...moved, catalog: { database, tables } };
}
