/** The columns that rules name: found as Spark finds them, and sorted by what can be done with their type. */
import { findNearest } from '@inlet/dataset';
import { quoteName } from '@inlet/sql';
import type { Relation } from './check';
import { RuleProblem } from './rule-problem';

export type ColumnKind = 'integer' | 'float' | 'decimal' | 'boolean' | 'text' | 'date' | 'timestamp' | 'other';

export interface Column {
  /** As the rule writes it, which is how metrics name it. */
  written: string;
  /** As the table has it. */
  name: string;
  type: string;
  kind: ColumnKind;
  /** Quoted. */
  sql: string;
}

/** The column of that name; its case counts only where two differ in nothing else. Throws RuleProblem, which names the nearest. */
export function findColumn({ columns }: Relation, written: string, table = 'the table'): Column {
  const wanted = written.startsWith('`') && written.endsWith('`') && written.length > 1 ? written.slice(1, -1) : written;
  const found = columns.find(({ name }) => name === wanted) ?? columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return { written: wanted, name: found.name, type: found.type, kind: classifyType(found.type), sql: quoteName(found.name) };
  const nearest = findNearest(wanted, columns.map(({ name }) => name));
  throw new RuleProblem(`There is no column "${wanted.slice(0, 80)}" in ${table}${nearest === undefined ? '' : ` (did you mean "${nearest}"?)`}.`);
}

const KINDS: readonly [ColumnKind, RegExp][] = [
  ['other', /[[(]\s*\)?\s*\]$|^(?:STRUCT|MAP|UNION|LIST|ARRAY)\b/i],
  ['integer', /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|U?INT[1248]?|LONG|SHORT)$/i],
  ['float', /^(?:FLOAT[48]?|DOUBLE|REAL)$/i],
  ['decimal', /^(?:DECIMAL|NUMERIC)\b/i],
  ['boolean', /^BOOL(?:EAN)?$/i],
  ['text', /^(?:VARCHAR|TEXT|STRING|CHAR|BPCHAR|UUID|JSON|ENUM)\b/i],
  ['date', /^DATE$/i],
  ['timestamp', /^(?:TIMESTAMP|DATETIME)/i],
];

/** What a DuckDB type is to a rule. */
export function classifyType(type: string): ColumnKind {
  return KINDS.find(([, pattern]) => pattern.test(type.trim()))?.[0] ?? 'other';
}

/** Whether Deequ takes it for a number. */
export function isNumeric({ kind }: Pick<Column, 'kind'>): boolean {
  return kind === 'integer' || kind === 'float' || kind === 'decimal';
}

/** A number of such a column as DOUBLE. Throws RuleProblem for a column of another type. */
export function numberOf(column: Column): string {
  if (!isNumeric(column)) throw new RuleProblem(`Column "${column.written}" is ${column.type}, not a number.`);
  return column.type.toUpperCase() === 'DOUBLE' ? column.sql : `CAST(${column.sql} AS DOUBLE)`;
}

/** Its values as text. */
export function textOf({ sql, type }: Column): string {
  return type.toUpperCase() === 'VARCHAR' ? sql : `CAST(${sql} AS VARCHAR)`;
}

/** The text of a column that has texts. Throws RuleProblem for a column of another type. */
export function requireText(column: Column): string {
  if (column.kind !== 'text') throw new RuleProblem(`Column "${column.written}" is ${column.type}, not text.`);
  return textOf(column);
}

/** Whether two values are equal, with the conversions that Spark makes between a text and another type. */
export function equate(left: Column & { at: string }, right: Column & { at: string }): string {
  if (left.kind === 'text' && right.kind !== 'text') return `TRY_CAST(${left.at} AS ${right.type}) = ${right.at}`;
  if (right.kind === 'text' && left.kind !== 'text') return `${left.at} = TRY_CAST(${right.at} AS ${left.type})`;
  return `${left.at} = ${right.at}`;
}
