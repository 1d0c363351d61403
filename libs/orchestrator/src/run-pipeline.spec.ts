import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { keys } from '@inlet/manifest';
import type { CheckedRule, Engine, ObjectStore, PipelineDeps, RunRequest } from '@inlet/pipeline';
import { parseRuleset, printBareRule } from '@inlet/quality';
import { memoryLedger, memoryStore, tempDir } from '@inlet/testing';
import { systemClock } from '@inlet/time';
import { runPipeline } from './index';

const TEXT = 'id\n1\n';
const sha256 = createHash('sha256').update(TEXT).digest('hex');

const dataset: Dataset = {
  config: parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.csv',
    schedule: { expression: 'rate(1 days)' },
    tables: [{ name: 't', members: ['*'], columns: [{ name: 'id', source: 'id' }] }],
    models: [{ name: 'm', parent: 't', key: ['id'] }],
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
  }),
  models: [{ name: 'm', sql: 'select id, _source, _member, _line from bronze.t' }],
  rules: '',
};
const request: RunRequest = { sources: [], force: false, engine: 'auto' };

const PASSED: Omit<CheckedRule, 'rule'> = { outcome: 'passed', metrics: {}, reason: null, failedRows: null };

/** An engine that builds one row, lets every rule pass, and writes the file that its table names. */
const engine: Engine = {
  name: 'duckdb',
  buildBronze: async ({ tables }) => ({ tables: tables.map(({ name }) => ({ name, layer: 'bronze', rows: 1, files: [], columns: [], quarantined: 0, superseded: 0 })) }),
  buildSilver: async ({ tables }, { store }) => {
    const built = tables.map(async ({ name, layer, outputPrefix }) => {
      const key = `${outputPrefix}${name}/part-0.parquet`;
      await store.write(key, 'rows');
      return { name, layer, rows: 1, files: [{ key, rows: 1, bytes: 4 }], columns: [], contentHash: sha256, quarantined: 0, superseded: 0, stats: [{ name: 'id', type: 'VARCHAR', nulls: 0 }], findings: [] };
    });
    return { tables: await Promise.all(built) };
  },
  checkTables: async ({ tables }) => ({ engine: { name: 'fake', version: '0' }, tables: tables.map(({ name, ruleset }) => ({ name, results: parseRuleset(ruleset).rules.map((rule) => ({ ...PASSED, rule: printBareRule(rule) })), analyzers: [] })) }),
  countRecovered: async ({ tables }) => ({ tables: tables.map(({ name }) => ({ name, recovered: 0 })) }),
};

function setUp(over: Partial<PipelineDeps> = {}) {
  const scratchDir = tempDir();
  const file = path.join(scratchDir, 'list.csv');
  writeFileSync(file, TEXT);
  const ledger = memoryLedger();
  const store = memoryStore();
  const deps: PipelineDeps = {
    store,
    ledger,
    source: { fetch: async () => ({ status: 'fetched', path: file, disposable: false, fileName: 'list.csv', sha256, sizeBytes: TEXT.length, headers: {} }) },
    archives: {
      listMembers: async () => [{ name: 'list.csv', sizeBytes: TEXT.length }],
      extract: async () => [{ name: 'list.csv', sha256, sizeBytes: TEXT.length, path: file, lines: 2 }],
    },
    engine: async () => engine,
    catalog: { register: async () => undefined },
    notifier: { notify: async () => undefined },
    deadLetters: { send: async () => undefined },
    clock: systemClock,
    owner: { executionId: 'e1', host: 'h', pid: 1 },
    scratchDir,
    observe: () => undefined,
    ...over,
  };
  return { deps, ledger, store };
}

async function tableFiles(store: ObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list('silver/')) if (key.endsWith('.parquet')) found.push(key);
  return found;
}

