import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { PermanentError } from '@inlet/errors';
import { memoryLedger, memoryStore } from '@inlet/testing';
import { listTableRulesets } from '@inlet/quality';
import { fixedClock } from '@inlet/time';
import { collectSilverFromSpark, planSilverOnSpark, type FetchResult, type PipelineDeps, type SilverPlan, type SilverReport } from '../index';
import { readDocument } from '../reports';

const sha256 = 'a'.repeat(64);
const fetch: FetchResult = { changed: true, reason: '', runId: '20261120T210000Z-aaaaaaaaaaaa', version: '2026-11-20', sha256, bytes: 5, fingerprint: sha256, baseRunId: null, sources: [] };
const bronze = { engine: 'spark', reportKey: 'bronze.json', rows: 10, textBytes: 100 };

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
  models: [{ name: 'm', sql: 'select * from bronze.t' }],
  rules: 'Rules = [ ColumnCount = 1 ]',
};

const built = (quality?: unknown) => ({
  name: 'm', layer: 'silver', rows: 10, files: [], columns: [], contentHash: sha256, quarantined: 0, superseded: 0, stats: [], findings: [], ...(quality !== undefined && { quality }),
});

async function planned() {
  const store = memoryStore();
  await store.write('bronze.json', JSON.stringify({ tables: [{ name: 't', layer: 'bronze', rows: 10, files: [], columns: [{ name: 'id', type: 'VARCHAR' }], quarantined: 0, superseded: 0 }] }));
  const deps = { store, ledger: memoryLedger(), clock: fixedClock('2026-11-20T21:00:00.000Z'), scratchDir: '/nowhere', observe: () => undefined } as unknown as PipelineDeps;
  const silverPlan = await planSilverOnSpark(deps, dataset, { fetch, bronze });
  const job = await readDocument<{ plan: SilverPlan; reportKey: string }>(store, silverPlan.planKey);
  const collect = async (quality?: unknown) => {
    await store.write(job.reportKey, JSON.stringify({ tables: [built(quality)] }));
    const { reportKey } = await collectSilverFromSpark(deps, { dataset: 'drug-list', fetch, bronze, force: false, silverPlan });
    return (await readDocument<SilverReport>(store, reportKey)).tables[0]?.quality;
  };
  return { job, collect };
}

describe('the plan of silver on Spark', () => {
  it('carries the rules that are deployed beside the job', async () => {
    const { job } = await planned();
    const [deployed] = listTableRulesets(dataset);
    expect(job.plan.tables.map(({ name, ruleset }) => ({ table: name, ruleset }))).toEqual([deployed]);
    expect(deployed?.ruleset).toContain('ColumnCount = 1');
  });
});

describe('the report of silver from Spark', () => {
  it('keeps what Glue has judged', async () => {
    const { collect } = await planned();
    const result = { rule: 'ColumnCount = 1', outcome: 'passed', metrics: { 'Dataset.*.ColumnCount': 1 } };
    expect(await collect({ engine: 'glue', results: [result] })).toEqual({ engine: 'glue', results: [{ ...result, reason: null, failedRows: null }] });
    expect(await collect()).toBeUndefined();
  });
  it('is refused where its judgement cannot be read', async () => {
    const { job, collect } = await planned();
    const thrown = await collect({ engine: 'glue', results: [{ rule: 'ColumnCount = 1', outcome: 'fine', metrics: {} }] }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(PermanentError);
    expect((thrown as Error).message).toContain(job.reportKey);
  });
});
