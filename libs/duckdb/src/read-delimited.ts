/** The quick way to bronze: DuckDB's parallel CSV reader, taken only where it is proved that every line is one record. */
import { quoteName, quoteText } from '@inlet/sql';
import type { BronzeInput, TextFormat } from '@inlet/pipeline';
import { duckDbMessage, type Database } from './database';
import { fillsItsColumns, inspectLineEnds } from './line-ends';

/** Where a record that cannot be read as one stands in bronze: its text, and why. Both NULL for every other record. */
export const MALFORMED_COLUMNS = ['_raw', '_error'] as const;

const QUOTED = `quote = '"', escape = '"'`;
const UNQUOTED = `quote = '', escape = ''`;

/** A table expression over a delimited UTF-8 text whose every field is text; empty unquoted fields are NULL, quoted ones are ''. */
export function delimitedTable(path: string, columns: readonly string[], format: TextFormat): string {
  const types = columns.map((column) => `${quoteText(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${quoteText(path)}, auto_detect = false, header = false, skip = ${format.header ? 1 : 0},
    delim = ${quoteText(format.delimiter)}, ${format.quoting ? QUOTED : UNQUOTED}, nullstr = '', allow_quoted_nulls = false,
    strict_mode = true, null_padding = false, encoding = 'utf-8', columns = {${types}})`;
}

/** Every bronze column in order, NULL where the file lacks it, then where the row came from. */
export function bronzeColumns(columns: readonly string[], input: BronzeInput): string {
  const present = new Set(input.columns);
  const values = columns.map((column) => (present.has(column) ? quoteName(column) : `NULL::VARCHAR as ${quoteName(column)}`));
  return [...values, `${quoteText(input.source)} as _source`, `${quoteText(input.member)} as _member`].join(', ');
}

export interface WrittenFile {
  rows: number;
  /** As TableFile.firstLine. */
  firstLine: number | null;
}

export interface BronzeFileOptions {
  columns: readonly string[];
  format: TextFormat;
  target: string;
  signal?: AbortSignal;
}

/**
 * Writes the Parquet file in one parallel pass, rows in the order of lines.
 * undefined when the reader refused the text or passed over a part of it, or when lines and records differ in number (blank lines, line
 * breaks inside quotes): then the file left behind is of no use, and the careful way is to be taken.
 */
export async function writeBronzeQuickly(db: Database, input: BronzeInput, options: BronzeFileOptions): Promise<WrittenFile | undefined> {
  const { columns, format, target, signal } = options;
  const headerLines = format.header ? 1 : 0;
  const select = `select ${bronzeColumns(columns, input)} from ${delimitedTable(input.path, input.columns, format)}`;
  // Side by side: DuckDB's threads do not need this one, and most texts are plain.
  const [inspected, copied] = await Promise.allSettled([
    inspectLineEnds({ path: input.path, delimiter: format.delimiter, width: input.columns.length, headerLines, signal }),
    db.run(`copy (${select}) to ${quoteText(target)} (format parquet, compression zstd)`),
  ]);
  if (inspected.status === 'rejected') throw inspected.reason;
  const lineEnds = inspected.value;
  if (!lineEnds.isPlain) return undefined;
  try {
    if (copied.status === 'rejected') throw copied.reason;
    const rows = copied.value;
    if (rows !== input.lines - headerLines) return undefined;
    if (!(await fillsItsColumns(db, lineEnds, { path: target, columns: input.columns }))) return undefined;
    return { rows, firstLine: headerLines + 1 };
  } catch (error) {
    if (isTextRefused(error)) return undefined;
    throw error;
  }
}

function isTextRefused(error: unknown): boolean {
  return /^(Invalid Input|Conversion) Error/.test(duckDbMessage(error));
}
