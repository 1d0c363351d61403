import type { Relation } from './check';
import { check, checkOne, evaluateText, openLake, type TestLake } from './duckdb.test-support';

describe('composite rules', () => {
  let lake: TestLake;
  let table: Relation;
  beforeAll(async () => {
    lake = await openLake();
    table = await lake.table('t', "SELECT * FROM (VALUES (1, 'a'), (2, NULL), (0, 'c')) v(id, code)");
  });
  afterAll(() => lake.close());

  const PASSES = '(RowCount = 3)';
  const FAILS = '(IsComplete "code")';
  const ERRS = '(IsComplete "none")';
  it.each([
    [`${PASSES} and ${PASSES.replace('3', '3.0')}`, 'passed'], [`${PASSES} and ${FAILS}`, 'failed'], [`${FAILS} and ${ERRS}`, 'error'], [`${PASSES} and ${ERRS}`, 'error'],
    [`${PASSES} or ${FAILS}`, 'passed'], [`${PASSES} or ${ERRS}`, 'passed'], [`${FAILS} or ${ERRS}`, 'error'], [`${FAILS} or (RowCount > 5)`, 'failed'],
    [`${PASSES} and (${FAILS} or (ColumnCount = 2))`, 'passed'],
  ])('%s is %s', async (rule, outcome) => {
    const result = await checkOne(lake, table, rule);
    expect(result.outcome).toBe(outcome);
    expect(result.reason === null).toBe(outcome === 'passed');
  });

  it('join metrics and reasons, and count rows by the tests of a row', async () => {
    expect(await checkOne(lake, table, '(IsComplete "code") and (ColumnValues "id" > 0)')).toEqual({
      rule: '(IsComplete "code") and (ColumnValues "id" > 0)',
      outcome: 'failed',
      metrics: { 'Column.code.Completeness': 2 / 3, 'Column.id.Minimum': 0 },
      reason: '1 of 3 values are NULL; Completeness is 0.666666667, expected = 1. 1 of 3 values do not meet it.',
      failedRows: 2,
      labels: new Map(),
    });
    expect(await checkOne(lake, table, '(IsComplete "code") or (ColumnValues "id" > 0)')).toMatchObject({ outcome: 'failed', failedRows: 0 });
    expect(await checkOne(lake, table, '(IsComplete "code") or (RowCount > 5)')).toMatchObject({ outcome: 'failed', failedRows: null });
    expect(await checkOne(lake, table, '(IsUnique "code") and (IsPrimaryKey "code")')).toMatchObject({ outcome: 'failed', failedRows: 1 });
  });

  it('carry labels beside the text of the rule, the defaults among them', async () => {
    const { rules } = await evaluateText(lake, table, 'DefaultLabels = ["team" = "a", "severity" = "warn"]\nRules = [IsComplete "id" labels = ["severity" = "critical"], (RowCount > 1) and (RowCount < 9)]');
    expect(rules.map(({ rule, labels }) => [rule, Object.fromEntries(labels)])).toEqual([
      ['IsComplete "id"', { team: 'a', severity: 'critical' }],
      ['(RowCount > 1) and (RowCount < 9)', { team: 'a', severity: 'warn' }],
    ]);
  });
});

describe('personal columns', () => {
  let lake: TestLake;
  beforeEach(async () => { lake = await openLake(); });
  afterEach(() => lake.close());

  it('show no value in any reason or metric', async () => {
    const table = await lake.table('people', "SELECT 4711.5 AS salary, 'secret-4711.5' AS name, 'x' AS plain");
    const rules = ['ColumnValues "salary" > 5000', 'ColumnValues "SALARY" = 1', 'Mean "salary" > 5000', 'Sum "salary" > 5000', 'ColumnLength "name" > 99', 'ColumnValues "name" = "x"', 'DetectAnomalies "ColumnValues" "salary"', 'RowCount = 1 where "cast(name as int) > 1"', 'CustomSql "select cast(name as int) from primary" > 1'];
    const results = await check(lake, table, rules, { pii: new Set(['salary', 'name']) });
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed', 'failed', 'error', 'error', 'error']);
    expect(JSON.stringify(results.map(({ reason, metrics }) => ({ reason, metrics })))).not.toContain('4711');
    expect(results[4]?.metrics).toEqual({ 'Column.name.MinimumLength': 13 });
    expect(results[7]?.reason).toBe('Its SQL failed: Conversion Error.');
  });

  it('give analyzers no value either', async () => {
    const table = await lake.table('people', 'SELECT 4711.5 AS salary');
    const { metrics } = await evaluateText(lake, table, 'Analyzers = [AllStatistics "salary", ColumnValues "salary", Mean "salary"]', { pii: new Set(['salary']) });
    expect(Object.keys(metrics)).toContain('Column.salary.Completeness');
    expect(Object.values(metrics)).not.toContain(4711.5);
  });

  it('do not hide the metrics of other columns', async () => {
    const table = await lake.table('people', 'SELECT 1 AS salary, 2 AS other');
    expect((await checkOne(lake, table, 'ColumnValues "other" > 5', { pii: new Set(['salary']) })).metrics).toEqual({ 'Column.other.Minimum': 2 });
  });

  it('leave a reason that is bounded', async () => {
    const table = await lake.table('wide', `SELECT ${Array.from({ length: 300 }, (_, index) => `1 AS "a_rather_long_name_of_a_column_${index}"`).join(', ')}`);
    const result = await checkOne(lake, table, 'ColumnNamesMatchPattern "^z"');
    expect(result.reason?.length).toBeLessThanOrEqual(400);
    expect(result).toMatchObject({ outcome: 'failed', metrics: { 'Dataset.*.ColumnNamesPatternMatchRatio': 0 } });
  });
});
