import { emptyManifest, keys, publishRelease, writeManifestText, type Release } from '@inlet/manifest';
import { memoryLedger, memoryStore } from '@inlet/testing';
import { fixedClock } from '@inlet/time';
import { recordFailure, recordUnchanged, type FetchResult, type PipelineDeps, type RunState } from '../index';

const sha256 = 'a'.repeat(64);
const runId = '20261120T210000Z-aaaaaaaaaaaa';
const at = '2026-11-20T21:00:00.000Z';
const fetch: FetchResult = { changed: true, reason: 'new', runId, version: '2026-11-20', sha256, bytes: 1, fingerprint: sha256, baseRunId: null, sources: [] };
const release: Release = { runId, version: '2026-11-20', sha256, bytes: 1, publishedAt: at, fingerprint: sha256, sources: [], tables: [], schemaChanges: [] };
const state = (over: Partial<RunState> = {}): RunState & { fetch: FetchResult } => ({ dataset: 'nsde', executionId: 'e1', startedAt: at, requestedAt: at, sources: [], force: false, engine: 'auto', ...over, fetch });

const failed = (document: unknown) => ({ dataset: 'nsde', requestedAt: new Date(at), document });

async function setUp() {
  const clock = fixedClock(at);
  const store = memoryStore();
  const ledger = memoryLedger({ clock });
  await ledger.beginRun({ dataset: 'nsde', owner: { executionId: 'e1', host: 'h', pid: 1 }, requestedAt: clock.now() });
  await store.write(`${keys.bronzePrefix('nsde', runId)}elements/part-0.parquet`, 'bronze');
  await store.write(`${keys.modelPrefix('silver', 'nsde', '2026-11-20', runId)}elements/part-0.parquet`, 'silver');
  const letters: unknown[] = [];
  const deps = { store, ledger, clock, owner: { executionId: 'e1', host: 'h', pid: 1 }, deadLetters: { send: async (letter: unknown) => void letters.push(letter) } } as unknown as PipelineDeps;
  const tableFiles = async () => {
    const found: string[] = [];
    for (const layer of ['bronze/', 'silver/']) for await (const { key } of store.list(layer)) found.push(key);
    return found;
  };
  return { deps, store, ledger, letters, tableFiles };
}

describe('recordFailure', () => {
  it('records the error, sends the input to the dead letters without secrets, and leaves no candidate behind', async () => {
    const { deps, ledger, letters, tableFiles } = await setUp();
    await recordFailure(deps, failed(state({ sources: ['https://host/a.zip?apiKey=secret'], error: { Error: 'ModelError', Cause: 'no such column' } })));
    expect(await ledger.getRun(runId)).toMatchObject({ outcome: 'failed', reason: 'no such column', error: { name: 'ModelError', message: 'no such column' } });
    expect(JSON.stringify(letters)).toContain('apiKey=…');
    expect(JSON.stringify(letters)).not.toContain('secret');
    expect(await tableFiles()).toEqual([]);
  });
  it('keeps of a replay that failed which run was meant, so that the letter asks for that one again, and deletes nothing of it', async () => {
    const { deps, store, ledger, letters } = await setUp();
    const replayed = '20261119T210000Z-aaaaaaaaaaaa';
    const bronze = `${keys.bronzePrefix('nsde', replayed)}elements/part-0.parquet`;
    await store.write(bronze, 'bronze');
    await recordFailure(deps, failed(state({ replay: replayed, error: { Error: 'ModelError', Cause: 'no such column' } })));
    expect(letters).toMatchObject([{ input: { force: false, engine: 'auto', sources: [], replay: replayed } }]);
    expect(await ledger.getRun(runId)).toMatchObject({ outcome: 'failed', replay: { runId: replayed, recovered: 0, quarantined: 0, tables: [] } });
    expect(await store.head(bronze)).toBeDefined();
  });
  it('reads the message out of a Lambda\'s cause', async () => {
    const { deps, ledger } = await setUp();
    await recordFailure(deps, failed(state({ error: { Error: 'ModelError', Cause: JSON.stringify({ errorType: 'ModelError', errorMessage: 'inner' }) } })));
    expect((await ledger.getRun(runId))?.reason).toBe('inner');
  });
  it('takes nothing back of a release that was published before the failure', async () => {
    const { deps, store, ledger, tableFiles } = await setUp();
    const manifest = publishRelease(emptyManifest('nsde'), release, { keep: 2, observed: { at, runId, fingerprint: sha256, sources: [] } });
    await store.write(keys.manifestKey('nsde'), writeManifestText(manifest));
    await recordFailure(deps, failed(state({ error: { Error: 'PermanentError', Cause: 'the ledger broke' } })));
    expect(await ledger.getRun(runId)).toMatchObject({ outcome: 'published', reason: expect.stringContaining('the ledger broke') });
    expect(await tableFiles()).toHaveLength(2);
  });
  it('records a run that failed before it had begun, and keeps its input without secrets', async () => {
    const { deps, ledger, letters } = await setUp();
    const document = { source_url: 'https://me:secret@host/a.zip?token=secret', nested: ['https://x/?k=secret'], error: { Error: 'UnsafeUrlError', Cause: 'not that host' } };
    const { runId: unknownRelease } = await recordFailure({ ...deps, owner: { executionId: 'e9', host: 'h', pid: 1 } }, failed(document));
    expect(await ledger.getRun(unknownRelease, 'nsde')).toMatchObject({ outcome: 'failed', release: null, reason: 'not that host', error: { name: 'UnsafeUrlError' } });
    expect(letters).toEqual([{ dataset: 'nsde', executionId: 'e9', at, error: { name: 'UnsafeUrlError', message: 'not that host' }, input: { source_url: expect.stringContaining('host/a.zip'), nested: [expect.stringContaining('https://x/')] } }]);
    expect(JSON.stringify(letters)).not.toContain('secret');
  });
  it('reads the message out of a Glue job\'s cause', async () => {
    const { deps, ledger } = await setUp();
    await recordFailure(deps, failed(state({ error: { Error: 'States.TaskFailed', Cause: JSON.stringify({ JobName: 'j', ErrorMessage: 'out of memory' }) } })));
    expect((await ledger.getRun(runId))?.reason).toBe('out of memory');
  });
  it('does the same when it is done twice', async () => {
    const { deps, ledger } = await setUp();
    await recordFailure(deps, failed(state({ error: { Error: 'A', Cause: 'first' } })));
    await recordFailure(deps, failed(state({ error: { Error: 'A', Cause: 'first' } })));
    expect(await ledger.listRuns({})).toHaveLength(1);
  });
});

