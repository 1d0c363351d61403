import type { KnownFacts, Relation } from './check';
import { checkRules } from './check-rules';
import { check, checkOne, evaluateText, openLake, rulesetFrom, type TestLake } from './duckdb.test-support';

describe('rules on one metric', () => {
  let lake: TestLake;
  let mixed: Relation;
  let empty: Relation;
  beforeAll(async () => {
    lake = await openLake();
    const select = `SELECT * FROM (VALUES (1, 'a', 1.5, NULL), (2, 'b', 2.5, NULL), (3, 'b', -4.0, NULL), (4, NULL, NULL, NULL)) v(id, code, price, void)`;
    mixed = await lake.table('mixed', `SELECT id, code, price::DOUBLE AS price, void::DOUBLE AS void, price::DECIMAL(9,2) AS dec FROM (${select})`);
    empty = await lake.table('empty', 'SELECT * FROM mixed WHERE false');
  });
  afterAll(() => lake.close());

  it.each([
    ['RowCount = 4', 'Dataset.*.RowCount', 4],
    ['RowCount between 3 and 4', 'Dataset.*.RowCount', 4],
    ['RowCount not in [4, 5]', 'Dataset.*.RowCount', 4],
    ['RowCount = 2 where "code = \'b\'"', 'Dataset.*.RowCount', 2],
    ['ColumnCount = 5', 'Dataset.*.ColumnCount', 5],
    ['ColumnExists "code"', 'Dataset.code.ColumnExists', 1],
    ['ColumnExists "CODE"', 'Dataset.CODE.ColumnExists', 0],
    ['Completeness "code" > 0.7', 'Column.code.Completeness', 0.75],
    ['IsComplete "code"', 'Column.code.Completeness', 0.75],
    ['IsComplete "ID"', 'Column.ID.Completeness', 1],
    ['Completeness "code" = 1 where "id < 4"', 'Column.code.Completeness', 1],
    ['IsUnique "id"', 'Column.id.Uniqueness', 1],
    ['Uniqueness "code" > 0.3', 'Column.code.Uniqueness', 1 / 3],
    ['Uniqueness "code" "price" = 1', 'Multicolumn.code,price.Uniqueness', 1],
    ['UniqueValueRatio "code" = 0.5', 'Column.code.UniqueValueRatio', 0.5],
    ['DistinctValuesCount "code" = 3', 'Column.code.DistinctValuesCount', 3],
    ['Entropy "code" > 0', 'Column.code.Entropy', Math.log(3) - (2 / 3) * Math.log(2)],
    ['Mean "price" < 1', 'Column.price.Mean', 0],
    ['Sum "dec" = 0', 'Column.dec.Sum', 0],
    ['StandardDeviation "price" < 10', 'Column.price.StandardDeviation', Math.sqrt((1.5 ** 2 + 2.5 ** 2 + 16) / 3)],
    ['Variance "price" < 10', 'Column.price.Variance', (1.5 ** 2 + 2.5 ** 2 + 16) / 3],
    ['ColumnCorrelation "id" "price" < 0', 'Multicolumn.id,price.ColumnCorrelation', -5.5 / Math.sqrt(2 * (1.5 ** 2 + 2.5 ** 2 + 16))],
  ])('%s gives %s', async (rule, metric, value) => {
    const { metrics } = await checkOne(lake, mixed, rule);
    expect(Object.keys(metrics)).toEqual([metric]);
    expect(metrics[metric]).toBeCloseTo(value, 12);
  });

  it.each([
    ['RowCount between 3 and 4', 'RowCount is 4, expected between 3 and 4.'],
    ['Completeness "code" >= 0.99', '1 of 4 values are NULL; Completeness is 0.75, expected >= 0.99.'],
    ['IsUnique "code"', '2 of 3 values are not unique; Uniqueness is 0.333333333, expected = 1.'],
    ['Sum "dec" > 1', 'Over 3 values; Sum is 0, expected > 1.'],
    ['RowCount > 4500000', 'RowCount is 4, expected > 4,500,000.'],
    ['RowCount in [1000, 2000]', 'RowCount is 4, expected in [1000, 2000].'],
    ['Mean "void" > 0', 'Mean cannot be taken, for there are no values.'],
    ['ColumnCorrelation "id" "void" > 0', 'ColumnCorrelation cannot be taken, for there are no values.'],
    ['ColumnExists "codes"', 'There is no column "codes" among the 5.'],
    ['IsPrimaryKey "code"', '3 of 4 rows have no key of their own: 2 share it with others, 1 have a NULL in it.'],
  ])('%s fails with a sentence and its figures', async (rule, reason) => {
    expect(await checkOne(lake, mixed, rule)).toMatchObject({ outcome: 'failed', reason });
  });

  it.each([
    ['IsComplete "cod"', 'There is no column "cod" in the table (did you mean "code"?).'],
    ['Mean "code" > 1', 'Column "code" is VARCHAR, not a number.'],
    ['Mean "price" > NULL', 'NULL is no number to compare this metric with.'],
    ['RowCount > 0 where "id > (1"', 'The filter has an opening bracket too many.'],
    ['RowCount > 0 where "nothing > 1"', 'Its SQL failed: Binder Error: Referenced column "nothing" not found in FROM clause!'],
  ])('%s is an error with a reason', async (rule, reason) => {
    expect(await checkOne(lake, mixed, rule)).toMatchObject({ outcome: 'error', reason, metrics: {}, failedRows: null });
  });

  it('counts the rows that are to blame', async () => {
    const results = await check(lake, mixed, ['IsComplete "code"', 'IsUnique "code"', 'IsPrimaryKey "code"', 'Mean "price" > 5']);
    expect(results.map(({ failedRows }) => failedRows)).toEqual([1, 2, 3, null]);
  });

  it('takes no metric of an empty table but counts, and fails', async () => {
    const results = await check(lake, empty, ['Completeness "code" > 0.1', 'IsUnique "code"', 'Entropy "code" >= 0', 'Mean "price" > 0', 'IsPrimaryKey "id"', 'RowCount = 0', 'DistinctValuesCount "code" = 0']);
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed', 'passed', 'passed']);
    expect(results.map(({ metrics }) => Object.values(metrics))).toEqual([[], [], [], [], [], [0], [0]]);
  });

  it('has nothing against a filter that leaves no rows', async () => {
    const where = 'where "id > 100"';
    const results = await check(lake, mixed, [`Completeness "code" > 0.1 ${where}`, `IsUnique "code" ${where}`, `Mean "price" > 0 ${where}`, `IsPrimaryKey "id" ${where}`, `ColumnValues "id" > 5 ${where}`, `ColumnLength "code" > 5 ${where}`]);
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(6).fill('passed'));
  });

  it.each([
    ['Variance "i" = 2', 'Variance is 2.0000000000000004, expected = 2.'],
    ['Variance "i" > 2.1', 'Variance is 2, expected > 2.1.'],
    ['Mean "third" = 0.3333333333', 'Over 5 values; Mean is 0.3333333333333333, expected = 0.3333333333.'],
    ['ColumnValues "i" > 1 with threshold > 0.80000000001', '1 of 5 values do not meet it; 0.8 do, expected > 0.80000000001.'],
    ['Mean "nan" = 1', 'Mean is no number, for NaN, infinite or very large numbers are among the values; expected = 1.'],
    ['ColumnCorrelation "i" "third" > 0', 'ColumnCorrelation is no number, for the values of a column do not vary, or NaN, infinite or very large numbers are among the values; expected > 0.'],
  ])('%s fails with all that tells it from the figure expected', async (rule, reason) => {
    const table = await lake.table('five', `SELECT i::INTEGER AS i, 1/3 AS third, CASE WHEN i = 1 THEN 'NaN'::DOUBLE ELSE 1 END AS nan FROM range(1, 6) t(i)`);
    expect(await checkOne(lake, table, rule)).toMatchObject({ outcome: 'failed', reason });
  });

  it('reports no number that is none', async () => {
    const table = await lake.table('odd', `SELECT * FROM (VALUES ('Infinity'::DOUBLE, 1), (2, 2)) v(x, y)`);
    const results = await check(lake, table, ['StandardDeviation "x" > 0', 'ColumnCorrelation "x" "y" > 0', 'Sum "x" > 0']);
    expect(results.map(({ outcome, metrics }) => [outcome, metrics])).toEqual([['failed', {}], ['failed', {}], ['passed', {}]]);
  });
});

