import { createHash } from 'node:crypto';
import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { emptyManifest, keys, publishRelease, writeManifestText, type QualityResult, type Release } from '@inlet/manifest';
import { parseRuleset, printBareRule } from '@inlet/quality';
import { memoryLedger, memoryStore } from '@inlet/testing';
import { fixedClock } from '@inlet/time';
import { judgeRelease, type CheckedRule, type Engine, type FetchResult, type PipelineDeps, type QualityPlan, type QualityReport, type SilverTableReport } from '../index';
import { readDocument, type GateDocument } from '../reports';

const sha256 = 'a'.repeat(64);
const at = '2026-11-20T21:00:00.000Z';
const runId = '20261120T210000Z-aaaaaaaaaaaa';

const makeDataset = (rules = '', model: object = {}): Dataset => ({
  config: parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.csv',
    schedule: { expression: 'rate(1 days)' },
    tables: [{ name: 't', members: ['*'], columns: [{ name: 'id', source: 'id' }] }],
    models: [{ name: 'm', parent: 't', key: ['id'], ...model }],
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
  }),
  models: [{ name: 'm', sql: 'select * from bronze.t' }],
  rules,
});

const built = (over: Partial<SilverTableReport> = {}): SilverTableReport => ({
  name: 'm', layer: 'silver', rows: 10, files: [{ key: 'silver/m.parquet', rows: 10, bytes: 1 }], columns: [{ name: 'id', type: 'VARCHAR' }], contentHash: sha256,
  quarantined: 0, superseded: 0, stats: [{ name: 'id', type: 'VARCHAR', nulls: 0 }], findings: [], ...over,
});

interface Setting {
  rules?: string;
  model?: object;
  table?: Partial<SilverTableReport>;
  /** What the engine answers to rules, by their text; the others pass. */
  answers?: Record<string, Partial<CheckedRule>>;
  analyzers?: QualityReport['tables'][number]['analyzers'];
  /** Rows of the release that is published. */
  previousRows?: number;
}

async function judge({ rules = '', model, table, answers = {}, analyzers = [], previousRows }: Setting = {}) {
  const store = memoryStore();
  const source = { name: 'drug_list', url: 'https://example.org/list.csv', fileName: 'list.csv', rawKey: 'raw/x', sha256, bytes: 5, membersSha256: sha256, lastModified: 'Fri, 20 Nov 2026 20:00:00 GMT' };
  const fetch: FetchResult = { changed: true, reason: '', runId, version: '2026-11-20', sha256, bytes: 5, fingerprint: sha256, baseRunId: null, sources: [source] };
  if (previousRows !== undefined) {
    const release: Release = { runId: '20261119T210000Z-bbbbbbbbbbbb', version: '2026-11-19', sha256, bytes: 1, publishedAt: at, fingerprint: sha256, sources: [source], tables: [built({ rows: previousRows })], schemaChanges: [] };
    await store.write(keys.manifestKey('drug-list'), writeManifestText(publishRelease(emptyManifest('drug-list'), release, { keep: 2, observed: { at, runId: release.runId, fingerprint: sha256, sources: [] } })));
  }
  await store.write('bronze.json', JSON.stringify({ tables: [{ name: 't', layer: 'bronze', rows: 10, files: [], columns: [{ name: 'id', type: 'VARCHAR' }], quarantined: 0, superseded: 0 }] }));
  await store.write('silver.json', JSON.stringify({ tables: [built(table)] }));
  const plans: QualityPlan[] = [];
  const engine: Partial<Engine> = {
    checkTables: async (plan) => {
      plans.push(plan);
      const answer = (rule: string): CheckedRule => ({ rule, outcome: 'passed', metrics: {}, reason: null, failedRows: null, ...answers[rule] });
      const tables = plan.tables.map(({ name, ruleset }) => ({ name, results: parseRuleset(ruleset).rules.map((rule) => answer(printBareRule(rule))), analyzers }));
      return { engine: { name: 'fake', version: '0' }, tables };
    },
  };
  const deps = { store, ledger: memoryLedger(), clock: fixedClock(at), scratchDir: '/nowhere', engine: async () => engine, observe: () => undefined } as unknown as PipelineDeps;
  const gate = await judgeRelease(deps, makeDataset(rules, model), { fetch, bronze: { engine: 'duckdb', reportKey: 'bronze.json', rows: 10, textBytes: 100 }, silver: { engine: 'duckdb', reportKey: 'silver.json', rows: 10, changed: true } });
  const document = await readDocument<GateDocument>(store, gate.resultsKey);
  const [plan] = plans;
  if (plan === undefined) throw new RangeError('the engine was not asked');
  return { gate, document, plan, results: document.results };
}

