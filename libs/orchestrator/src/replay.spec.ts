/** Replays from end to end: the state machine's document, real tables, and a source that says how often it was asked. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createArchiveReader } from '@inlet/archive';
import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { createDuckDbEngine, openLakeQuery } from '@inlet/duckdb';
import { keys, type RunRecord } from '@inlet/manifest';
import { beginRun, collectGarbage, findReplayedRun, loadRelease, readManifest, rollback, type PipelineDeps, type RunRequest } from '@inlet/pipeline';
import { memoryLedger, memoryStore, present, tempDir } from '@inlet/testing';
import { fixedClock, formatVersion, systemClock } from '@inlet/time';
import { runPipeline } from './index';

const FIRST = 'id,amount\n1,10\n2,20\n3,30\n';
/** One amount is written with a space. */
const SECOND = 'id,amount\n1,10\n2,20\n3,30\n4,1 234\n';
const THIRD = 'id,amount\n1,10\n2,20\n3,30\n4,40\n5,50\n';

const model = (amount: string) => `select id, try_cast(${amount} as integer) as amount,
  case when try_cast(${amount} as integer) is null then 'the amount is no number' end as _problem, _source, _member, _line from bronze.amounts`;
const STRICT = model('amount');
const MENDED = model(`replace(amount, ' ', '')`);

function makeDataset({ sql = STRICT, rules = '', maxQuarantined = 0.01, ...over }: { sql?: string; rules?: string; maxQuarantined?: number } & Record<string, unknown> = {}): Dataset {
  const config = parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.csv',
    schedule: { expression: 'rate(1 days)' },
    tables: [{ name: 'amounts', members: ['*'], columns: [{ name: 'id', source: 'id' }, { name: 'amount', source: 'amount' }] }],
    models: [{ name: 'amounts', parent: 'amounts', key: ['id'] }],
    data_quality: { max_quarantined_share: maxQuarantined },
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
    ...over,
  });
  return { config, models: [{ name: 'amounts', sql }], rules };
}

