/** One scan of a built table: its content hash, and what the quality gate wants to know of its columns. */
import { finishTableHash } from '@inlet/hash';
import { quoteName } from '@inlet/sql';
import type { ColumnStats } from '@inlet/pipeline';
import { parquetTable, type Database } from './database';
import type { ModelColumn } from './model-checks';

export interface TableScan {
  rows: number;
  contentHash: string;
  stats: ColumnStats[];
}

/**
 * A row's text is its values in column order, each as DuckDB prints it, joined by U+001F, NULL as U+001E; its hash is the MD5 of that text.
 * The sums of both halves of the hashes do not depend on the order of rows.
 */
export async function scanTable(db: Database, path: string, columns: readonly ModelColumn[]): Promise<TableScan> {
  const values = columns.map(({ name }) => `coalesce(${quoteName(name)}::varchar, chr(30))`).join(', ');
  const nulls = columns.map(({ name }, index) => `count(${quoteName(name)}) as "v${index}"`);
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const row = await db.row<Record<string, bigint | null>>(
    `select count(*) as n, sum((_h >> 64)::ubigint) as high, sum((_h & 18446744073709551615::uhugeint)::ubigint) as low, ${nulls.join(', ')}
     from (select ${names}, md5_number(concat_ws(chr(31), ${values})) as _h from ${parquetTable(path)})`,
  );
  const rows = Number(row['n']);
  return {
    rows,
    contentHash: finishTableHash({ columns, rows, sumHigh: String(row['high'] ?? 0), sumLow: String(row['low'] ?? 0) }),
    stats: columns.map((column, index) => ({ ...column, nulls: rows - Number(row[`v${index}`]) })),
  };
}
