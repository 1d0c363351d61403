/** DuckDB's values as JavaScript's, for printing: numbers stay numbers, all that JavaScript has no type for becomes text. */
import { DuckDBListValue, DuckDBMapValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';

export type PlainValue = string | number | bigint | boolean | null | PlainValue[] | { [key: string]: PlainValue };

/** Dates, times, decimals, UUIDs, blobs and intervals become the text that DuckDB prints. */
export function toPlainValue(value: DuckDBValue): PlainValue {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return value;
  if (value instanceof DuckDBListValue) return value.items.map(toPlainValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, inner]) => [key, toPlainValue(inner)]));
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(value.entries.map(({ key, value: inner }) => [String(key), toPlainValue(inner)]));
  }
  return String(value);
}
