/** The record of a run in the lake: written once, and from then on the truth about it. */
import { CorruptManifestError, PreconditionFailedError } from '@inlet/errors';
import { keys, RunRecordSchema, type RunRecord } from '@inlet/manifest';
import type { ObjectStore } from './ports';

/** undefined when there is none. Throws CorruptManifestError when it cannot be read. */
export async function readRunRecord(store: ObjectStore, dataset: string, runId: string): Promise<RunRecord | undefined> {
  const key = keys.runRecordKey(dataset, runId);
  const object = await store.read(key);
  if (object === undefined) return undefined;
  try {
    return RunRecordSchema.parse(JSON.parse(Buffer.from(object.body).toString('utf8')));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptManifestError({ what: `The record of run ${runId} cannot be read`, where: key, expected: 'the record of a run', found, next: 'Move it away, then run again.', cause });
  }
}

/** Writes the record unless there is one; the one that is there from then on. */
export async function keepRecord(store: ObjectStore, record: RunRecord): Promise<RunRecord> {
  try {
    await store.write(keys.runRecordKey(record.dataset, record.runId), `${JSON.stringify(record, null, 2)}\n`, { ifAbsent: true });
    return record;
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    return (await readRunRecord(store, record.dataset, record.runId)) ?? record;
  }
}
