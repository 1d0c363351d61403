import { checkOne, openLake, type TestLake } from './duckdb.test-support';
import { DIFFERENCES } from './differences';

describe('the list of differences', () => {
  it('begins with general ones, and goes on by rule type', () => {
    const types = DIFFERENCES.map(({ type }) => type ?? '');
    expect(types).toEqual([...types].sort());
  });

  it('has a full sentence for each part', () => {
    const parts = DIFFERENCES.flatMap(({ deequ, inlet, why }) => [deequ, inlet, why]);
    expect(parts.filter((part) => !/^[A-Z`\\].*\.$/.test(part))).toEqual([]);
  });
});

describe('a difference on purpose', () => {
  let lake: TestLake;
  beforeAll(async () => { lake = await openLake(); });
  afterAll(() => lake.close());

  it.each([
    ['IsPrimaryKey "id" "part"', 'failed', 'a NULL in one of two columns is no key'],
    ['ColumnLength "code" != 2', 'failed', 'a length between the shortest and the longest counts'],
    ['ColumnLength "code" not in [0, 2]', 'failed', '0 among the lengths lets no other length pass'],
    ['ColumnValues "id" > 1 with threshold > 0.5', 'passed', 'a threshold counts for numbers'],
    ['ColumnValues "code" = "it\'s"', 'failed', 'an apostrophe stays in its text'],
    ['ColumnValues "code" in ["a", "bb", "ccc", "it\'s"]', 'passed', 'an apostrophe stays in its text'],
    ['RowCount > 0 where "id > 100"', 'failed', 'no rows are 0 rows'],
    ['CustomSql "select cast(null as int)" = 0', 'failed', 'NULL is not 0'],
    ['ColumnValues "digits" in [7, 12]', 'passed', 'texts are read as numbers'],
    ['Sum "huge" > 1e20', 'passed', 'sums are exact'],
  ])('%s: %s, for %s', async (rule, outcome) => {
    const table = await lake.table('t', `SELECT * FROM (VALUES (1, NULL, 'a', '7', 9223372036854775807), (2, 'x', 'bb', '12.0', 9223372036854775807), (3, 'x', 'ccc', ' 7 ', 9223372036854775807), (4, 'y', 'it''s', '7', 9223372036854775807)) v(id, part, code, digits, huge)`);
    const decimal = rule.replace('1e20', '20000000000000000000');
    expect((await checkOne(lake, table, decimal)).outcome).toBe(outcome);
  });
});