const labelled = (severity: string) => `labels = ["severity" = "${severity}"]`;
const brief = ({ rule, outcome, severity, reason, failedRows }: QualityResult) => [rule, outcome, severity, reason, failedRows];

describe('judgeRelease', () => {
  it('writes down who judged, when, by which rules, and how', async () => {
    const rules = 'Rules = [ RowCount > 5 ]\n';
    const { document, gate } = await judge({ rules });
    expect(document).toMatchObject({ engine: { name: 'fake', version: '0' }, judgedAt: at, rulesetSha256: createHash('sha256').update(rules).digest('hex'), passed: true, reason: null });
    expect(gate).toEqual({ passed: true, reason: null, resultsKey: `silver/drug-list/version=2026-11-20/run=${runId}/_gate.json` });
  });
  it('asks thresholds and rules in one report, in this order, whatever the default labels say', async () => {
    const { results } = await judge({ rules: `DefaultLabels = ["severity" = "warn"] Rules = [ RowCount > 5, ColumnCount = 1 ${labelled('critical')} ]`, previousRows: 10 });
    expect(results.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['QuarantinedShare <= 0.01', 'critical'],
      ['RowCount > 0', 'critical'],
      ['IsPrimaryKey "id"', 'critical'],
      ['(RowCount >= 0.5 * last()) and (RowCount <= 3 * last())', 'critical'],
      ['RowCount > 5', 'warn'],
      ['ColumnCount = 1', 'critical'],
    ]);
    expect(results.every(({ table, outcome }) => table === 'm' && outcome === 'passed')).toBe(true);
  });
  it.each([
    ['critical', 'failed', 'failed', false],
    ['critical', 'error', 'error', false],
    ['warn', 'failed', 'warned', true],
    ['warn', 'error', 'warned', true],
  ] as const)('a rule that is %s and %s is %s', async (severity, outcome, told, passed) => {
    const answers = { 'ColumnCount = 2': { outcome, reason: 'ColumnCount is 1.', metrics: { 'Dataset.*.ColumnCount': 1 }, failedRows: 3, evaluatedRule: 'ColumnCount = 2' } };
    const { gate, results } = await judge({ rules: `Rules = [ ColumnCount = 2 ${labelled(severity)} ]`, answers });
    expect(results.find(({ rule }) => rule === 'ColumnCount = 2')).toEqual({ table: 'm', rule: 'ColumnCount = 2', outcome: told, severity, reason: 'ColumnCount is 1.', metrics: { 'Dataset.*.ColumnCount': 1 }, failedRows: 3, evaluatedRule: 'ColumnCount = 2' });
    expect(gate.passed).toBe(passed);
    if (!passed) expect(gate.reason).toBe('1 of 4 checks failed: m: ColumnCount = 2 (ColumnCount is 1.).');
  });
  it('keeps what analyzers gathered, and warns of one that goes with no table', async () => {
    const gathered = { analyzer: 'Completeness "id"', outcome: 'passed' as const, metrics: { 'Column.id.Completeness': 1 }, reason: null };
    const stray = { analyzer: 'Mean "di"', outcome: 'error' as const, metrics: {}, reason: 'There is no column "di".' };
    const { results, gate } = await judge({ analyzers: [gathered, stray] });
    expect(gate.passed).toBe(true);
    expect(results.slice(-2)).toEqual([
      { table: 'm', rule: 'Completeness "id"', outcome: 'passed', metrics: { 'Column.id.Completeness': 1 } },
      { table: 'm', rule: 'Mean "di"', outcome: 'warned', severity: 'warn', metrics: {}, reason: 'There is no column "di".' },
    ]);
  });
  it('tells of rules that quarantined rows where they stand, and asks them no more', async () => {
    const rules = `Rules = [ IsComplete "id" ${labelled('quarantine')}, RowCount > 1, ColumnLength "id" > 2 ${labelled('quarantine')} ]`;
    const { results, plan, gate } = await judge({ rules, table: { rowRules: [{ rule: 'IsComplete "id"', failedRows: 2 }, { rule: 'ColumnLength "id" > 2', failedRows: 0 }] } });
    expect(results.slice(3).map(brief)).toEqual([
      ['IsComplete "id"', 'quarantined', 'quarantine', '2 rows do not meet it and are quarantined.', 2],
      ['RowCount > 1', 'passed', 'critical', undefined, undefined],
      ['ColumnLength "id" > 2', 'passed', 'quarantine', undefined, 0],
    ]);
    expect(gate.passed).toBe(true);
    expect(plan.tables[0]?.ruleset).not.toMatch(/quarantine/);
  });
  it('says of a threshold what the config says, and of an error what the engine does', async () => {
    const rowCount = '(RowCount >= 0.5 * last()) and (RowCount <= 3 * last())';
    const { gate } = await judge({ previousRows: 100, answers: { [rowCount]: { outcome: 'failed', reason: 'RowCount is 10.' }, 'RowCount > 0': { outcome: 'error', reason: 'The disk is full.' } } });
    expect(gate.reason).toBe(`2 of 4 checks failed: m: RowCount > 0 (The disk is full.); m: ${rowCount} (10 rows, the last release has 100 (-90 %)).`);
  });
  it('lets nothing pass of which a rule that quarantines was not asked', async () => {
    const { results, gate } = await judge({ rules: `Rules = [ IsComplete "id" ${labelled('quarantine')} ]` });
    expect(results).toContainEqual(expect.objectContaining({ rule: 'IsComplete "id"', outcome: 'error', severity: 'quarantine' }));
    expect(gate.passed).toBe(false);
  });
  it('lets nothing pass that was to be masked or accounted for, and of which the build does not say so', async () => {
    const model = { parent: undefined, splits: { table: 't' }, masks: { id: { method: 'hash' } } };
    const { results, gate } = await judge({ model });
    expect(gate.passed).toBe(false);
    expect(results.filter(({ outcome }) => outcome === 'error').map(({ rule }) => rule)).toEqual(['Masked "id"', 'EachRowOf "t"']);
    const parents = { table: 't', rows: 10, built: 10, quarantined: 0, superseded: 0, empty: 0 };
    expect((await judge({ model, table: { masked: ['id'], parents } })).gate.passed).toBe(true);
  });
  it('rejects a release with too much in quarantine, whatever put it there', async () => {
    const rules = `Rules = [ IsComplete "id" ${labelled('quarantine')} ]`;
    expect((await judge({ rules, table: { quarantined: 5, rowRules: [{ rule: 'IsComplete "id"', failedRows: 5 }] } })).gate).toMatchObject({ passed: false, reason: expect.stringContaining('5 of 15 rows (33.3 %) are quarantined') });
  });
});

