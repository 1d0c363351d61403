/** What a rule asks of every row, as SQL. */

/** Which rows a rule is about and what they must meet; a test that is NULL is not met. */
export interface RowTest {
  /** SQL in brackets; null for all rows. */
  scope: string | null;
  meets: string;
}

/** TRUE for a row that meets it, FALSE for one that does not, NULL for one that it is not about. */
export function composeRowTest({ scope, meets }: RowTest): string {
  const isMet = `coalesce((${meets}), FALSE)`;
  return scope === null ? isMet : `CASE WHEN ${scope} THEN ${isMet} END`;
}

/** Both scopes at once. */
export function narrowScope(scope: string | null, further: string): string {
  return scope === null ? `(${further})` : `(${scope} AND (${further}))`;
}

/** How many rows a test is about, as an aggregate. */
export function countRows(scope: string | null): string {
  return scope === null ? 'count(*)' : `count(*) FILTER (WHERE ${scope})`;
}

/** How many of the rows that a test is about fail it, as an aggregate. */
export function countFailures({ scope, meets }: RowTest): string {
  const fails = `NOT coalesce((${meets}), FALSE)`;
  return `count(*) FILTER (WHERE ${scope === null ? fails : `${scope} AND ${fails}`})`;
}
