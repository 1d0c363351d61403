import type { DatasetConfig, ModelConfig } from '@inlet/dataset';
import fc from 'fast-check';
import { checkRules } from './evaluation';
import { explainFailures, findColumnsOfNoTable, judgeQuarantinedShare, listFindings, listThresholdRules, type CandidateTable } from './thresholds';

const model = (over: Partial<ModelConfig> = {}): ModelConfig => ({ name: 't', layer: 'silver', key: ['id'], order_by: [], required_columns: [], null_thresholds: {}, pii: [], masks: {}, allow_empty: false, ...over });
const config = (over: { model?: Partial<ModelConfig>; quality?: object } = {}) =>
  ({
    models: [model(over.model)],
    data_quality: { critical_null_threshold: 1, required_columns: [], max_quarantined_share: 0.1, row_count_change: { max_drop: 0.5, max_growth: 2 }, ...over.quality },
  }) as unknown as DatasetConfig;
const table = (over: Partial<CandidateTable> = {}): CandidateTable => ({
  name: 't',
  layer: 'silver',
  rows: 100,
  files: [],
  columns: [],
  quarantined: 0,
  superseded: 0,
  stats: [{ name: 'id', nulls: 0 }, { name: 'name', nulls: 20 }],
  findings: [],
  ...over,
});

/** What the rules of the thresholds say of a table, with nothing but its counts to go by, and the checks beside them. */
async function judge(candidate: CandidateTable, settings: DatasetConfig = config(), previousRows?: number) {
  const [modelConfig = model()] = settings.models;
  const thresholds = listThresholdRules({ config: settings, model: modelConfig, table: candidate, previousRows });
  const rules = thresholds.map(({ rule }) => rule);
  const columns = candidate.stats.map(({ name }) => ({ name, type: 'VARCHAR' }));
  const known = { rows: candidate.rows, nulls: new Map(candidate.stats.map(({ name, nulls }) => [name, nulls])), uniqueKey: modelConfig.key };
  const results = await checkRules({ metadata: [], dataSources: [], variables: [], defaultLabels: [], analyzers: [], warnings: [], rules }, {
    primary: { from: 'nowhere', columns, known },
    query: async (sql) => Promise.reject(new Error(`a threshold asked for a scan: ${sql}`)),
    history: (metric) => (metric === 'Dataset.*.RowCount' && previousRows !== undefined ? [{ at: '2026-11-20T00:00:00Z', value: previousRows }] : []),
    now: new Date('2026-11-21T00:00:00Z'),
  });
  const explained = results.map((result, index) => (result.outcome === 'failed' ? { ...result, reason: thresholds[index]?.failure ?? '' } : result));
  return [...explained, judgeQuarantinedShare({ config: settings, table: candidate })];
}
const failures = async (...given: Parameters<typeof judge>) => (await judge(...given)).filter(({ outcome }) => outcome !== 'passed');