class TestLake {
  readonly store = memoryStore();
  readonly #dead = new Set<string>();
  readonly ledger = memoryLedger({ isAlive: ({ executionId }) => !this.#dead.has(executionId) });
  /** What the source offers; undefined: it must not be asked. */
  offered: string | undefined;
  /** The ETags that the source was asked with. */
  readonly askedWith: (string | undefined)[] = [];
  states: string[] = [];
  #executions = 0;

  async run(dataset: Dataset, request: Partial<RunRequest> = {}, over: Partial<PipelineDeps> = {}): Promise<RunRecord> {
    this.states = [];
    const record = await runPipeline(dataset, { sources: [], force: false, engine: 'auto', ...request }, { ...this.#deps(), ...over });
    this.offered = undefined;
    return record;
  }

  fetch(text: string, dataset = makeDataset()): Promise<RunRecord> {
    this.offered = text;
    return this.run(dataset);
  }

  replay(dataset: Dataset, run = 'latest', request: Partial<RunRequest> = {}): Promise<RunRecord> {
    return this.run(dataset, { ...request, replay: run });
  }

  /** A replay whose process dies once it knows its release. */
  async dieReplaying(dataset: Dataset): Promise<string> {
    const deps = this.#deps();
    const input = await beginRun(deps, dataset.config, { requestedAt: systemClock.now(), document: { replay: 'latest' }, policy: { hosts: 'any' } });
    const { fetch } = await loadRelease(deps, dataset, { ...input, replay: present(input.replay) });
    this.#dead.add(deps.owner.executionId);
    return fetch.runId;
  }

  async openDeadRun(runId: string): Promise<void> {
    await this.ledger.beginRun({ dataset: 'drug-list', owner: { executionId: 'dead', host: 'h', pid: 1 }, requestedAt: systemClock.now() });
    await this.ledger.nameRun('dead', runId);
    this.#dead.add('dead');
  }

  async files(prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of this.store.list(prefix)) found.push(key);
    return found;
  }

  async query(sql: string): Promise<unknown[][]> {
    const query = await openLakeQuery({ store: this.store, scratchDir: tempDir(), datasets: ['drug-list'] });
    try {
      const rows: unknown[][] = [];
      for await (const row of (await query.run(sql)).rows) rows.push([...row]);
      return rows;
    } finally {
      query.close();
    }
  }

  async current() {
    return present((await readManifest(this.store, 'drug-list'))?.manifest.current ?? undefined);
  }

  #deps(): PipelineDeps {
    const scratchDir = tempDir();
    return {
      store: this.store,
      ledger: this.ledger,
      source: { fetch: async ({ validators }) => this.#answer(scratchDir, validators?.etag) },
      archives: createArchiveReader(),
      engine: async () => createDuckDbEngine(),
      catalog: { register: async () => undefined },
      notifier: { notify: async () => undefined },
      deadLetters: { send: async () => undefined },
      clock: systemClock,
      owner: { executionId: `e${(this.#executions += 1)}`, host: 'h', pid: 1 },
      scratchDir,
      observe: (event) => void (event.type === 'state-entered' && this.states.push(event.state)),
    };
  }

  #answer(scratchDir: string, etag: string | undefined) {
    if (this.offered === undefined) throw new Error('the source was asked');
    this.askedWith.push(etag);
    const sha256 = createHash('sha256').update(this.offered).digest('hex');
    if (etag === sha256) return { status: 'not-modified' as const };
    const file = path.join(scratchDir, 'list.csv');
    writeFileSync(file, this.offered);
    return { status: 'fetched' as const, path: file, disposable: false, fileName: 'list.csv', sha256, sizeBytes: this.offered.length, etag: sha256, headers: {} };
  }
}

/** A lake whose first release is published, and whose second was rejected for a row that the model could not read. */
async function rejectSecond(): Promise<{ lake: TestLake; published: RunRecord; rejected: RunRecord }> {
  const lake = new TestLake();
  const published = await lake.fetch(FIRST);
  const rejected = await lake.fetch(SECOND);
  expect([published.outcome, rejected.outcome]).toEqual(['published', 'rejected']);
  return { lake, published, rejected };
}

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a replay', () => {
  it('publishes a rejected release once its model is mended, fetches nothing, and tells what it recovered', async () => {
    const { lake, rejected } = await rejectSecond();
    const record = await lake.replay(makeDataset({ sql: MENDED }));
    expect(record).toMatchObject({
      outcome: 'published',
      reason: null,
      change: `Replays ${rejected.runId}: it was rejected, and its bronze is built again.`,
      release: rejected.release,
      replay: { runId: rejected.runId, recovered: 1, quarantined: 0, tables: [{ name: 'amounts', recovered: 1 }] },
    });
    expect(record.runId).toMatch(new RegExp(`-${rejected.runId.slice(-12)}$`));
    expect(record.runId).not.toBe(rejected.runId);
    expect(lake.states).toEqual(['BeginRun', 'LoadRelease', 'Silver', 'QualityGate', 'UpdateManifest', 'Catalog', 'Notify']);
    expect(await lake.query('select sum(amount)::integer from drug_list.amounts')).toEqual([[1294]]);
  });
  it('publishes a rejected release once its rule is mended: the row stays in quarantine', async () => {
    const { lake, rejected } = await rejectSecond();
    const record = await lake.replay(makeDataset({ maxQuarantined: 0.5 }));
    expect(record).toMatchObject({ outcome: 'published', replay: { runId: rejected.runId, recovered: 0, quarantined: 1, tables: [] } });
    expect(await lake.query('select id, amount from drug_list_quarantine.amounts')).toEqual([['4', '1 234']]);
  });
  it('gets rows out of quarantine that a mended rule lets pass, and only those', async () => {
    const limit = (most: number) => `Rules = [ ColumnValues "amount" <= ${most} labels = ["severity" = "quarantine"] ]`;
    const lake = new TestLake();
    const rejected = await lake.fetch(THIRD, makeDataset({ rules: limit(15) }));
    expect(rejected).toMatchObject({ outcome: 'rejected', tables: [{ layer: 'bronze' }, { layer: 'silver', rows: 1, quarantined: 4 }] });
    const record = await lake.replay(makeDataset({ rules: limit(45), maxQuarantined: 0.5 }));
    expect(record).toMatchObject({ outcome: 'published', replay: { runId: rejected.runId, recovered: 3, quarantined: 1, tables: [{ name: 'amounts', recovered: 3 }] } });
    expect(await lake.query('select id from drug_list_quarantine.amounts')).toEqual([['5']]);
  });
  it('leaves the next run able to say that the source has nothing new, without a download', async () => {
    const { lake } = await rejectSecond();
    const mended = makeDataset({ sql: MENDED });
    await lake.replay(mended);
    expect(await lake.fetch(SECOND, mended)).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('304') });
    expect(lake.askedWith.at(-1)).toBe(sha256Of(SECOND));
  });
  it('tells recovered rows from rows that newly fail', async () => {
    const { lake } = await rejectSecond();
    const other = makeDataset({ sql: MENDED.replaceAll(`replace(amount, ' ', '')`, `nullif(replace(amount, ' ', ''), '10')`), maxQuarantined: 0.5 });
    expect((await lake.replay(other)).replay).toEqual({ runId: expect.any(String), recovered: 1, quarantined: 1, tables: [{ name: 'amounts', recovered: 1 }] });
  });
  it('is judged as any run: rejected again, it can itself be replayed', async () => {
    const { lake, rejected } = await rejectSecond();
    const again = await lake.replay(makeDataset({ sql: STRICT.replace('no number', 'wrong') }));
    expect(again).toMatchObject({ outcome: 'rejected', replay: { runId: rejected.runId, recovered: 0, quarantined: 1 } });
    const third = await lake.replay(makeDataset({ sql: MENDED }));
    expect(third).toMatchObject({ outcome: 'published', replay: { runId: again.runId, recovered: 1 } });
    expect(await lake.query('select count(*)::integer from drug_list_bronze.amounts')).toEqual([[4]]);
  });
  it('of the current release finds it unchanged, and leaves it and its bronze whole', async () => {
    const lake = new TestLake();
    const published = await lake.fetch(FIRST);
    const record = await lake.replay(makeDataset());
    expect(record).toMatchObject({ outcome: 'unchanged', replay: { runId: published.runId, recovered: 0, quarantined: 0, tables: [] } });
    expect((await lake.current()).runId).toBe(published.runId);
    expect(await lake.files(keys.bronzePrefix('drug-list', record.runId))).toEqual([]);
    expect(await lake.query('select count(*)::integer from drug_list_bronze.amounts')).toEqual([[3]]);
    expect(await lake.fetch(FIRST)).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('304') });
  });
  it('goes on with Spark where it is asked for, from bronze that either engine made', async () => {
    const { lake } = await rejectSecond();
    const record = await lake.replay(makeDataset({ sql: MENDED }), 'latest', { engine: 'spark' });
    expect(record).toMatchObject({ outcome: 'published', replay: { recovered: 1 } });
    expect(lake.states.slice(0, 5)).toEqual(['BeginRun', 'LoadRelease', 'PlanSilverOnSpark', 'SilverOnSpark', 'CollectSilverFromSpark']);
  });
  it('goes on with Spark above the size that DuckDB may take', async () => {
    const { lake } = await rejectSecond();
    await lake.replay(makeDataset({ sql: MENDED, engine: { duckdb_max_bytes: 1 } }));
    expect(lake.states).toContain('PlanSilverOnSpark');
  });
});