describe('the shared scan', () => {
  let lake: TestLake;
  beforeEach(async () => { lake = await openLake(); });
  afterEach(() => lake.close());

  const RULES = ['RowCount > 1', 'IsComplete "id"', 'Completeness "x" > 0', 'Mean "x" > 0', 'Sum "x" > 0', 'ColumnValues "x" > -1', 'ColumnValues "id" in [1, 2]', 'Uniqueness "id" > 0.5', 'IsUnique "id"', 'Entropy "id" > 0', 'DistinctValuesCount "id" > 1'];

  it('is one query, and one more for each set of grouped columns', async () => {
    const table = await lake.table('t', 'SELECT i AS id, i * 2.0 AS x FROM range(10) t(i)');
    lake.queries.length = 0;
    await check(lake, table, [...RULES, 'IsPrimaryKey "id" "x"', 'Uniqueness "x" "id" > 0']);
    expect(lake.queries).toHaveLength(3);
  });

  it('asks nothing that is known', async () => {
    const known: KnownFacts = { rows: 50, nulls: new Map([['id', 0], ['x', 5]]), uniqueKey: ['id'] };
    const relation: Relation = { from: 'nowhere', columns: [{ name: 'id', type: 'BIGINT' }, { name: 'x', type: 'DOUBLE' }], known };
    const results = await check(lake, relation, ['RowCount = 50', 'Completeness "x" = 0.9', 'IsUnique "id"', 'IsPrimaryKey "id"', 'DistinctValuesCount "id" = 50', 'Entropy "id" < 4']);
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(6).fill('passed'));
    expect(lake.queries).toEqual([]);
  });

  it('does not rely on what is known of all rows for some of them', async () => {
    const table = await lake.table('t', 'SELECT 1 AS id FROM range(3)');
    const known: KnownFacts = { rows: 99, uniqueKey: ['id'], nulls: new Map([['id', 9]]) };
    expect(await checkOne(lake, { ...table, known }, 'Uniqueness "id" = 0 where "id = 1"')).toMatchObject({ outcome: 'passed' });
    expect(await checkOne(lake, { ...table, known }, 'RowCount = 3 where "id = 1"')).toMatchObject({ outcome: 'passed' });
  });

  it('lets one rule that cannot be evaluated take no other down', async () => {
    const table = await lake.table('t', "SELECT i AS id, 'abc' AS s FROM range(10) t(i)");
    const results = await check(lake, table, ['RowCount = 10', 'Completeness "id" = 1 where "cast(s as int) > 1"', 'Mean "id" = 4.5', 'ColumnValues "id" >= 0', 'IsUnique "id" where "nonsense(id)"', 'IsUnique "id"']);
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'error', 'passed', 'passed', 'error', 'passed']);
    expect(results[1]?.reason).toMatch(/^Its SQL failed: Conversion Error/);
  });

  it('ends with the run that is interrupted', async () => {
    const interrupted = Object.assign(new Error('stop'), { name: 'InterruptedError' });
    const query = async () => { throw interrupted; };
    const table = await lake.table('t', 'SELECT 1 AS id');
    await expect(checkRules(rulesetFrom(['RowCount > 1']), { primary: table, query, now: new Date() })).rejects.toBe(interrupted);
  });
});