describe('a run that has ended', () => {
  it('has given its lease back', async () => {
    const { deps, ledger } = await setUp();
    const owner = (executionId: string) => ({ executionId, host: 'h', pid: 1 });
    await ledger.acquireLease('nsde', owner('e1'), 60_000);
    await recordFailure(deps, failed(state()));
    await ledger.acquireLease('nsde', owner('e2'), 60_000);
    await expect(ledger.acquireLease('nsde', owner('e1'), 60_000)).rejects.toThrow('e2');
  });
  it('ends as its first record says, also in the ledger that did not hear of it', async () => {
    const { deps, ledger, store } = await setUp();
    const { ledger: deaf } = await setUp();
    await recordUnchanged({ ...deps, ledger: deaf }, state());
    expect(await recordFailure(deps, failed(state({ error: { Error: 'PermanentError', Cause: 'the ledger broke' } })))).toEqual({ outcome: 'unchanged', runId });
    expect(await ledger.getRun(runId)).toMatchObject({ outcome: 'unchanged' });
    expect((await store.read(keys.runRecordKey('nsde', runId)))?.body.toString()).not.toContain('the ledger broke');
  });
  it('is recorded as failed although the manifest cannot be read, and then nothing is deleted', async () => {
    const { deps, ledger, store, tableFiles } = await setUp();
    await store.write(keys.manifestKey('nsde'), '{');
    await recordFailure(deps, failed(state({ error: { Error: 'CorruptManifestError', Cause: 'broken' } })));
    expect(await ledger.getRun(runId)).toMatchObject({ outcome: 'failed', reason: 'broken' });
    expect(await tableFiles()).toHaveLength(2);
  });
});

describe('recordUnchanged', () => {
  it('deletes tables that were built only to find that they are the same', async () => {
    const { deps, ledger, tableFiles } = await setUp();
    await recordUnchanged(deps, state({ silver: { engine: 'duckdb', reportKey: 'r', rows: 1, changed: false } }));
    expect(await ledger.getRun(runId)).toMatchObject({ outcome: 'unchanged', engine: 'duckdb', reason: expect.stringContaining('content hashes') });
    expect(await tableFiles()).toEqual([]);
  });
  it('records what the gate found before it deletes the candidate, also where it is done twice', async () => {
    const { deps, ledger, tableFiles } = await setUp();
    const resultsKey = `${keys.modelPrefix('silver', 'nsde', '2026-11-20', runId)}_gate.json`;
    const quality = [{ table: 'elements', rule: 'RowCount > 3', outcome: 'passed', metrics: { 'Dataset.*.RowCount': 4 } }];
    await deps.store.write(resultsKey, JSON.stringify({ passed: true, reason: null, results: quality }));
    const judged = state({ silver: { engine: 'duckdb', reportKey: 'r', rows: 1, changed: false }, gate: { passed: true, reason: null, resultsKey } });
    let calls = 0;
    const breakOnce = { ...deps, ledger: { ...deps.ledger, endRun: async (...args: Parameters<typeof ledger.endRun>) => ((calls += 1) === 1 ? Promise.reject(new Error('the ledger broke')) : ledger.endRun(...args)), releaseLease: ledger.releaseLease.bind(ledger) } } as unknown as PipelineDeps;
    await expect(recordUnchanged(breakOnce, judged)).rejects.toThrow('the ledger broke');
    expect(await tableFiles()).toEqual([]);
    expect(await recordUnchanged(breakOnce, judged)).toEqual({ outcome: 'unchanged', runId });
    expect(await ledger.getRun(runId)).toMatchObject({ outcome: 'unchanged', quality });
  });
});