describe('a replay that builds what is published already', () => {
  const rules = (least: number, column = 'id') => `Rules = [ RowCount > ${least}, IsComplete "${column}" labels = ["severity" = "warn"] ]`;
  const GAP = 'id,amount\n1,10\n2,\n3,30\n';
  const lenient = (ruleset: string) => makeDataset({ sql: 'select id, try_cast(amount as integer) as amount, _source, _member, _line from bronze.amounts', rules: ruleset });
  const outcomes = ({ quality }: RunRecord) => Object.fromEntries(quality.filter(({ rule }) => /^(RowCount > [1-9]|IsComplete)/.test(rule)).map(({ rule, outcome }) => [rule, outcome]));

  it.each(['duckdb', 'spark'] as const)('is rejected by a rule that was mended, as judged of what %s built: readers keep their release', async (engine) => {
    const lake = new TestLake();
    const published = await lake.fetch(FIRST, makeDataset({ rules: rules(2) }));
    const observed = (await readManifest(lake.store, 'drug-list'))?.manifest.observed;
    const strict = makeDataset({ rules: rules(3000) });
    const record = await lake.replay(strict, 'latest', { engine });
    expect(record).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('RowCount > 3000') });
    expect(outcomes(record)).toMatchObject({ 'RowCount > 3000': 'failed' });
    expect(lake.states.slice(-3)).toEqual(['QualityGate', 'Reject', 'Notify']);
    const manifest = present(await readManifest(lake.store, 'drug-list')).manifest;
    expect({ current: manifest.current?.runId, observed: manifest.observed }).toEqual({ current: published.runId, observed });
    // Not taken for seen: the source is asked, and what it offers is judged again.
    lake.offered = FIRST;
    expect(await lake.run(strict)).toMatchObject({ outcome: 'rejected' });
  });
  it.each(['duckdb', 'spark'] as const)('is unchanged where its rules pass, and its record has what the gate found of what %s built, warnings too', async (engine) => {
    const lake = new TestLake();
    const first = await lake.fetch(GAP, lenient(rules(2)));
    expect(outcomes(first)).toEqual({ 'RowCount > 2': 'passed', 'IsComplete "id"': 'passed' });
    const mended = lenient(rules(1, 'amount'));
    const before = await lake.files('silver/');
    const record = await lake.replay(mended, 'latest', { engine });
    expect(record).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('content hashes') });
    expect(outcomes(record)).toEqual({ 'RowCount > 1': 'passed', 'IsComplete "amount"': 'warned' });
    expect(lake.states.slice(-4)).toEqual(['QualityGate', 'Skip', 'Catalog', 'Notify']);
    expect(await lake.files('silver/')).toEqual(before);
    expect(await lake.fetch(GAP, mended)).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('304'), quality: [] });
    expect(lake.states).toEqual(['BeginRun', 'FetchAndHash', 'Skip', 'Catalog', 'Notify']);
  });
  it('leaves nothing that was built behind, even where its process dies between its record and the deletion', async () => {
    const lake = new TestLake();
    await lake.fetch(FIRST);
    const before = await lake.files('silver/');
    const { runId } = await lake.replay(makeDataset());
    await lake.store.write(`${keys.modelPrefix('silver', 'drug-list', formatVersion(systemClock.now()), runId)}amounts/part-0.parquet`, 'left');
    await lake.openDeadRun(runId);
    await lake.fetch(FIRST);
    expect(await lake.files('silver/')).toEqual(before);
    expect(await lake.ledger.getRun(runId)).toMatchObject({ outcome: 'unchanged' });
  });
  it('counts in no history: a rule about the past sees each release once', async () => {
    const lake = new TestLake();
    await lake.fetch(FIRST, makeDataset({ rules: rules(2) }));
    for (const least of [1, 0]) expect((await lake.replay(makeDataset({ rules: rules(least) }))).outcome).toBe('unchanged');
    const record = await lake.fetch(THIRD, makeDataset({ rules: 'Rules = [ RowCount > sum(last(3)) ]' }));
    expect(record).toMatchObject({ outcome: 'published' });
  });
});

