import { emptyManifest, publishRelease, rollBackTo, type Manifest, type QualityResult, type Release, type RunRecord } from '@inlet/manifest';
import { buildRunRecord, memoryLedger } from '@inlet/testing';
import { lastRowCount, MAX_PAST_RELEASES, readMetricHistory } from './metric-history';
import type { FetchResult } from './run-state';

const sha256 = 'a'.repeat(64);
const runIdOf = (day: number) => `202611${String(day).padStart(2, '0')}T000000Z-aaaaaaaaaaaa`;
const SOURCES = [{ name: 's', url: 'https://example.org/a.zip', sha256, bytes: 1 }];
const fetch = { runId: runIdOf(30), sources: SOURCES } as unknown as FetchResult;

interface PastRun {
  rows: number;
  url?: string;
  outcome?: RunRecord['outcome'];
  quality?: QualityResult[];
}

const table = (rows: number) => ({ name: 't', layer: 'silver' as const, rows, quarantined: 0, superseded: 0 });
const release = (day: number, { rows, url = 'https://example.org/b.zip' }: PastRun): Release => ({
  runId: runIdOf(day), version: '2026-11-20', sha256, bytes: 1, publishedAt: `2026-11-${String(day).padStart(2, '0')}T00:01:00.000Z`, fingerprint: sha256, schemaChanges: [],
  sources: [{ name: 's', url, rawKey: 'raw/x', sha256, bytes: 1, membersSha256: sha256 }],
  tables: [{ ...table(rows), files: [], columns: [] }],
});

/** Runs on the first days of a month, one a day. */
async function setUp(runs: readonly PastRun[]) {
  const ledger = memoryLedger();
  let manifest: Manifest = emptyManifest('d');
  for (const [index, run] of runs.entries()) {
    const day = index + 1;
    const { outcome = 'published', rows, quality = [], url = 'https://example.org/b.zip' } = run;
    const startedAt = new Date(`2026-11-${String(day).padStart(2, '0')}T00:00:00Z`);
    await ledger.endRun(`e${day}`, buildRunRecord('d', startedAt, { runId: runIdOf(day), outcome, tables: [table(rows)], quality, release: { sha256, bytes: 1, sources: [{ name: 's', url, sha256, bytes: 1 }] } }));
    if (outcome === 'published') manifest = publishRelease(manifest, release(day, run), { keep: 9, observed: { at: '2026-11-20T00:00:00Z', runId: runIdOf(day), fingerprint: sha256, sources: [] } });
  }
  const read = async (depth: 'last' | 'all', of = manifest) => (await readMetricHistory(ledger, { dataset: 'd', fetch, manifest: of, depth }))('t');
  return { ledger, manifest, read };
}

const rowCounts = (history: Record<string, readonly { value: number }[]>) => (history['Dataset.*.RowCount'] ?? []).map(({ value }) => value);

describe('the history of metrics', () => {
  it('has what published runs found of the table, newest first', async () => {
    const quality = (value: number): QualityResult[] => [
      { table: 't', rule: 'Completeness "a" > 0', outcome: 'passed', metrics: { 'Column.a.Completeness': value } },
      { table: 't', rule: 'Completeness "a" > 0 where "b"', outcome: 'passed', metrics: { 'Column.a.Completeness': 0 } },
      { table: 'u', rule: 'Completeness "c" > 0', outcome: 'passed', metrics: { 'Column.c.Completeness': 1 } },
    ];
    const { read } = await setUp([{ rows: 10, quality: quality(0.5) }, { rows: 99, outcome: 'rejected', quality: quality(0) }, { rows: 20, quality: quality(0.7) }]);
    const history = await read('all');
    expect(history['Column.a.Completeness']).toEqual([{ at: '2026-11-03T00:00:01.000Z', value: 0.7 }, { at: '2026-11-01T00:00:01.000Z', value: 0.5 }]);
    expect(rowCounts(history)).toEqual([20, 10]);
    expect(history['Column.c.Completeness']).toBeUndefined();
    expect(lastRowCount(history)).toBe(20);
  });
  it('is that of the same sources only', async () => {
    const { read } = await setUp([{ rows: 10 }, { rows: 3, url: 'file:///samples/a.csv' }, { rows: 20 }]);
    expect(rowCounts(await read('all'))).toEqual([20, 10]);
  });
  it('knows the release that readers see now without asking the ledger', async () => {
    const { ledger, manifest } = await setUp([{ rows: 10 }, { rows: 20 }]);
    const deaf = { ...ledger, listRuns: () => Promise.reject(new Error('the ledger was asked')) } as typeof ledger;
    expect(rowCounts((await readMetricHistory(deaf, { dataset: 'd', fetch, manifest, depth: 'last' }))('t'))).toEqual([20]);
  });
  it('forgets what was rolled back, until it is current again', async () => {
    const { read, manifest } = await setUp([{ rows: 10 }, { rows: 999 }]);
    const back = rollBackTo(manifest, release(1, { rows: 10 }), new Date('2026-11-03T00:00:00Z'));
    expect(rowCounts(await read('all', back))).toEqual([10]);
    expect(rowCounts(await read('last', back))).toEqual([10]);
    const again = rollBackTo(back, release(2, { rows: 999 }), new Date('2026-11-04T00:00:00Z'));
    expect(rowCounts(await read('all', again))).toEqual([999]);
  });
  it('counts a release that was replayed once, as its replay found it', async () => {
    const ledger = memoryLedger();
    for (const [index, { rows, replay }] of [{ rows: 10 }, { rows: 20 }, { rows: 21, replay: 1 }].entries()) {
      const replayed = replay === undefined ? {} : { replay: { runId: buildRunRecord('d', new Date(Date.UTC(2026, 0, 1 + replay)), {}).runId, recovered: 1, quarantined: 0, tables: [] } };
      await ledger.endRun(`e${index}`, buildRunRecord('d', new Date(Date.UTC(2026, 0, 1 + index)), { outcome: 'published', tables: [table(rows)], release: { sha256, bytes: 1, sources: SOURCES }, ...replayed }));
    }
    expect(rowCounts((await readMetricHistory(ledger, { dataset: 'd', fetch, manifest: undefined, depth: 'all' }))('t'))).toEqual([21, 10]);
  });
  it('has the current release first where the ledger has lost it', async () => {
    const { read } = await setUp([{ rows: 10 }]);
    const current = publishRelease(emptyManifest('d'), release(5, { rows: 50 }), { keep: 1, observed: { at: '2026-11-20T00:00:00Z', runId: runIdOf(5), fingerprint: sha256, sources: [] } });
    expect(rowCounts(await read('all', current))).toEqual([50, 10]);
  });
  it('goes back so many releases and no further, and is empty before the first', async () => {
    const ledger = memoryLedger();
    for (let index = 0; index < MAX_PAST_RELEASES + 20; index += 1) {
      const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 86_400_000);
      await ledger.endRun(`e${index}`, buildRunRecord('d', startedAt, { outcome: 'published', tables: [table(index)], release: { sha256, bytes: 1, sources: SOURCES } }));
    }
    const all = (await readMetricHistory(ledger, { dataset: 'd', fetch, manifest: undefined, depth: 'all' }))('t');
    expect(rowCounts(all)).toHaveLength(MAX_PAST_RELEASES);
    expect((await setUp([])).read('all')).resolves.toEqual({});
  });
});
