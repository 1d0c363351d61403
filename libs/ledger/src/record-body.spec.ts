import { randomBytes } from 'node:crypto';
import { PermanentError } from '@inlet/errors';
import { RunRecordSchema, type RunRecord } from '@inlet/manifest';
import { buildRunRecord, present } from '@inlet/testing';
import fc from 'fast-check';
import { decodeRecord, encodeRecord, type RecordBody } from './record-body';

const START = new Date('2026-11-20T21:00:00Z');
const ITEM_BYTES = 400 * 1024;

const sizeOf = (body: RecordBody) => ('record' in body ? Buffer.byteLength(body.record) : body.recordGzip.length);
const noise = (bytes: number) => randomBytes(bytes / 2).toString('hex');
const checkOf = (outcome: 'passed' | 'failed', reason: string) => ({ table: 't', rule: 'IsComplete "x"', outcome, metrics: { nulls: 1 }, reason });

describe('encodeRecord and decodeRecord', () => {
  it('are inverse for records of any text and size that an item holds', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 1, maxLength: 8 }).map((part) => part.repeat(5_000)));
    const result = fc.record({ table: text, rule: text, outcome: fc.constantFrom('passed' as const, 'failed' as const), metrics: fc.dictionary(fc.string(), fc.integer()), reason: text });
    const record = fc.record({ reason: fc.option(text), quality: fc.array(result, { maxLength: 5 }) });
    fc.assert(
      fc.property(record, (changes) => {
        const whole: RunRecord = RunRecordSchema.parse(JSON.parse(JSON.stringify(buildRunRecord('a', START, changes))));
        expect(decodeRecord({ ...encodeRecord(whole) }, 'table')).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('leave small records as text, and compress large ones', () => {
    expect(encodeRecord(buildRunRecord('a', START))).toEqual({ record: JSON.stringify(buildRunRecord('a', START)) });
    const large = encodeRecord(buildRunRecord('a', START, { quality: Array.from({ length: 2_000 }, () => checkOf('passed', 'fine')) }));
    expect('recordGzip' in large && large.recordGzip.length).toBeLessThan(16 * 1024);
  });

  it.each<[string, Partial<RunRecord>, (kept: RunRecord) => void]>([
    [
      'keep what failed when what passed is too much',
      { quality: [checkOf('failed', 'kept'), ...Array.from({ length: 20 }, () => checkOf('passed', noise(60_000)))] },
      (kept) => expect(kept.quality).toEqual([checkOf('failed', 'kept')]),
    ],
    [
      'drop what failed before they drop the tables',
      { quality: [checkOf('failed', noise(1_000_000))], tables: [{ name: 't', layer: 'silver', rows: 1, quarantined: 0, superseded: 0 }] },
      (kept) => expect(kept).toMatchObject({ quality: [], tables: [{ name: 't', rows: 1 }] }),
    ],
    [
      'drop the tables, before they cut texts',
      { tables: [{ name: noise(1_000_000), layer: 'silver', rows: 1, quarantined: 0, superseded: 0 }], error: { name: 'X', message: 'm'.repeat(5_000) } },
      (kept) => expect(kept).toMatchObject({ tables: [], error: { message: 'm'.repeat(5_000) } }),
    ],
    [
      'cut texts where nothing else helps',
      { error: { name: 'X', message: noise(1_000_000) }, change: noise(1_000_000), release: { sha256: 'a'.repeat(64), bytes: 7, sources: [{ name: noise(1_000_000), url: 'u', sha256: 'a'.repeat(64), bytes: 7 }] } },
      (kept) => expect([present(kept.error).message.length, present(kept.release)]).toEqual([4_001, { sha256: 'a'.repeat(64), bytes: 7, sources: [] }]),
    ],
  ])('%s, and say where the whole record lies', (_title, changes, check) => {
    const record = buildRunRecord('a', START, { outcome: 'published', reason: null, ...changes });
    const body = encodeRecord(record);
    expect(sizeOf(body)).toBeLessThan(ITEM_BYTES);
    const kept = decodeRecord({ ...body }, 'table');
    expect(kept).toMatchObject({ outcome: 'published', runId: record.runId, reason: `Shortened here; the whole record is manifests/a/runs/${record.runId}.json.` });
    check(kept);
  });

  it('keep the reason of a shortened record', () => {
    const record = buildRunRecord('a', START, { reason: 'A gate said no.', quality: [checkOf('failed', noise(1_000_000))] });
    expect(decodeRecord({ ...encodeRecord(record) }, 'table').reason).toMatch(/^A gate said no\. \(Shortened here;/);
  });

  it.each([
    ['cut compressed bytes', { recordGzip: Buffer.from([0x1f, 0x8b, 8, 0]), runId: 'run-1' }],
    ['text that is no record', { record: '{"dataset":"a"}', runId: 'run-1' }],
    ['nothing', { runId: 'run-1' }],
  ])('name the run and the table for %s', (_what, item) => {
    expect(() => decodeRecord(item, 'DynamoDB table runs')).toThrow(PermanentError);
    expect(() => decodeRecord(item, 'DynamoDB table runs')).toThrow(/The record of run run-1 cannot be read \(DynamoDB table runs\)/);
  });
});
