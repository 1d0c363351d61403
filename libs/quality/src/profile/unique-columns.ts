/** Finds the columns whose values are never there twice. */
import { quoteName } from '@inlet/sql';
import type { Relation } from '../evaluation/check';
import type { ColumnProfile, Profile, Query } from './profile-columns';

/** The estimate of different values may be this much too low. */
const ESTIMATE = 0.8;
/** A grouping of all rows each: more would take long on a wide table. */
const MOST_CANDIDATES = 20;
/** With fewer rows than this, values differ by chance, and only a name that says so makes a key. */
const MANY_ROWS = 100;
/** Longer texts are prose, and no two people write the same. */
const LONGEST_KEY = 64;
const KEY_NAMES = [/(^|[_\W])(id|key|code|no|nr|num|number|uuid|guid)$/i, /[a-z0-9](Id|ID|Key|Code|No|Number)$/, /^[A-Z0-9]+(ID|KEY|CODE|NUMBER)$/];

export function isKeyName(name: string): boolean {
  return KEY_NAMES.some((pattern) => pattern.test(name));
}

/** Names of columns without a NULL and without a value twice, in the order of the columns. First the estimate counts, then the rows themselves. */
export async function findUniqueColumns({ rows, columns }: Profile, { from }: Relation, query: Query): Promise<string[]> {
  const isCandidate = ({ kind, values, distinct, name, lengths }: ColumnProfile) =>
    (kind === 'integer' || (kind === 'text' && lengths !== null && lengths.longest <= LONGEST_KEY)) && values === rows && distinct >= ESTIMATE * rows && (rows >= MANY_ROWS || isKeyName(name));
  const unique: string[] = [];
  for (const { name } of rows === 0 ? [] : columns.filter(isCandidate).slice(0, MOST_CANDIDATES)) {
    const column = quoteName(name);
    const twice = await query(`SELECT 1 AS found FROM ${from} GROUP BY ${column} HAVING count(*) > 1 LIMIT 1`);
    if (twice.length === 0) unique.push(name);
  }
  return unique;
}
