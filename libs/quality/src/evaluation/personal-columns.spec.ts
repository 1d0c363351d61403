import fc from 'fast-check';
import { RULE_TYPES } from '../dqdl';
import type { Relation } from './check';
import { checkOne, evaluateText, NOW, openLake, type Extra, type TestLake } from './duckdb.test-support';

/** Of every type that can be asked of the columns ssn (a number), name (a text) and id; and `other` holds the same rows. */
const RULES = [
  'AggregateMatch "sum(ssn)" "sum(id)" < 1', 'AggregateMatch "avg(id)" "avg(other.SSN)" < 0', 'AggregateMatch "sum(`ssn`)" "sum(other.ssn)" > 2',
  'ColumnCorrelation "id" "ssn" = 5', 'ColumnCount > 99', 'ColumnDataType "ssn" = "DATE"', 'ColumnExists "ssn"', 'ColumnLength "name" > 999', 'ColumnNamesMatchPattern "^z"',
  'ColumnValues "ssn" > 5000000000', 'ColumnValues "`ssn`" < 1', 'ColumnValues "SSN" = 1', 'ColumnValues "name" in ["x"]', 'ColumnValues "name" matches "x"', 'ColumnValues "ssn" between 1 and 2',
  'ColumnValues "id" > 100', 'Completeness "ssn" > 1',
  'CustomSql "select max(ssn) from primary" < 1', 'CustomSql "select max(\\"SSN\\") from primary" < 1', 'CustomSql "select max(x) from primary as t(x, y, z)" < 1',
  'CustomSql "select max(#1) from (select * from primary)" < 1', 'CustomSql "select max(columns(\'s.n\')) from primary" < 1', 'CustomSql "select sum(ssn) + 0.5 from other" < 1',
  'CustomSql "select count(*) from primary where ssn > 5" > 99', 'CustomSql "select name from primary where false"', 'CustomSql "select id from primary where id > 99" with threshold > 2',
  'CustomSql "select * from (pivot primary on name in (select name from primary) using max(ssn))"', 'CustomSql "select cast(name as int) from primary" > 1',
  'DataFreshness "name" < 1 hours', 'DatasetMatch "other" "id" = 2', 'DatasetMatch "other" "ssn" "name" = 2', 'DetectAnomalies "Sum" "ssn"', 'DetectAnomalies "AllStatistics" "ssn"',
  'DetectAnomalies "Mean" "`ssn`"', 'DetectAnomalies "CustomSql" "select max(ssn) from primary"', 'DetectAnomalies "CustomSql" "select max(x) from primary as t(x, y, z)"',
  'DistinctValuesCount "ssn" > 99', 'Entropy "ssn" > 99', 'FileFreshness > "2020-01-01"', 'FileMatch in ["x"]', 'FileSize > 1 B', 'FileUniqueness = 1', 'IsComplete "ssn"', 'IsPrimaryKey "name" "ssn"', 'IsUnique "name"',
  'Mean "ssn" < 1', 'Mean "`ssn`" < 1', 'Mean "ssn" > 0.9 * last()', 'ColumnValues "ssn" > 0.9 * last()', 'ReferentialIntegrity "id" "other.ssn" > 5', 'RowCount > 99 where "cast(name as int) > 1"',
  'RowCountMatch "other" = 5', 'SchemaMatch "other" = 5', 'StandardDeviation "ssn" < 1', 'Sum "ssn" < 1', 'UniqueValueRatio "ssn" > 5', 'Uniqueness "name" > 5', 'Variance "ssn" < -1',
  '(Sum "ssn" < 1) and (RowCount > 99)', '(AggregateMatch "sum(ssn)" "sum(id)" < 1) or ((Mean "ssn" < last()) or (CustomSql "select min(ssn) from primary" < 1))',
];

const ANALYZERS = 'Analyzers = [AllStatistics "ssn", AllStatistics "`ssn`", AllStatistics "name", Mean "ssn", Sum "SSN", ColumnValues "ssn", StandardDeviation "ssn", ColumnCorrelation "ssn" "id", ColumnLength "name"]';

const pii = new Set(['ssn', 'name']);
const people = fc.uniqueArray(fc.integer({ min: 700_000_000, max: 799_999_999 }), { minLength: 1, maxLength: 4 });

