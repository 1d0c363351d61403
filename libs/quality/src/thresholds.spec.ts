import type { DatasetConfig, ModelConfig } from '@inlet/dataset';
import { evaluateThresholds, explainFailures, type CandidateTable } from './index';

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
const failures = (candidate: CandidateTable, settings: DatasetConfig = config(), previous: CandidateTable[] = []) =>
  evaluateThresholds({ config: settings, candidate: [candidate], previous }).filter(({ outcome }) => outcome !== 'passed');

describe('evaluateThresholds', () => {
  it('passes a good table, with a metric for every rule', () => {
    const results = evaluateThresholds({ config: config(), candidate: [table()], previous: [table()] });
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'passed'));
    expect(results.map(({ rule }) => rule)).toEqual(['RowCount > 0', 'IsPrimaryKey "id"', 'QuarantinedShare <= 0.1', 'RowCount between 0.5 * last() and 3 * last()']);
    for (const { metrics } of results) expect(Object.keys(metrics).length).toBeGreaterThan(0);
  });
  it.each<[string, CandidateTable, DatasetConfig, CandidateTable[], string]>([
    ['an empty table', table({ rows: 0, stats: [{ name: 'id', nulls: 0 }] }), config(), [], 'RowCount > 0'],
    ['a NULL in a required column', table(), config({ quality: { required_columns: ['name'] } }), [], 'IsComplete "name"'],
    ['a NULL in a column that the model requires', table(), config({ model: { required_columns: ['name'] } }), [], 'IsComplete "name"'],
    ['a required column that is not there', table(), config({ model: { required_columns: ['nope'] } }), [], 'ColumnExists "nope"'],
    ['a required column that no table has', table(), config({ quality: { required_columns: ['nope'] } }), [], 'ColumnExists "nope"'],
    ['a null threshold for a column that is not there', table(), config({ model: { null_thresholds: { nmae: 0.5 } } }), [], 'ColumnExists "nmae"'],
    ['too many NULLs in any column', table(), config({ quality: { critical_null_threshold: 0.1 } }), [], 'Completeness "name" >= 0.9'],
    ['too many NULLs in one column', table(), config({ model: { null_thresholds: { name: 0.19 } } }), [], 'Completeness "name" >= 0.81'],
    ['a key that is NULL', table({ stats: [{ name: 'id', nulls: 1 }] }), config(), [], 'IsPrimaryKey "id"'],
    ['too much quarantine', table({ quarantined: 20 }), config(), [], 'QuarantinedShare <= 0.1'],
    ['rows gone', table({ rows: 49 }), config(), [table()], 'RowCount between 0.5 * last() and 3 * last()'],
    ['rows come from nowhere', table({ rows: 301 }), config(), [table()], 'RowCount between 0.5 * last() and 3 * last()'],
  ])('fails %s', (_what, candidate, settings, previous, rule) => {
    const failed = failures(candidate, settings, previous);
    expect(failed.map((result) => result.rule)).toEqual([rule]);
    expect(failed[0]?.reason).toMatch(/\d|such a? ?column|empty/);
  });
  it('stops exactly at the limits', () => {
    expect(failures(table({ rows: 90, quarantined: 10, stats: [] , superseded: 0 }), config({ model: { key: [] } }))).toEqual([]);
    expect(failures(table({ rows: 50 }), config(), [table()])).toEqual([]);
    expect(failures(table(), config({ model: { null_thresholds: { name: 0.2 } } }))).toEqual([]);
  });
  it('lets a table be empty where the model may be', () => {
    expect(failures(table({ rows: 0, stats: [{ name: 'id', nulls: 0 }] }), config({ model: { allow_empty: true } }))).toEqual([]);
  });
  it('warns of findings without failing', () => {
    const results = failures(table({ findings: [{ finding: 'odd', rows: 2 }] }));
    expect(results).toEqual([{ table: 't', rule: 'Finding "odd"', outcome: 'warned', metrics: { 'Dataset.*.FindingCount': 2 }, reason: '2 rows' }]);
    expect(explainFailures(results)).toBeNull();
  });
});

describe('explainFailures', () => {
  it('names the first few of many', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ table: 't', rule: `R${index}`, outcome: 'failed' as const, metrics: {}, reason: 'no' }));
    expect(explainFailures(many)).toMatch(/^7 of 7 checks failed: t: R0 \(no\);.*R4 \(no\) and 2 more\.$/);
  });
});
