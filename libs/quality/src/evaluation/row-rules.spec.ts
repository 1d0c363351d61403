import type { Relation } from './check';
import { checkRules } from './check-rules';
import { checkOne, NOW, openLake, rulesetFrom, type TestLake } from './duckdb.test-support';
import { compileRowCondition } from './row-condition';

describe('rules on every value', () => {
  let lake: TestLake;
  let table: Relation;
  beforeAll(async () => {
    lake = await openLake();
    table = await lake.table('t', `SELECT * FROM (VALUES
      (1, 5, 'alpha', ' 12 ', '2026-01-31', TIMESTAMP '2026-11-20 12:00:00', true),
      (2, 0, '', '1e3', '2026-02-30', TIMESTAMP '2026-11-19 12:34:56', false),
      (3, -5, '  ', 'abc', '2026-1-5', TIMESTAMP '2026-11-21 00:00:00', NULL),
      (4, NULL, NULL, NULL, NULL, NULL, true),
      (5, 7, '東京🙂', '1.5d', '31-01-2026', TIMESTAMP '2020-01-01 00:00:00', false)) v(id, num, txt, digits, day, seen, flag)`);
  });
  afterAll(() => lake.close());

  // Rows that do not meet the rule; every other row does, or is none of its business.
  it.each([
    ['ColumnValues "num" > 0', 3], ['ColumnValues "num" >= 0', 2], ['ColumnValues "num" < 6', 2], ['ColumnValues "num" <= 7', 1], ['ColumnValues "num" = 5', 4], ['ColumnValues "num" != 5', 1],
    ['ColumnValues "num" between -5 and 7', 3], ['ColumnValues "num" not between 0 and 5', 1], ['ColumnValues "num" in [0, 5, 7]', 2], ['ColumnValues "num" in [0, NULL]', 3],
    ['ColumnValues "num" not in [0, 5]', 2], ['ColumnValues "num" not in [0, NULL]', 2], ['ColumnValues "num" = NULL', 4], ['ColumnValues "num" != NULL', 1], ['ColumnValues "num" > -6 where "num is not null"', 0],
    ['ColumnValues "txt" = "alpha"', 4], ['ColumnValues "txt" != "alpha"', 1], ['ColumnValues "txt" in ["alpha", "東京🙂"]', 3], ['ColumnValues "txt" not in ["alpha"]', 1], ['ColumnValues "txt" = EMPTY', 4],
    ['ColumnValues "txt" != EMPTY', 2], ['ColumnValues "txt" = WHITESPACES_ONLY', 4], ['ColumnValues "txt" not in [NULL, EMPTY, WHITESPACES_ONLY]', 3], ['ColumnValues "txt" in [NULL, EMPTY, "alpha", WHITESPACES_ONLY]', 1],
    ['ColumnValues "num" in ["5", "0"]', 3], ['ColumnValues "digits" between 0 and 2000', 2],
    ['ColumnValues "txt" matches "[a-z]*"', 4], ['ColumnValues "txt" matches "al|xx"', 4], ['ColumnValues "txt" matches "[^ ]+"', 3], ['ColumnValues "txt" not matches "al.*"', 3],
    ['ColumnValues "day" > "2026-01-04"', 3], ['ColumnValues "day" <= "2026-01-31"', 3], ['ColumnValues "day" not in ["2026-01-05"]', 3], ['ColumnValues "day" in [NULL, "2026-01-05"]', 3],
    ['ColumnValues "seen" > (now() - 1 days)', 3], ['ColumnValues "seen" between "2019-12-31" and now()', 3],
    ['ColumnLength "txt" > 1', 1], ['ColumnLength "txt" between 0 and 6', 1], ['ColumnLength "txt" = 3', 3], ['ColumnLength "txt" in [0, 2, 3, 5]', 0], ['ColumnLength "txt" in [2, 3, 5]', 2], ['ColumnLength "txt" not in [2]', 1], ['ColumnLength "num" in [1, 2]', 1],
    ['ColumnDataType "digits" = "Integer"', 4], ['ColumnDataType "digits" = "Double"', 2], ['ColumnDataType "digits" != "Double"', 3], ['ColumnDataType "digits" = "Decimal(6,2)"', 3], ['ColumnDataType "digits" = "Boolean"', 5],
    ['ColumnDataType "day" = "Date"', 3], ['ColumnDataType "day" = "Date" with format = "dd-MM-yyyy"', 4], ['ColumnDataType "num" = "Boolean"', 1], ['ColumnDataType "seen" = "Timestamp"', 1], ['ColumnDataType "day" = "Timestamp"', 3],
    ['DataFreshness "seen" <= 24 hours', 2], ['DataFreshness "seen" < 1 days', 3], ['DataFreshness "seen" between 30 minutes and 25 hours', 3], ['DataFreshness "day" > 100 days', 3],
  ])('%s fails for %i of 5 rows', async (rule, failedRows) => {
    const result = await checkOne(lake, table, rule);
    expect({ reason: result.outcome === 'error' ? result.reason : null, failedRows: result.failedRows }).toEqual({ reason: null, failedRows });
    expect(result.outcome).toBe(failedRows === 0 ? 'passed' : 'failed');
  });

  it.each([
    ['ColumnValues "num" > 0', { 'Column.num.Minimum': -5 }],
    ['ColumnValues "num" <= 9', { 'Column.num.Maximum': 7 }],
    ['ColumnValues "num" = 9', { 'Column.num.Minimum': -5, 'Column.num.Maximum': 7 }],
    ['ColumnValues "num" in [5]', { 'Column.num.ColumnValues.Compliance': 0.2 }],
    ['ColumnValues "txt" matches "a.*"', { 'Column.txt.PatternMatch': 0.2 }],
    ['ColumnLength "txt" > 1', { 'Column.txt.MinimumLength': 0 }],
    ['ColumnLength "txt" between 0 and 6', { 'Column.txt.MinimumLength': 0, 'Column.txt.MaximumLength': 5 }],
    ['ColumnLength "txt" in [3]', { 'Column.txt.LengthCompliance': 0.2 }],
    ['ColumnDataType "digits" = "Double"', { 'Column.digits.ColumnDataType.Compliance': 0.6 }],
    ['DataFreshness "seen" < 1 days', { 'Column.seen.DataFreshness.Compliance': 0.4 }],
    ['ColumnValues "num" > 0 with threshold > 0.3', { 'Column.num.Minimum': -5, 'Column.num.ColumnValues.Compliance': 0.4 }],
  ])('%s reports %o', async (rule, metrics) => {
    expect((await checkOne(lake, table, rule)).metrics).toEqual(metrics);
  });

  it.each([
    ['ColumnValues "num" > 0 with threshold > 0.3', 'passed', null],
    ['ColumnValues "num" > 0 with threshold > 0.4', 'failed', '3 of 5 values do not meet it (1 of them NULL); 0.4 do, expected > 0.4.'],
    ['ColumnValues "num" > 0', 'failed', '3 of 5 values do not meet it (1 of them NULL).'],
    ['ColumnValues "txt" > 0', 'error', 'Column "txt" is VARCHAR, not a number.'],
    ['ColumnLength "num" > 0', 'error', 'Column "num" is INTEGER, not text.'],
    ['ColumnValues "flag" = "yes"', 'error', 'Column "flag" is BOOLEAN, which is not compared with texts.'],
    ['ColumnValues "num" matches "1"', 'error', 'Column "num" is INTEGER, not text.'],
    ['ColumnValues "txt" matches "(?=a)b"', 'error', 'The pattern (?=a)b has a lookahead, which only Java\'s engine can match.'],
    ['ColumnValues "id" > "2024-02-30"', 'error', 'There is no date 2024-02-30.'],
    ['ColumnDataType "txt" = "Text"', 'error', 'There is no type Text; there are Boolean, Date, Timestamp, Integer, Long, Float, Double and Decimal(p,s) with up to 38 digits.'],
    ['ColumnDataType "txt" = "Date" with format = "constructor"', 'error', expect.stringMatching(/^There is no format constructor; there are dd-MM-yyyy, .*\.$/)],
    ['ColumnDataType "num" = "Date"', 'error', 'A column of type INTEGER cannot be read as DATE.'],
    ['DataFreshness "num" > 1 days', 'error', 'Column "num" is INTEGER, which holds no times.'],
  ])('%s is %s: %s', async (rule, outcome, reason) => {
    expect(await checkOne(lake, table, rule)).toMatchObject({ outcome, reason });
  });

  it('reads variables and escapes', async () => {
    const quoted = await lake.table('q', `SELECT * FROM (VALUES ('a "b"'), ('c')) v("the text")`);
    const ruleset = rulesetFrom(['ColumnValues "the text" in $allowed', 'ColumnValues "the text" in ["a \\"b\\"", "c"]', 'RowCount = 1 where "`the text` = \'c\'"'], 'allowed = ["a \\"b\\"", "c"]');
    const results = await checkRules(ruleset, { primary: quoted, query: lake.query, now: NOW });
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual(Array(3).fill(['passed', null]));
  });

  it('finds whole numbers, dates and times in texts as Spark does', async () => {
    const texts = ['2147483648', '-2147483648', '+5', '5.', '.5', '', '1 0', '9223372036854775808', '2024', '2024-1', '2024-01-05 anything', '2024-13-01', '2024-01-05T25:00', '2024-01-05T23:00:01.5Z'];
    const column = await lake.table('texts', `SELECT unnest([${texts.map((text) => `'${text}'`).join(', ')}]) AS s`);
    const rejects = async (type: string) => {
      const [rule] = rulesetFrom([`ColumnDataType "s" = "${type}"`]).rules;
      const condition = rule && compileRowCondition(rule, { primary: column, now: NOW });
      return (await lake.query(`SELECT s FROM "texts" WHERE ${condition}`)).map(({ s }) => s);
    };
    expect(await rejects('Integer')).toEqual(['-2147483648', '+5', '5.', '.5', '2024']);
    expect(await rejects('Long')).toEqual(['2147483648', '-2147483648', '+5', '5.', '.5', '2024']);
    expect(await rejects('Date')).toEqual(['2024', '2024-1', '2024-01-05 anything', '2024-01-05T25:00', '2024-01-05T23:00:01.5Z']);
    expect(await rejects('Timestamp')).toEqual(['2024', '2024-1', '2024-01-05T23:00:01.5Z']);
  });
});