describe('a replay of an older release', () => {
  it('is made only when it is named, says so, and does not count as having seen what the source offers now', async () => {
    const lake = new TestLake();
    const dataset = makeDataset();
    const first = await lake.fetch(FIRST, dataset);
    const third = await lake.fetch(THIRD, dataset);
    const record = await lake.replay(dataset, first.runId);
    expect(record).toMatchObject({ outcome: 'published', change: expect.stringContaining(`older than the release that was current, ${third.runId}`) });
    expect(await lake.query('select count(*)::integer from drug_list.amounts')).toEqual([[3]]);

    expect(await lake.fetch(THIRD, dataset)).toMatchObject({ outcome: 'published', change: expect.stringContaining('content has changed') });
    expect(lake.askedWith.at(-1)).toBe(sha256Of(FIRST));
    expect(await lake.query('select count(*)::integer from drug_list.amounts')).toEqual([[5]]);
  });
  it('that fails changes nothing of what the next run compares with', async () => {
    const lake = new TestLake();
    const dataset = makeDataset();
    const first = await lake.fetch(FIRST, dataset);
    await lake.fetch(THIRD, dataset);
    expect((await lake.replay(makeDataset({ sql: 'select nothing from bronze.amounts' }), first.runId)).outcome).toBe('failed');
    expect(await lake.fetch(THIRD, dataset)).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('304') });
  });
  it('is not what "latest" means, whether the newer bronze is gone or a rollback made an older release current', async () => {
    const lake = new TestLake();
    const dataset = makeDataset();
    const first = await lake.fetch(FIRST, dataset);
    const third = await lake.fetch(THIRD, dataset);
    await rollback({ store: lake.store, clock: systemClock }, { dataset: 'drug-list' });
    expect((await findReplayedRun(lake.store, { dataset: 'drug-list', wanted: 'latest' })).record.runId).toBe(third.runId);
    await rollback({ store: lake.store, clock: systemClock }, { dataset: 'drug-list', to: third.runId });
    await lake.store.delete(await lake.files(keys.bronzePrefix('drug-list', third.runId)));
    await expect(findReplayedRun(lake.store, { dataset: 'drug-list', wanted: 'latest' })).rejects.toThrow(`inlet replay drug-list --run ${first.runId}`);
  });
});