describe('analyzers', () => {
  it('are errors of their own where they do not go with the table, with the nearest column', async () => {
    const lake = await openLake();
    const table = await lake.table('t', "SELECT 1 AS id, 'ab' AS code");
    const { analyzers, metrics } = await evaluateText(lake, table, 'Rules = [RowCount = 1]\nAnalyzers = [Mean "cod", Mean "code", RowCount, AllStatistics "zz", Completeness "code"]');
    expect(analyzers).toEqual([
      { analyzer: 'Mean "cod"', outcome: 'error', metrics: {}, reason: 'There is no column "cod" in the table (did you mean "code"?).' },
      { analyzer: 'Mean "code"', outcome: 'error', metrics: {}, reason: 'Column "code" is VARCHAR, not a number.' },
      { analyzer: 'RowCount', outcome: 'passed', metrics: { 'Dataset.*.RowCount': 1 }, reason: null },
      { analyzer: 'AllStatistics "zz"', outcome: 'error', metrics: {}, reason: 'There is no column "zz" in the table.' },
      { analyzer: 'Completeness "code"', outcome: 'passed', metrics: { 'Column.code.Completeness': 1 }, reason: null },
    ]);
    expect(metrics).toEqual({ 'Dataset.*.RowCount': 1, 'Column.code.Completeness': 1 });
    lake.close();
  });

  it('are gathered beside the rules, and one that does not go with the table gives nothing', async () => {
    const lake = await openLake();
    const table = await lake.table('t', "SELECT i::INTEGER AS id, 'ab' AS s FROM range(4) t(i)");
    lake.queries.length = 0;
    const { rules, metrics } = await evaluateText(lake, table, 'Rules = [RowCount = 4]\nAnalyzers = [Mean "id", ColumnValues "id", ColumnValues "s", Mean "s", Completeness "none", Uniqueness "id"]');
    expect(rules.map(({ outcome }) => outcome)).toEqual(['passed']);
    expect(metrics).toEqual({ 'Column.id.Mean': 1.5, 'Column.id.Minimum': 0, 'Column.id.Maximum': 3, 'Column.s.MinimumLength': 2, 'Column.s.MaximumLength': 2, 'Column.id.Uniqueness': 1 });
    expect(lake.queries).toHaveLength(2);
    lake.close();
  });
});
