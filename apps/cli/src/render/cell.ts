/** How one value of a result reads in a table, in CSV and in JSON. */
import { escapeControl } from './escape-control';

export type CellValue = string | number | bigint | boolean | null | object;

/** A table cell. NULL, and a text that merely reads NULL, stay apart: the text is quoted. */
export function formatCell(value: CellValue): string {
  if (value === null) return 'NULL';
  if (value === 'NULL') return '"NULL"';
  return escapeControl(plainText(value));
}

/** The value as text with nothing escaped; objects as JSON. */
export function plainText(value: Exclude<CellValue, null>): string {
  if (typeof value !== 'object') return String(value);
  const json = toJsonValue(value);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** The value as JSON can hold it: integers beyond 2^53 and non-finite numbers become strings, so that no digit is lost. */
export function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (value instanceof Date) return value.toISOString();
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJsonValue(inner)]));
}