describe('what a replay is refused for', () => {
  const refusal = async (lake: TestLake, run: string, dataset = makeDataset()) => {
    const record = await lake.replay(dataset, run);
    expect(record).toMatchObject({ outcome: 'failed', release: null });
    expect(record.replay).toBeUndefined();
    return present(record.error);
  };

  it('a run that is not of this dataset', async () => {
    const { lake } = await rejectSecond();
    expect(await refusal(lake, '20200101T000000Z-0123456789ab')).toMatchObject({ name: 'UsageError', message: expect.stringMatching(/drug-list.*no such run.*inlet history drug-list/s) });
  });
  it('a dataset that has no run', async () => {
    expect(await refusal(new TestLake(), 'latest')).toMatchObject({ name: 'UsageError', message: expect.stringContaining('inlet run drug-list') });
  });
  it('a run that failed, and one that found nothing new', async () => {
    const lake = new TestLake();
    await lake.fetch(FIRST);
    const unchanged = await lake.fetch(FIRST);
    expect(await refusal(lake, unchanged.runId)).toMatchObject({ name: 'UsageError', message: expect.stringContaining('ended as unchanged') });
    const failed = await lake.fetch(SECOND, makeDataset({ sql: 'select nothing from bronze.amounts' }));
    expect(await refusal(lake, failed.runId)).toMatchObject({ name: 'UsageError', message: expect.stringContaining('ended as failed') });
  });
  it('bronze that is gone, or no longer whole', async () => {
    const { lake, rejected } = await rejectSecond();
    const files = await lake.files(keys.bronzePrefix('drug-list', rejected.runId));
    const parquet = present(files.find((key) => key.endsWith('.parquet')));
    await lake.store.write(parquet, 'cut');
    expect(await refusal(lake, 'latest')).toMatchObject({ name: 'UnknownReleaseError', message: expect.stringContaining('3 bytes') });
    await lake.store.delete(files);
    expect(await refusal(lake, rejected.runId)).toMatchObject({ name: 'UnknownReleaseError', message: expect.stringContaining('_bronze.json') });
  });
  it('what was left beside bronze, where it is not what it should be', async () => {
    const { lake, rejected } = await rejectSecond();
    await lake.store.write(`${keys.bronzePrefix('drug-list', rejected.runId)}_bronze.json`, '{"formatVersion":1}');
    expect(await refusal(lake, 'latest')).toMatchObject({ name: 'CorruptManifestError', message: expect.stringContaining(rejected.runId) });
  });
  it.each([
    ['encoding', { format: { encoding: 'latin-1' } }],
    ['column', { tables: [{ name: 'amounts', members: ['*'], columns: [{ name: 'id', source: 'id' }, { name: 'amount', source: 'amount', aliases: ['sum'] }] }] }],
    ['contract', { contract: { new_columns: 'allow' } }],
  ])('bronze that another %s would make otherwise: to publish it would hide that from the next run', async (_what, over) => {
    const { lake } = await rejectSecond();
    expect(await refusal(lake, 'latest', makeDataset({ sql: MENDED, ...over }))).toMatchObject({ name: 'PermanentError', message: expect.stringContaining('inlet run drug-list') });
  });
  it('nothing that shapes only what is built of bronze', async () => {
    const { lake } = await rejectSecond();
    expect((await lake.replay(makeDataset({ sql: MENDED, format: { null_tokens: ['', 'n/a'] } }))).outcome).toBe('published');
  });
});

