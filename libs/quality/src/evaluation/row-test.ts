/** What a rule asks of every row, as SQL. */

/** Which rows a rule is about and what they must meet; a test that is NULL is not met. */
export interface RowTest {
  /** SQL in brackets; null for all rows. */
  scope: string | null;
  meets: string;
  /** A quoted column: rows in which it is NULL are none of the test's business. */
  values?: string;
}

/** TRUE for a row that meets it, FALSE for one that does not, NULL for one that it is not about. */
export function composeRowTest({ scope, meets, values }: RowTest): string {
  const isMet = `coalesce((${meets}), FALSE)`;
  const among = values === undefined ? scope : narrowScope(scope, `${values} IS NOT NULL`);
  return among === null ? isMet : `CASE WHEN ${among} THEN ${isMet} END`;
}

/** Both scopes at once. */
export function narrowScope(scope: string | null, further: string): string {
  return scope === null ? `(${further})` : `(${scope} AND (${further}))`;
}

/** How many rows there are in scope, or how many of them have a value in a column, as an aggregate. */
export function countRows(scope: string | null, values = '*'): string {
  return scope === null ? `count(${values})` : `count(${values}) FILTER (WHERE ${scope})`;
}

/** How many of the rows that a test is about fail it, as an aggregate. */
export function countFailures({ scope, meets, values = '*' }: RowTest): string {
  const fails = `NOT coalesce((${meets}), FALSE)`;
  return `count(${values}) FILTER (WHERE ${scope === null ? fails : `${scope} AND ${fails}`})`;
}