describe('personal columns', () => {
  let lake: TestLake;
  beforeEach(async () => { lake = await openLake(); });
  afterEach(() => lake.close());

  const makeTables = async (numbers: readonly number[]): Promise<{ table: Relation; extra: Extra }> => {
    const rows = numbers.map((number, index) => `(${number}, 'name-${number}', ${index})`);
    const select = `SELECT * FROM (VALUES ${rows.join(', ')}) v(ssn, name, id)`;
    const other = await lake.table('others', select);
    // What earlier runs kept, before the column was declared personal.
    const history = () => numbers.map((value) => ({ at: NOW.toISOString(), value }));
    return { table: await lake.table('people', select), extra: { pii, references: new Map([['other', other]]), history } };
  };

  it('have no type of rules that these do not ask', () => {
    expect(RULE_TYPES.filter(({ rule, name }) => rule && !RULES.some((text) => text.startsWith(`${name} `))).map(({ name }) => name)).toEqual([]);
  });

  it('show no value, nor a figure of values, in anything that is told of a rule', async () => {
    await fc.assert(
      fc.asyncProperty(people, async (numbers) => {
        const { table, extra } = await makeTables(numbers);
        const { rules, metrics } = await evaluateText(lake, table, `Rules = [${RULES.join(',\n')}]\n${ANALYZERS}`, extra);
        const told = rules.map(({ evaluatedRule, metrics: own, reason }) => JSON.stringify({ evaluatedRule, metrics: own, reason }));
        const shown = [...told, JSON.stringify(metrics)].map((text) => text.replaceAll(',', ''));
        const sum = numbers.reduce((total, number) => total + number, 0);
        const markers = [...numbers, sum, sum + 0.5, sum / numbers.length].map((number) => String(Math.floor(number)));
        expect(shown.filter((text) => markers.some((marker) => text.includes(marker)))).toEqual([]);
        expect(shown.join('')).not.toMatch(/(?:\.(?:Mean|Sum|StandardDeviation|Variance|ColumnCorrelation|CustomSQL|AggregateMatch)|\.ssn\.M\w+)":/i);
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  it.each([
    ['AggregateMatch "sum(ssn)" "sum(id)" < 1', 'AggregateMatch is not as expected, expected < 1.'],
    ['AggregateMatch "sum(id)" "sum(other.ssn)" > 1', 'AggregateMatch is not as expected, expected > 1.'],
    ['CustomSql "select max(ssn) from primary" < 1', 'CustomSQL is not as expected, expected < 1.'],
    ['CustomSql "select max(x) from primary as t(x, y, z)" < 1', 'CustomSQL is not as expected, expected < 1.'],
    ['CustomSql "select id from primary where ssn < 5"', 'Rows are not among those that the SQL returns.'],
    ['StandardDeviation "ssn" > 9', 'StandardDeviation is not as expected, expected > 9.'],
  ])('let %s fail without a figure', async (rule, reason) => {
    const { table, extra } = await makeTables([700_000_077, 700_000_078]);
    expect(await checkOne(lake, table, rule, extra)).toMatchObject({ outcome: 'failed', metrics: {}, reason });
  });

  it.each(['AggregateMatch "sum(ssn)" "sum(other.ssn)" = 1', 'CustomSql "select max(ssn) from primary" > 1', 'CustomSql "select ssn from primary"'])('let %s pass without a figure', async (rule) => {
    const { table, extra } = await makeTables([700_000_077]);
    expect(await checkOne(lake, table, rule, extra)).toMatchObject({ outcome: 'passed', metrics: {}, reason: null });
  });

  it('leave the figures of queries that have nothing of them', async () => {
    const { table, extra } = await makeTables([700_000_077, 700_000_078]);
    expect(await checkOne(lake, table, 'CustomSql "select count(*) from primary" = 2', extra)).toMatchObject({ outcome: 'passed', metrics: { 'Dataset.*.CustomSQL': 2 } });
    expect(await checkOne(lake, table, 'CustomSql "select id from primary where id < 1"', extra)).toMatchObject({ outcome: 'failed', metrics: { 'Dataset.*.CustomSQL.Compliance': 0.5 }, failedRows: 1 });
  });

  it('leave those analyzers that count values', async () => {
    const { table, extra } = await makeTables([700_000_077]);
    const { metrics } = await evaluateText(lake, table, 'Analyzers = [AllStatistics "ssn", DistinctValuesCount "name", AllStatistics "name"]', extra);
    expect(Object.keys(metrics).sort()).toEqual(
      ['Column.name.Completeness', 'Column.name.DistinctValuesCount', 'Column.name.MaximumLength', 'Column.name.MinimumLength', 'Column.name.Uniqueness', 'Column.ssn.Completeness', 'Column.ssn.Entropy', 'Column.ssn.Uniqueness', 'Dataset.*.ColumnCount', 'Dataset.*.RowCount'],
    );
  });

  it('have no earlier values to compare with', async () => {
    const { table, extra } = await makeTables([700_000_077]);
    expect(await checkOne(lake, table, 'Mean "ssn" > 0.9 * last()', extra)).toMatchObject({ outcome: 'error', reason: 'No values of a personal column are kept, so there are no earlier ones to compare with.' });
    expect(await checkOne(lake, table, 'Completeness "ssn" > 0.9 * last() - 999999999', extra)).toMatchObject({ outcome: 'passed' });
  });
});
