import type { Relation } from './check';
import { check, checkOne, openLake, rulesetFrom, type TestLake } from './duckdb.test-support';
import { compileRowCondition } from './row-condition';

describe('CustomSql', () => {
  let lake: TestLake;
  let table: Relation;
  beforeAll(async () => {
    lake = await openLake();
    table = await lake.table('primary', "SELECT * FROM (VALUES (1, 'a'), (2, NULL), (2, NULL), (3, 'c')) v(id, code)");
  });
  afterAll(() => lake.close());

  it.each([
    ['CustomSql "select count(*) from primary" = 4', 'passed', 4],
    ['CustomSql "select count(*) from Primary p join other using (id)" = 3', 'passed', 3],
    ['CustomSql "select count(*) from primary -- all of them" > 5', 'failed', 4],
    ['CustomSql "with big as (select * from primary where id > 1) select max(`id`) from big;" = 3', 'passed', 3],
    ['CustomSql "select count(*) from primary where code = \'primary\'" = 0', 'passed', 0],
  ])('%s is %s', async (rule, outcome, value) => {
    const other = await lake.table('other', 'SELECT unnest([1, 2]) AS id');
    expect(await checkOne(lake, table, rule, { references: new Map([['other', other]]) })).toMatchObject({ outcome, metrics: { 'Dataset.*.CustomSQL': value } });
  });

  it.each([
    ['CustomSql "select id from primary where id < 3"', 'failed', 0.75, 1],
    ['CustomSql "select id from primary where id < 3" with threshold > 0.7', 'passed', 0.75, 1],
    ['CustomSql "select code, id from primary where code is null"', 'failed', 0.5, 2],
    ['CustomSql "select * from primary"', 'passed', 1, 0],
  ])('%s is %s', async (rule, outcome, share, failedRows) => {
    expect(await checkOne(lake, table, rule)).toMatchObject({ outcome, metrics: { 'Dataset.*.CustomSQL.Compliance': share }, failedRows });
  });

  it.each([
    ['delete from primary', /^The SQL is no SELECT: Only SELECT statements/],
    ['select 1; select 2', /^The SQL is more than one statement\.$/],
    ['select 1) from primary; drop table x; --', /^The SQL has a closing bracket too many\.$/],
    ['select id from primary', /^The SQL gives more than one row/],
    ['select 1 where false', /^The SQL gives no row/],
    ['select 1, 2', /^The SQL gives 2 columns/],
    ['select nothing from primary', /^Its SQL failed: Binder Error/],
    ['selec 1', /^The SQL is no SELECT: /],
    ['   ', /^The SQL is empty\.$/],
    ["select 'open", /^The SQL has a quote that is not closed\.$/],
  ])('%s is an error', async (sql, reason) => {
    const result = await checkOne(lake, table, `CustomSql "${sql}" > 0`);
    expect(result.outcome).toBe('error');
    expect(result.reason).toMatch(reason);
    expect(await lake.query('SELECT count(*)::INT AS n FROM "primary"')).toEqual([{ n: 4 }]);
  });

  it('takes only columns of the table for its rows', async () => {
    const [result] = await check(lake, table, ['CustomSql "select id as ident from primary"']);
    expect(result).toMatchObject({ outcome: 'error', reason: 'There is no column "ident" in the table.' });
  });

  it('counts rows, and has no condition by which they could be written', async () => {
    const [rule] = rulesetFrom(['CustomSql "select id from primary where id < 3"']).rules;
    expect(rule && compileRowCondition(rule, { primary: table, now: new Date() })).toBeNull();
    expect(await checkOne(lake, table, 'CustomSql "select id from primary where id < 3"')).toMatchObject({ failedRows: 1 });
  });

  it('fails without a value, and without rows', async () => {
    expect(await checkOne(lake, table, 'CustomSql "select max(id) from primary where false" >= 0')).toMatchObject({ outcome: 'failed', metrics: {} });
    const empty = await lake.table('empty', 'SELECT 1 AS id WHERE false');
    expect(await checkOne(lake, empty, 'CustomSql "select id from primary"')).toMatchObject({ outcome: 'failed', reason: 'There are no rows to check.' });
  });
});
