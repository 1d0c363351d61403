/** What a bronze table looks like: null shares from the files' own statistics, types from a sample of the first rows. */
import type { ReleaseTable } from '@inlet/manifest';
import { quoteName, quoteText } from '@inlet/sql';
import { fileList, parquetTable, type Database } from './database';

const SAMPLED_ROWS = 10_000;

/** In order of preference: the first kind that every sampled value has is the column's. A leading zero makes a number text, as in codes. */
const KINDS: readonly { type: string; pattern: string }[] = [
  { type: 'date (YYYYMMDD)', pattern: '(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])' },
  { type: 'date (YYYY-MM-DD)', pattern: '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' },
  { type: 'integer', pattern: '-?(0|[1-9][0-9]{0,17})' },
  { type: 'decimal', pattern: '-?((0|[1-9][0-9]*)(\\.[0-9]+)?|\\.[0-9]+)' },
];

export async function inferSchema(db: Database, paths: readonly string[], columns: readonly string[]): Promise<NonNullable<ReleaseTable['inferred']>> {
  const names = columns.map(quoteName);
  await db.run(`create or replace temp table sampled as select ${names.join(', ')} from ${parquetTable(paths, 'union_by_name = true')} limit ${SAMPLED_ROWS}`);
  const { n, ...firsts } = await db.row<Record<string, string | bigint | null>>(
    `select count(*) as n, ${names.map((name, index) => `any_value(${name}) as "c${index}"`).join(', ')} from sampled`,
  );
  const types: string[] = [];
  for (const [index, column] of columns.entries()) types.push(await inferType(db, column, firsts[`c${index}`] as string | null));
  const nullShares = await readNullShares(db, fileList(paths));
  return {
    sampledRows: Number(n),
    columns: columns.map((column, index) => ({ column, inferredType: types[index] ?? 'text', nullShare: nullShares.get(column) ?? 0 })),
  };
}

/** Only the kinds that one value has need to be asked of all the others: most columns are text, and cost nothing. */
async function inferType(db: Database, column: string, value: string | null): Promise<string> {
  if (value === null) return 'empty';
  const possible = KINDS.filter(({ pattern }) => new RegExp(`^(?:${pattern})$`).test(value));
  if (possible.length === 0) return 'text';
  const name = quoteName(column);
  const counts = possible.map(({ pattern }, index) => `count(*) filter (regexp_full_match(${name}, ${quoteText(pattern)})) as "k${index}"`);
  const row = await db.row<Record<string, bigint>>(`select count(${name}) as n, ${counts.join(', ')} from sampled`);
  return possible.find((_, index) => row[`k${index}`] === row['n'])?.type ?? 'text';
}

/** Exact: Parquet keeps the nulls of every column chunk. */
async function readNullShares(db: Database, files: string): Promise<Map<string, number>> {
  const rows = await db.rows<{ name: string; nulls: bigint | null; total: bigint }>(
    `select path_in_schema as name, sum(stats_null_count)::bigint as nulls, sum(num_values)::bigint as total
     from parquet_metadata(${files}) where path_in_schema not like ${quoteText('\\_%')} escape '\\' group by all`,
  );
  return new Map(rows.map(({ name, nulls, total }) => [name, total > 0n ? round(Number(nulls ?? 0n) / Number(total)) : 0]));
}

const round = (share: number) => Math.round(share * 1e6) / 1e6;