describe('the thresholds of a dataset', () => {
  it('pass a good table, with a metric for every rule, and without a look at its rows', async () => {
    const results = await judge(table(), config(), 100);
    expect(results.map(({ outcome, reason }) => [outcome, reason ?? null])).toEqual(results.map(() => ['passed', null]));
    expect(results.map(({ rule }) => rule)).toEqual(['RowCount > 0', 'IsPrimaryKey "id"', '(RowCount >= 0.5 * last()) and (RowCount <= 3 * last())', 'QuarantinedShare <= 0.1']);
    for (const { metrics } of results) expect(Object.keys(metrics).length).toBeGreaterThan(0);
  });
  it.each<[string, CandidateTable, DatasetConfig, number | undefined, string, RegExp]>([
    ['an empty table', table({ rows: 0, stats: [{ name: 'id', nulls: 0 }] }), config(), undefined, 'RowCount > 0', /^the table is empty$/],
    ['a NULL in a required column', table(), config({ quality: { required_columns: ['name'] } }), undefined, 'IsComplete "name"', /^20 of 100 rows have no value$/],
    ['a NULL in a column that the model requires', table(), config({ model: { required_columns: ['name'] } }), undefined, 'IsComplete "name"', /^20 of 100 rows have no value$/],
    ['a required column that is not there', table(), config({ model: { required_columns: ['nope'] } }), undefined, 'IsComplete "nope"', /no column "nope"/],
    ['a required column that an empty table has not', table({ rows: 0 }), config({ model: { required_columns: ['nope'], allow_empty: true } }), undefined, 'ColumnExists "nope"', /^there is no such column$/],
    ['a null threshold for a column that is not there', table(), config({ model: { null_thresholds: { nmae: 0.5 } } }), undefined, 'ColumnExists "nmae"', /^there is no such column$/],
    ['too many NULLs in any column', table(), config({ quality: { critical_null_threshold: 0.1 } }), undefined, 'Completeness "name" >= 0.9', /^20 % have no value, allowed are 10 %$/],
    ['too many NULLs in one column', table(), config({ model: { null_thresholds: { name: 0.19 } } }), undefined, 'Completeness "name" >= 0.81', /^20 % have no value, allowed are 19 %$/],
    ['too much quarantine', table({ quarantined: 20 }), config(), undefined, 'QuarantinedShare <= 0.1', /^20 of 120 rows \(16\.7 %\) are quarantined, allowed are 10 %$/],
    ['rows gone', table({ rows: 49 }), config(), 100, '(RowCount >= 0.5 * last()) and (RowCount <= 3 * last())', /^49 rows, the last release has 100 \(-51 %\)$/],
    ['rows come from nowhere', table({ rows: 301 }), config(), 100, '(RowCount >= 0.5 * last()) and (RowCount <= 3 * last())', /\+201 %/],
  ])('fail %s', async (_what, candidate, settings, previousRows, rule, reason) => {
    const failed = await failures(candidate, settings, previousRows);
    expect(failed.map((result) => result.rule)).toEqual([rule]);
    expect(failed[0]?.reason).toMatch(reason);
  });
  it('stop exactly at the limits', async () => {
    expect(await failures(table({ rows: 90, quarantined: 10, stats: [{ name: 'id', nulls: 0 }] }))).toEqual([]);
    expect(await failures(table({ rows: 50 }), config(), 100)).toEqual([]);
    expect(await failures(table({ rows: 300 }), config(), 100)).toEqual([]);
    expect(await failures(table(), config({ model: { null_thresholds: { name: 0.2 } } }))).toEqual([]);
  });
  it('let a table be empty where the model may be, and do not compare with an empty one', async () => {
    const empty = table({ rows: 0, stats: [{ name: 'id', nulls: 0 }] });
    expect(await failures(empty, config({ model: { allow_empty: true, required_columns: ['id'] }, quality: { critical_null_threshold: 0 } }))).toEqual([]);
    expect(await failures(table(), config(), 0)).toEqual([]);
  });
  it('take no column for one with a threshold of its own, whatever it is called', async () => {
    const odd = table({ stats: [{ name: 'id', nulls: 0 }, { name: 'constructor', nulls: 20 }, { name: '__proto__', nulls: 20 }] });
    const found = await failures(odd, config({ quality: { critical_null_threshold: 0.1 } }));
    expect(found.map(({ rule }) => rule)).toEqual(['Completeness "constructor" >= 0.9', 'Completeness "__proto__" >= 0.9']);
  });
  it('are DQDL at any limit and for any column', () => {
    const name = fc.string({ minLength: 1, maxLength: 10 }).filter((text) => !/^[\d:/ .-]+([AP]M)?$/.test(text));
    fc.assert(
      fc.property(name, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e30, noNaN: true }), (column, limit, max_growth) => {
        const settings = config({ quality: { critical_null_threshold: limit, row_count_change: { max_drop: limit, max_growth } } });
        const rules = listThresholdRules({ config: settings, model: model(), table: table({ stats: [{ name: column, nulls: 0 }] }), previousRows: 5 });
        expect(rules.length).toBe(limit < 1 ? 4 : 3);
      }),
    );
  });
});

describe('the checks that DQDL has no words for', () => {
  it('warn of findings without failing', async () => {
    const results = listFindings(table({ findings: [{ finding: 'odd', rows: 2 }] }));
    expect(results).toEqual([{ table: 't', rule: 'Finding "odd"', outcome: 'warned', metrics: { 'Dataset.*.FindingCount': 2 }, reason: '2 rows' }]);
    expect(explainFailures(results)).toBeNull();
  });
  it('find a required column that no table has', () => {
    const settings = config({ quality: { required_columns: ['nope', 'id'] } });
    expect(findColumnsOfNoTable(settings, [table()])).toMatchObject([{ table: '*', rule: 'ColumnExists "nope"', outcome: 'error' }]);
  });
});

describe('explainFailures', () => {
  it('names the first few of many, and no warning', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ table: 't', rule: `R${index}`, outcome: 'failed' as const, metrics: {}, reason: 'no' }));
    const others = ['warned', 'quarantined', 'passed'].map((outcome) => ({ table: 't', rule: 'other', outcome: outcome as 'warned', metrics: {} }));
    expect(explainFailures([...others, ...many])).toMatch(/^7 of 10 checks failed: t: R0 \(no\);.*R4 \(no\) and 2 more\.$/);
    expect(explainFailures(others)).toBeNull();
  });
});
