import { RULE_TYPES } from '../dqdl';
import type { FileFact } from './check';
import { checkOne, evaluateText, openLake, type Extra, type TestLake } from './duckdb.test-support';

const file: FileFact = { path: 's3://bucket/inbox/a.csv', sizeBytes: 3 * 1024 * 1024, lastModified: new Date('2026-11-20T10:00:00Z'), digest: async () => '0cc175b9c0f1b6a831c399e269772661' };

describe('the example of every rule type', () => {
  let lake: TestLake;
  beforeAll(async () => { lake = await openLake(); });
  afterAll(() => lake.close());

  const COLUMNS = `i AS id, i AS product_id, 'p' || i AS package_code, i * 1.5 AS amount, i + 0.5 AS price, i AS height, i * 2 + 1 AS weight, '2026-01-0' || (i % 9 + 1) AS listed_on,
    '12345-678' AS ndc, CASE i % 2 WHEN 0 THEN 'open' END AS status, 'labeler' AS labeler_name, 'name' || i AS name, TIMESTAMP '2026-11-20 00:00:00' AS updated_at, 'country' || i AS country, i AS category`;

  it.each(RULE_TYPES.filter(({ rule }) => rule).map(({ name, example }) => [name, example]))('%s is evaluated', async (_, example) => {
    const primary = await lake.table('sold', `SELECT ${COLUMNS} FROM range(12) t(i)`);
    const reference = await lake.table('other', `SELECT ${COLUMNS} FROM range(12) t(i)`);
    const extra: Extra = { references: new Map([['reference', reference], ['products', reference]]), files: async () => [file] };
    const result = await checkOne(lake, primary, example ?? '', extra);
    expect({ example, reason: result.outcome === 'error' ? result.reason : null }).toEqual({ example, reason: null });
    // What passes without having judged anything says so.
    expect(result.outcome === 'passed').toBe(result.reason === null || result.reason.includes('Still learning'));
  });

  it('is gathered where it is an analyzer', async () => {
    const primary = await lake.table('sold', `SELECT ${COLUMNS} FROM range(12) t(i)`);
    const { metrics } = await evaluateText(lake, primary, 'Analyzers = [AllStatistics "amount", ColumnLength "ndc", RowCount]');
    expect(metrics).toMatchObject({ 'Dataset.*.RowCount': 12, 'Column.amount.Maximum': 16.5, 'Column.ndc.MinimumLength': 9, 'Column.amount.Completeness': 1 });
  });
});
