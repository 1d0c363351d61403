/** Finds the text columns that hold few values, each of them often: those that a rule can list. */
import { quoteName } from '@inlet/sql';
import type { Relation } from '../evaluation/check';
import { type ColumnProfile, type Query, splitEvery } from './profile-columns';

export interface ClosedSet {
  /** In the order of the alphabet. */
  values: string[];
  /** How often the rarest is there. */
  rarest: number;
}

const MOST_VALUES = 20;
const LONGEST_VALUE = 40;
/** Values that are there less often than this, on average, are no closed set. */
const USUAL_COUNT = 10;
const COLUMNS_PER_SCAN = 25;

/** By the column's name. `pii` columns are none, and values that look like identifiers, dates or addresses are not listed. */
export async function findClosedSets(columns: readonly ColumnProfile[], { from }: Relation, query: Query, pii: ReadonlySet<string>): Promise<Map<string, ClosedSet>> {
  const candidates = columns.filter((column) => !pii.has(column.name) && isCandidate(column));
  const sets = new Map<string, ClosedSet>();
  for (const chunk of splitEvery(candidates, COLUMNS_PER_SCAN)) {
    const names = chunk.map(({ name }) => quoteName(name));
    const selected = names.map((name, index) => `${name} AS value_${index}`).join(', ');
    const rows = await query(`SELECT ${selected}, count(*) AS "rows" FROM ${from} GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})`);
    for (const [index, { name }] of chunk.entries()) {
      const found = readValues(rows, `value_${index}`);
      if (found !== null) sets.set(name, found);
    }
  }
  return sets;
}

function isCandidate({ kind, values, distinct, lengths, form }: ColumnProfile): boolean {
  // The number of different values is an estimate: what is just above the limit is counted.
  return kind === 'text' && form === null && lengths !== null && lengths.longest <= LONGEST_VALUE && distinct <= MOST_VALUES * 1.5 && values >= USUAL_COUNT * distinct;
}

function readValues(rows: readonly Record<string, unknown>[], key: string): ClosedSet | null {
  const counts = rows.flatMap((row) => (typeof row[key] === 'string' ? [{ value: row[key], count: Number(row.rows) }] : []));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const rarest = Math.min(...counts.map(({ count }) => count));
  const isClosed = counts.length > 0 && counts.length <= MOST_VALUES && total >= USUAL_COUNT * counts.length && rarest > 1;
  if (!isClosed || !counts.every(({ value }) => canBeListed(value))) return null;
  return { values: counts.map(({ value }) => value).sort(), rarest };
}

/** False for identifiers, dates, times, addresses of mail, and what no eye can read. */
function canBeListed(value: string): boolean {
  return /^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(value) && !/[0-9]{4}|@|[0-9]:[0-9]/.test(value);
}