describe('the plan for the gate', () => {
  it('says what is known, so that nobody counts it again', async () => {
    const { plan } = await judge({ previousRows: 8 });
    expect(plan.tables).toMatchObject([{ name: 'm', known: { rows: 10, nulls: { id: 0 }, uniqueKey: ['id'] }, references: [], pii: [], history: { 'Dataset.*.RowCount': [{ at, value: 8 }] } }]);
    expect(plan).toMatchObject({ dataset: 'drug-list', runId, now: at, files: [] });
  });
  it('claims no key where the build has counted NULLs in it', async () => {
    expect((await judge({ table: { stats: [{ name: 'id', type: 'VARCHAR', nulls: 1 }] } })).plan.tables[0]?.known).toEqual({ rows: 10, nulls: { id: 1 } });
  });
  it('names the tables that rules compare with, the personal columns, and the files', async () => {
    const { plan } = await judge({ rules: 'Rules = [ RowCountMatch "bronze_t" = 1.0 ]', model: { pii: ['id'] } });
    expect(plan.tables[0]).toMatchObject({ references: ['bronze_t'], pii: ['id'] });
    expect(plan.relations.map(({ name, layer }) => [name, layer])).toEqual([['m', 'silver'], ['bronze_t', 'bronze']]);
    expect(plan.files).toEqual([{ path: 'https://example.org/list.csv', rawKey: 'raw/x', sizeBytes: 5, lastModified: '2026-11-20T20:00:00.000Z' }]);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});

describe('a release that was judged while it was built', () => {
  const glue = (results: Partial<CheckedRule>[]) => ({
    quality: { engine: 'glue', results: results.map((result) => ({ rule: '', outcome: 'passed' as const, metrics: {}, reason: null, failedRows: null, ...result })) },
  });
  const thresholds = [{ rule: 'RowCount > 0', metrics: { 'Dataset.*.RowCount': 10 } }, { rule: 'IsPrimaryKey "id"' }];

  it('is not judged again, and the gate says who did', async () => {
    const table = glue([...thresholds, { rule: 'ColumnCount = 2 labels = ["severity" = "warn"]', outcome: 'failed', reason: 'ColumnCount is 1.' }]);
    const { document, plan, results, gate } = await judge({ rules: `Rules = [ ColumnCount = 2 ${labelled('warn')} ]`, table });
    expect(plan.tables).toEqual([]);
    expect(document).toMatchObject({ engine: { name: 'glue', version: '5.0' }, passed: true });
    expect(document.completedBy).toBeUndefined();
    expect(results.map(brief)).toContainEqual(['ColumnCount = 2', 'warned', 'warn', 'ColumnCount is 1.', undefined]);
    expect(results.find(({ rule }) => rule === 'RowCount > 0')?.metrics).toEqual({ 'Dataset.*.RowCount': 10 });
    expect(gate.passed).toBe(true);
  });
  it('is rejected for a critical rule that failed there', async () => {
    const { gate } = await judge({ rules: 'Rules = [ ColumnCount = 2 ]', table: glue([...thresholds, { rule: 'ColumnCount = 2', outcome: 'failed', reason: 'ColumnCount is 1.' }]) });
    expect(gate).toMatchObject({ passed: false, reason: expect.stringContaining('m: ColumnCount = 2 (ColumnCount is 1.)') });
  });
  it('is judged here by the rules that were left open there, which the gate says as well', async () => {
    const { document, plan, results } = await judge({ rules: 'Rules = [ ColumnCount = 1, RowCount > 2 ]', table: glue([...thresholds, { rule: 'RowCount > 2' }]), previousRows: 10 });
    expect(plan.tables.map(({ ruleset }) => ruleset)).toEqual(['Rules = [\n    (RowCount >= 0.5 * last()) and (RowCount <= 3 * last()),\n    ColumnCount = 1\n]\n']);
    expect(document).toMatchObject({ engine: { name: 'glue' }, completedBy: { name: 'fake', version: '0', rules: 2 } });
    expect(results.map(({ rule }) => rule).filter((rule) => !rule.startsWith('QuarantinedShare'))).toEqual(['RowCount > 0', 'IsPrimaryKey "id"', '(RowCount >= 0.5 * last()) and (RowCount <= 3 * last())', 'ColumnCount = 1', 'RowCount > 2']);
  });
  it('is judged here alone where nothing that it was told fits a rule', async () => {
    const { document, plan } = await judge({ rules: 'Rules = [ ColumnCount = 1 ]', table: glue([{ rule: 'ColumnCount = 7', outcome: 'failed', reason: 'no' }]) });
    expect(document).toMatchObject({ engine: { name: 'fake' }, passed: true });
    expect(plan.tables[0]?.ruleset).toContain('ColumnCount = 1');
  });
  it('shows none of what was said there of a personal column', async () => {
    const { plan, results } = await judge({
      rules: 'Rules = [ Mean "id" > 5 ]',
      model: { pii: ['id'] },
      table: glue([{ rule: 'RowCount > 0' }, { rule: 'Mean "id" > 5', outcome: 'failed', metrics: { 'Column.id.Mean': 4_711 }, reason: 'Value: 4711' }]),
    });
    expect(plan.tables[0]?.ruleset).toContain('Mean "id" > 5');
    expect(JSON.stringify(results)).not.toContain('4711');
  });
});
