/** Tables for the specs, written out value by value. */
import { quoteName, quoteText } from '@inlet/sql';

export interface TestColumn {
  name: string;
  type: string;
  values: readonly (string | null)[];
}

/** A query of these rows; columns shorter than the first are filled up with NULL. */
export function selectOf(columns: readonly TestColumn[]): string {
  const rows = (columns[0]?.values ?? []).map((_, row) => `(${columns.map(({ values }) => literal(values[row] ?? null)).join(', ')})`);
  const cast = columns.map(({ name, type }, index) => `CAST(c${index} AS ${type}) AS ${quoteName(name)}`).join(', ');
  const from = rows.length > 0 ? `(VALUES ${rows.join(', ')})` : `(SELECT ${columns.map(() => 'NULL').join(', ')} WHERE false)`;
  return `SELECT ${cast} FROM ${from} rows(${columns.map((_, index) => `c${index}`).join(', ')})`;
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : quoteText(value);
}
