/** How a run's record lies in a DynamoDB item, which takes 400 KB: small ones as text for people, large ones compressed, enormous ones shortened. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { PermanentError } from '@inlet/errors';
import { keys, RunRecordSchema, type RunRecord } from '@inlet/manifest';

export type RecordBody = { record: string } | { recordGzip: Uint8Array };

/** Above this, text is compressed: writes are paid for by the kilobyte. */
const LARGEST_TEXT_BYTES = 16 * 1024;
/** The rest of the item's 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html) is for keys and other attributes. */
const LARGEST_BODY_BYTES = 360 * 1024;
const LARGEST_EXPANDED_BYTES = 256 * 1024 * 1024;
const LONGEST_TEXT = 4_000;

/** Ways to shorten a record, mildest first; the last one fits whatever the record holds. */
const SHORTENINGS: readonly ((record: RunRecord) => RunRecord)[] = [
  (record) => record,
  (record) => ({ ...record, quality: record.quality.filter(({ outcome }) => outcome !== 'passed') }),
  (record) => ({ ...record, quality: [] }),
  (record) => ({ ...record, quality: [], schemaChanges: [], tables: [] }),
  (record) => ({
    ...record,
    quality: [],
    schemaChanges: [],
    tables: [],
    release: record.release && { ...record.release, sources: [] },
    reason: record.reason && cut(record.reason),
    change: record.change && cut(record.change),
    error: record.error && { name: cut(record.error.name), message: cut(record.error.message) },
  }),
];

/** The body of least change that fits into an item. A shortened record says so in its reason, and where the whole one lies. */
export function encodeRecord(record: RunRecord): RecordBody {
  for (const [severity, shorten] of SHORTENINGS.entries()) {
    const body = packRecord(severity === 0 ? record : explain(shorten(record)));
    if (measureBody(body) <= LARGEST_BODY_BYTES) return body;
  }
  throw new PermanentError({ what: 'The record of the run is too large for the ledger', where: cut(record.runId), expected: `${LARGEST_BODY_BYTES} bytes at most` });
}

/** Throws PermanentError when the item holds no record that this Inlet can read. */
export function decodeRecord(item: Record<string, unknown>, where: string): RunRecord {
  const { record, recordGzip, runId } = item;
  return parseRecordText(() => (recordGzip instanceof Uint8Array ? gunzipSync(recordGzip, { maxOutputLength: LARGEST_EXPANDED_BYTES }).toString() : String(record)), String(runId), where);
}

/** `readText` may throw for a text that is damaged; that counts as a record that cannot be read. */
export function parseRecordText(readText: () => string, runId: string, where: string): RunRecord {
  try {
    return RunRecordSchema.parse(JSON.parse(readText()));
  } catch (cause) {
    throw new PermanentError({
      what: `The record of run ${runId} cannot be read`,
      where,
      expected: 'the record of a run',
      found: cause instanceof Error ? cause.message : String(cause),
      next: "The run's record also lies in manifests/<dataset>/runs/.",
      cause,
    });
  }
}

function packRecord(record: RunRecord): RecordBody {
  const text = JSON.stringify(record);
  return Buffer.byteLength(text) <= LARGEST_TEXT_BYTES ? { record: text } : { recordGzip: gzipSync(text) };
}

function measureBody(body: RecordBody): number {
  return 'record' in body ? Buffer.byteLength(body.record) : body.recordGzip.length;
}

function explain(record: RunRecord): RunRecord {
  const note = `Shortened here; the whole record is ${keys.runRecordKey(record.dataset, record.runId)}.`;
  return { ...record, reason: record.reason === null ? note : `${record.reason} (${note})` };
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
