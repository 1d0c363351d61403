import type { Relation } from './check';
import { checkOne, openLake, type Extra, type TestLake } from './duckdb.test-support';

describe('rules that compare with another table', () => {
  let lake: TestLake;
  let orders: Relation;
  let extra: Extra;
  beforeAll(async () => {
    lake = await openLake();
    orders = await lake.table('orders', `SELECT * FROM (VALUES (1, 'a', 10.0, 'x'), (2, 'b', 20.0, NULL), (3, NULL, 30.0, 'z'), (4, 'q', NULL, 'w')) v(id, product, amount, note)`);
    const products = await lake.table('products', `SELECT * FROM (VALUES ('a', '01'), ('b', '2'), ('b', '3'), (NULL, '4')) v(code, "number")`);
    const copy = await lake.table('copy', `SELECT id AS order_id, * FROM (VALUES (1, 'a', 10.0, 'x'), (2, 'b', 20.0, NULL), (3, NULL, 31.0, 'z'), (9, 'q', NULL, 'w')) v(id, product, amount, note)`);
    const same = await lake.table('same', 'SELECT * REPLACE (product::VARCHAR AS product) FROM orders');
    const none = await lake.table('none', 'SELECT * FROM orders WHERE false');
    extra = { references: new Map([['products', products], ['copy', copy], ['same', same], ['none', none], ['db.same', same]]) };
  });
  afterAll(() => lake.close());

  it.each([
    ['RowCountMatch "products" = 1.0', 'passed', { 'Dataset.products.RowCountMatch': 1 }, null],
    ['RowCountMatch "none" > 1', 'passed', {}, null],
    ['SchemaMatch "same" = 1', 'passed', { 'Dataset.same.SchemaMatch': 1 }, null],
    ['SchemaMatch "copy" >= 0', 'failed', { 'Dataset.copy.SchemaMatch': 0 }, 'There are 4 columns, and 5 in "copy"; tables of different width do not match.'],
    ['ReferentialIntegrity "product" "products.code" > 0.4', 'passed', { 'Column.products.ReferentialIntegrity': 0.5 }, null],
    ['ReferentialIntegrity "product,id" "products.{code,number}" = 1', 'failed', { 'Column.products.ReferentialIntegrity': 0.5 }, '2 of 4 rows are not in "products"; ReferentialIntegrity is 0.5, expected = 1.'],
    ['ReferentialIntegrity "product" "db.same.product" > 0.7', 'passed', { 'Column.db.same.ReferentialIntegrity': 0.75 }, null],
    ['DatasetMatch "copy" "id" "product,note" = 0.75', 'passed', { 'Dataset.copy.DatasetMatch': 0.75 }, null],
    ['DatasetMatch "copy" "id->order_id" = 0.5', 'passed', { 'Dataset.copy.DatasetMatch': 0.5 }, null],
    ['DatasetMatch "copy" "id" "product" >= 0.9', 'failed', { 'Dataset.copy.DatasetMatch': 0.75 }, '1 of 4 rows are not the same in "copy"; DatasetMatch is 0.75, expected >= 0.9.'],
    ['AggregateMatch "sum(amount)" "sum(copy.amount)" > 0.99', 'failed', { 'Column.amount.AggregateMatch': 60 / 61 }, '60 stands against 61; AggregateMatch is 0.983606557, expected > 0.99.'],
    ['AggregateMatch "avg(amount)" "SUM(products.number)" > 1', 'passed', { 'Column.amount,number.AggregateMatch': 2 }, null],
    ['AggregateMatch "sum(none.amount)" "sum(none.amount)" = 1', 'passed', { 'Column.amount.AggregateMatch': 1 }, null],
  ])('%s is %s', async (rule, outcome, metrics, reason) => {
    const result = await checkOne(lake, orders, rule, extra);
    expect(result).toMatchObject({ outcome, metrics, reason });
  });

  it.each([
    ['RowCountMatch "product" > 0', 'There is no reference "product" (there are "products", "copy", "same", "none", "db.same").'],
    ['ReferentialIntegrity "product" "products.cod" > 0', 'There is no column "cod" in "products" (did you mean "code"?).'],
    ['ReferentialIntegrity "product,id" "products.code" > 0', '2 columns are compared with 1 of "products".'],
    ['ReferentialIntegrity "product" "products" > 0', 'The columns of the reference are not written as "alias.column" or "alias.{a, b}".'],
    ['DatasetMatch "products" "product->code" "note->number" > 0', 'Rows cannot be joined by code: 1 keys of "products" are there more than once.'],
    ['AggregateMatch "max(amount)" "sum(amount)" > 0', 'The argument "max(amount)" is none of sum(column), avg(column), sum(alias.column) and avg(alias.column).'],
  ])('%s is an error', async (rule, reason) => {
    expect(await checkOne(lake, orders, rule, extra)).toMatchObject({ outcome: 'error', reason });
  });

  it('has no rows to look up in an empty table', async () => {
    const none = extra.references?.get('none');
    expect(await checkOne(lake, none ?? orders, 'ReferentialIntegrity "product" "products.code" >= 0', extra)).toMatchObject({ outcome: 'failed', metrics: {} });
    expect(await checkOne(lake, none ?? orders, 'RowCountMatch "none" = 1', extra)).toMatchObject({ outcome: 'failed', reason: 'RowCountMatch is no number, for neither table has rows; expected = 1.' });
    expect(await checkOne(lake, none ?? orders, 'DatasetMatch "copy" "id" "product" >= 0', extra)).toMatchObject({ outcome: 'failed', metrics: {} });
  });
});
