/** A small shop on which every example of the reference is judged: what a rule says of it shows the metrics that it reports. */
import { DuckDBInstance } from '@duckdb/node-api';
import type { CheckContext, DataColumn, FileFact, PastMetric, Relation } from '@inlet/quality';

const PRODUCTS = `
  SELECT 'p' || i AS product_id, 'k' || i AS package_code, '00021-' || (1000 + i) AS ndc, ['open', 'closed'][1 + i % 2] AS status, 'Acme' AS labeler_name, 'country ' || i AS country,
    'c' || (i % 4) AS category, '2026-01-' || (10 + i) AS listed_on, TIMESTAMP '2026-01-30 12:00:00' AS updated_at, i * 1.5 AS amount, 20.0 + i AS price, 150.0 + i AS height, 50.0 + i AS weight
  FROM range(15) rows(i)`;

/** Other data by the alias that rules call it by. */
const REFERENCES: Readonly<Record<string, string>> = {
  reference: 'SELECT * FROM products',
  products: 'SELECT product_id FROM products',
};

/** What `now()` is for the examples. */
const NOW = new Date('2026-01-31T00:00:00Z');

const FILE: FileFact = {
  path: 's3://bucket/inbox/products.csv',
  sizeBytes: 5_000_000,
  lastModified: new Date('2026-01-30T18:00:00Z'),
  digest: async () => '0cc175b9c0f1b6a831c399e269772661',
};

/** What earlier runs found, newest first. */
const HISTORY: Readonly<Record<string, readonly number[]>> = {
  'Dataset.*.RowCount': [15, 14, 15],
  'Column.country.DistinctValuesCount': [15, 15, 14],
};

function findHistory(metric: string): PastMetric[] {
  return (HISTORY[metric] ?? []).map((value, index) => ({ at: `2026-01-${30 - index}T00:00:00Z`, value }));
}

export interface Sample extends AsyncDisposable {
  context: CheckContext;
}

/** Opens the sample in a database of its own. */
export async function openSample(): Promise<Sample> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
  const create = async (name: string, sql: string): Promise<Relation> => {
    await connection.run(`CREATE TABLE "${name}" AS ${sql}`);
    const columns = (await query(`DESCRIBE "${name}"`)).map(({ column_name, column_type }): DataColumn => ({ name: String(column_name), type: String(column_type) }));
    return { from: `"${name}"`, columns };
  };
  const primary = await create('products', `SELECT *, product_id AS id, package_code AS name FROM (${PRODUCTS})`);
  const references = new Map<string, Relation>();
  for (const [alias, sql] of Object.entries(REFERENCES)) references.set(alias, await create(`of_${alias}`, sql));
  const context: CheckContext = { primary, references, query, now: NOW, history: findHistory, files: async () => [FILE] };
  return {
    context,
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