describe('the bronze that a replay uses', () => {
  const DAY_MS = 86_400_000;
  const gc = (lake: TestLake, { config }: Dataset, days: number) =>
    collectGarbage({ store: lake.store, ledger: lake.ledger, clock: fixedClock(new Date(Date.now() + days * DAY_MS).toISOString()) }, config, { dryRun: false });
  const keepOne = { retention: { releases: 1, raw_days: 1, quarantine_days: 10 } };

  it('is kept as long as its release, whatever becomes of the run that wrote it', async () => {
    const { lake } = await rejectSecond();
    const dataset = makeDataset({ sql: MENDED, ...keepOne });
    await lake.replay(dataset);
    await gc(lake, dataset, 100);
    expect(await lake.query('select count(*)::integer from drug_list_bronze.amounts')).toEqual([[4]]);
    expect((await lake.replay(dataset)).outcome).toBe('unchanged');
    await lake.fetch(THIRD, dataset);
    await gc(lake, dataset, 100);
    expect(await lake.query('select count(*)::integer from drug_list_bronze.amounts')).toEqual([[5]]);
    expect((await lake.files('bronze/')).every((key) => key.includes('/run='))).toBe(true);
    expect(new Set((await lake.files('bronze/')).map((key) => key.split('/')[2]))).toEqual(new Set([`run=${(await lake.current()).runId}`]));
  });
  it('is kept of the last rejected run for as long as its quarantine, through a chain of replays', async () => {
    const { lake } = await rejectSecond();
    const dataset = makeDataset({ sql: MENDED, ...keepOne });
    expect((await lake.replay(makeDataset({ sql: STRICT.replace('no number', 'wrong'), ...keepOne }))).outcome).toBe('rejected');
    await gc(lake, dataset, 5);
    expect((await findReplayedRun(lake.store, { dataset: 'drug-list', wanted: 'latest' })).record.outcome).toBe('rejected');
    expect((await lake.replay(dataset)).replay).toMatchObject({ recovered: 1 });
  });
  it('is deleted with the quarantine of a rejected run that nobody replayed', async () => {
    const { lake, rejected } = await rejectSecond();
    await gc(lake, makeDataset(keepOne), 11);
    expect(await lake.files(keys.bronzePrefix('drug-list', rejected.runId))).toEqual([]);
  });
  it('is not deleted while a run is open, which may be using it', async () => {
    const lake = new TestLake();
    const dataset = makeDataset(keepOne);
    const first = await lake.fetch(FIRST, dataset);
    await lake.fetch(THIRD, dataset);
    await lake.ledger.beginRun({ dataset: 'drug-list', owner: { executionId: 'open', host: 'h', pid: 1 }, requestedAt: new Date() });
    const bronze = keys.bronzePrefix('drug-list', first.runId);
    expect((await gc(lake, dataset, 100)).deletedKeys.filter((key) => key.startsWith(bronze))).toEqual([]);
    await lake.ledger.endRun('open', first);
    expect((await gc(lake, dataset, 100)).deletedKeys.filter((key) => key.startsWith(bronze))).toHaveLength(3);
  });
  it('outlives a replay that fails', async () => {
    const { lake, rejected } = await rejectSecond();
    const before = await lake.files('bronze/');
    const failed = await lake.replay(makeDataset({ sql: 'select nothing from bronze.amounts' }));
    expect(failed).toMatchObject({ outcome: 'failed', release: rejected.release, replay: { runId: rejected.runId, recovered: 0 } });
    expect(await lake.files('bronze/')).toEqual(before);
    expect((await lake.replay(makeDataset({ sql: MENDED }))).outcome).toBe('published');
  });
  it('outlives a replay whose process dies, of which the sweep leaves nothing else', async () => {
    const { lake, rejected } = await rejectSecond();
    const before = await lake.files('bronze/');
    const dead = await lake.dieReplaying(makeDataset({ sql: MENDED }));
    expect(await lake.files(keys.bronzePrefix('drug-list', dead))).not.toEqual([]);
    const record = await lake.replay(makeDataset({ sql: MENDED }));
    expect(record).toMatchObject({ outcome: 'published', replay: { runId: rejected.runId, recovered: 1 } });
    expect((await lake.files('bronze/')).filter((key) => !key.includes(record.runId))).toEqual(before);
    expect(await lake.ledger.getRun(dead)).toMatchObject({ outcome: 'failed', error: { name: 'ProcessDiedError' } });
  });
  it('is spared by the sweep even where the run that wrote it counts as dead, because a release has it', async () => {
    const { lake, rejected } = await rejectSecond();
    const dataset = makeDataset({ sql: MENDED });
    await lake.replay(dataset);
    const before = await lake.files(keys.bronzePrefix('drug-list', rejected.runId));
    await lake.store.delete([keys.runRecordKey('drug-list', rejected.runId)]);
    await lake.openDeadRun(rejected.runId);
    await lake.fetch(SECOND, dataset);
    expect(await lake.ledger.openRuns('drug-list')).toEqual([]);
    expect(await lake.files(keys.bronzePrefix('drug-list', rejected.runId))).toEqual(before);
  });
  it('is looked for once more before the release is published', async () => {
    const { lake, rejected } = await rejectSecond();
    const files = await lake.files(keys.bronzePrefix('drug-list', rejected.runId));
    const observe: PipelineDeps['observe'] = (event) => void (event.type === 'state-entered' && event.state === 'QualityGate' && lake.store.delete(files));
    const record = await lake.run(makeDataset({ sql: MENDED }), { replay: 'latest' }, { observe });
    expect(record).toMatchObject({ outcome: 'failed', error: { name: 'UnknownReleaseError' } });
  });
});