describe('runPipeline', () => {
  it('publishes, records the run, and gives the lease back', async () => {
    const { deps, ledger } = setUp();
    const record = await runPipeline(dataset, request, deps);
    expect(record).toMatchObject({ outcome: 'published', reason: null, release: { sha256 } });
    expect(await ledger.openRuns()).toEqual([]);
    await ledger.acquireLease('drug-list', { executionId: 'e2', host: 'h', pid: 1 }, 60_000);
  });
  it('lets a publication that is under way come to its end when it is interrupted', async () => {
    const interruption = new AbortController();
    const store = memoryStore();
    const write = store.write.bind(store);
    store.write = async (key, ...rest) => {
      if (key === keys.manifestKey('drug-list')) {
        interruption.abort(new Error('Ctrl-C'));
        await systemClock.sleep(1500);
      }
      return write(key, ...rest);
    };
    const { deps, ledger } = setUp({ store, signal: interruption.signal });
    const record = await runPipeline(dataset, request, deps);
    expect(record.outcome).toBe('published');
    expect(await ledger.getRun(record.runId)).toMatchObject({ outcome: 'published' });
    expect(await tableFiles(store)).toHaveLength(1);
  });
  it('knows what was fetched when it has to record a failure that the state machine could not', async () => {
    const { deps, store } = setUp();
    const { write } = store;
    let failures = 0;
    // The gate's results, and then the record of the failure.
    store.write = async (key, ...rest) => {
      if (/_gate\.json$|\/runs\//.test(key) && (failures += 1) <= 2) throw new Error('no');
      return write.call(store, key, ...rest);
    };
    const record = await runPipeline(dataset, request, deps);
    expect(record).toMatchObject({ outcome: 'failed', release: { sha256 }, error: { message: 'no' } });
    expect(record.runId).toContain(sha256.slice(0, 12));
    expect(await tableFiles(store)).toEqual([]);
  });
  it('records a failure over a manifest that nobody can read', async () => {
    const { deps, store, ledger } = setUp();
    await store.write(keys.manifestKey('drug-list'), '{');
    await ledger.beginRun({ dataset: 'drug-list', owner: { executionId: 'e0', host: 'h', pid: 0 }, requestedAt: new Date(0) });
    const record = await runPipeline(dataset, request, deps);
    expect(record).toMatchObject({ outcome: 'failed', error: { name: 'CorruptManifestError' } });
    expect(await ledger.getRun(record.runId)).toEqual(record);
  });
  it('publishes by the plans of the other engine what the first one does, and leaves none of their text behind', async () => {
    const texts: string[] = [];
    const spark: Engine = {
      ...engine,
      name: 'spark',
      buildBronze: async (plan, context) => {
        for (const { rawKey } of plan.tables.flatMap(({ inputs }) => inputs)) expect(rawKey).toMatch(/^raw\//);
        for await (const { key } of context.store.list('bronze/')) if (key.includes('/_text/')) texts.push(`${key} ${Buffer.from((await context.store.read(key))?.body ?? []).toString()}`);
        return engine.buildBronze(plan, context);
      },
    };
    const { deps, store } = setUp({ engine: async (name) => (name === 'spark' ? spark : engine) });
    const record = await runPipeline(dataset, { ...request, engine: 'spark' }, deps);
    expect(record).toMatchObject({ outcome: 'published', engine: 'spark', tables: [{ name: 't', layer: 'bronze', rows: 1 }, { name: 'm', layer: 'silver', rows: 1 }] });
    expect(texts).toEqual([`bronze/drug-list/run=${record.runId}/_text/t/part-0.txt ${TEXT}`]);
    const left: string[] = [];
    for await (const { key } of store.list('bronze/')) left.push(key.slice(key.lastIndexOf('/') + 1));
    expect(left.sort()).toEqual(['_bronze.json', '_job-report.json', '_plan.json', '_report.json']);
  });
  it('takes the other engine for a release over the size limit, and fails with the job\'s own words', async () => {
    const spark: Engine = { ...engine, name: 'spark', buildSilver: async () => Promise.reject(new Error('the job ran out of memory')) };
    const small = { ...dataset, config: { ...dataset.config, engine: { ...dataset.config.engine, duckdb_max_bytes: 1 } } };
    const { deps, store } = setUp({ engine: async () => spark });
    expect(await runPipeline(small, request, deps)).toMatchObject({ outcome: 'failed', engine: 'spark', reason: 'the job ran out of memory' });
    expect(await tableFiles(store)).toEqual([]);
  });
  it('records a run that another one keeps out, with the input it was given', async () => {
    const letters: unknown[] = [];
    const { deps, ledger } = setUp({ deadLetters: { send: async (letter) => void letters.push(letter) } });
    await ledger.acquireLease('drug-list', { executionId: 'other', host: 'h', pid: 1 }, 60_000);
    const record = await runPipeline(dataset, { ...request, force: true }, deps);
    expect(record).toMatchObject({ outcome: 'failed', release: null, error: { name: 'AlreadyRunningError' } });
    expect(letters).toMatchObject([{ dataset: 'drug-list', executionId: 'e1', input: { force: true, engine: 'auto', sources: [] }, error: { name: 'AlreadyRunningError' } }]);
    await expect(ledger.acquireLease('drug-list', { executionId: 'e3', host: 'h', pid: 1 }, 1)).rejects.toThrow('other');
  });
  it('has published when the catalog cannot follow: that leaves a dead letter, and the next unchanged run tells the catalog again', async () => {
    const letters: { error: { message: string } }[] = [];
    const registered: string[] = [];
    let isDown = true;
    const catalog = {
      register: async (_dataset: string, { runId }: { runId: string }) => {
        if (isDown) throw new Error('Glue is down');
        registered.push(runId);
      },
    };
    const { deps, store } = setUp({ catalog, deadLetters: { send: async (letter) => void letters.push(letter) } });
    const record = await runPipeline(dataset, request, deps);
    expect(record).toMatchObject({ outcome: 'published', reason: null });
    expect(letters).toMatchObject([{ error: { message: 'Glue is down' } }]);
    expect(await tableFiles(store)).toHaveLength(1);
    isDown = false;
    const next = await runPipeline(dataset, request, { ...deps, owner: { executionId: 'e2', host: 'h', pid: 1 } });
    expect(next.outcome).toBe('unchanged');
    expect(registered).toEqual([record.runId]);
  });
});
