/** What a bronze table looks like: null shares from the files' own statistics, types from a sample of the first rows. */
import { hashCanonicalJson } from '@inlet/hash';
import type { ReleaseTable } from '@inlet/manifest';
import { quoteName, quoteText } from '@inlet/sql';
import { fileList, parquetTable, type Database } from './database';

const SAMPLED_ROWS = 10_000;

/** In order of preference: the first kind that every sampled value has is the column's. A leading zero makes a number text, as in codes. */
const KINDS: readonly { type: string; holds: (column: string) => string }[] = [
  { type: 'date (YYYYMMDD)', holds: (column) => `regexp_full_match(${column}, '(19|20)\\d{6}') and try_strptime(${column}, '%Y%m%d') is not null` },
  { type: 'date (YYYY-MM-DD)', holds: (column) => `regexp_full_match(${column}, '\\d{4}-\\d{2}-\\d{2}')` },
  { type: 'integer', holds: (column) => `regexp_full_match(${column}, '-?(0|[1-9]\\d{0,17})')` },
  { type: 'decimal', holds: (column) => `regexp_full_match(${column}, '-?((0|[1-9]\\d*)(\\.\\d+)?|\\.\\d+)')` },
];

export async function inferSchema(db: Database, paths: readonly string[], columns: readonly string[]): Promise<NonNullable<ReleaseTable['inferred']>> {
  const files = fileList(paths);
  const counts = columns.flatMap((column, index) => {
    const name = quoteName(column);
    return [`count(${name}) as "v${index}"`, ...KINDS.map(({ holds }, kind) => `count(*) filter (${holds(name)}) as "k${index}_${kind}"`)];
  });
  const sample = `select ${columns.map(quoteName).join(', ')} from ${parquetTable(paths, 'union_by_name = true')} limit ${SAMPLED_ROWS}`;
  const sampled = await db.row<Record<string, bigint>>(`select count(*) as n, ${counts.join(', ')} from (${sample})`);
  const nullShares = await readNullShares(db, files);
  return {
    sampledRows: Number(sampled['n']),
    columns: columns.map((column, index) => ({
      column,
      inferredType: pickType(sampled, index),
      nullShare: nullShares.get(column) ?? 0,
    })),
  };
}

/** Over the source's column names in order, per file: another order or another name is another schema. */
export function fingerprintSchema(headers: readonly (readonly string[])[]): string {
  return hashCanonicalJson(headers);
}

function pickType(sampled: Record<string, bigint>, index: number): string {
  const values = sampled[`v${index}`];
  if (values === 0n) return 'empty';
  return KINDS.find((_, kind) => sampled[`k${index}_${kind}`] === values)?.type ?? 'text';
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
