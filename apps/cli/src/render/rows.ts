/** Writes a query's rows as a table, as CSV or as JSON while they arrive: a result may be far larger than memory. */
import type { Writable } from 'node:stream';
import { PacedWriter } from '../output';
import { formatCell, plainText, toJsonValue, type CellValue } from './cell';
import { displayWidth } from './display-width';
import { escapeControl } from './escape-control';
import type { Style } from './style';
import { formatHeader, formatRow, layOutTable, type TextColumn } from './text-table';
import { wrapWords } from './wrap-words';

export interface ResultColumn {
  name: string;
  type: string;
}

export interface RowResult {
  columns: readonly ResultColumn[];
  rows: AsyncIterable<readonly CellValue[]>;
}

export interface TableOptions {
  style: Style;
  /** Cells of the terminal; undefined where there is none, and then nothing is cut. */
  maxWidth?: number;
  /** Rows shown; undefined for all. */
  maxRows?: number;
}

/** Rows looked at before the widths are chosen. Later and wider cells are cut on a terminal, and stick out elsewhere. */
const LAYOUT_ROWS = 1000;

const NUMERIC_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL(\(.*\))?)$/;

/** Writes the table, then a line that counts the rows. Returns the rows shown. */
export async function writeRowsAsTable(stream: Writable, result: RowResult, { style, maxWidth, maxRows = Infinity }: TableOptions): Promise<number> {
  const writer = new PacedWriter(stream);
  const columns: TextColumn[] = result.columns.map(({ name, type }) => ({ title: escapeControl(name), align: NUMERIC_TYPE.test(type) ? 'right' : 'left' }));
  const rows = result.rows[Symbol.asyncIterator]();
  const first = await takeRows(rows, Math.min(LAYOUT_ROWS, maxRows));
  const layout = layOutTable(columns, first.map((row) => row.map(formatCell)), maxWidth);
  const writeRow = (row: readonly CellValue[]) => {
    const cells = row.map(formatCell);
    const decorate = (cell: string, index: number) => (row[index] === null ? style.dim(cell) : cell);
    return writer.line(maxWidth === undefined ? overflowingRow(layout.widths, columns, cells) : formatRow(layout, cells, decorate));
  };
  for (const line of formatHeader(layout)) await writer.line(style.bold(line.trimEnd()));
  for (const row of first) await writeRow(row);
  let shown = first.length;
  let next = await rows.next();
  for (; !next.done && shown < maxRows; next = await rows.next()) {
    await writeRow(next.value);
    shown += 1;
  }
  const notes = [countNote(shown, !next.done), hiddenNote(layout.hidden, columns.length)].flatMap((note) => wrapWords(note, maxWidth));
  for (const note of notes) await writer.line(style.dim(note));
  await writer.flush();
  if (!next.done) await rows.return?.();
  return shown;
}

/** RFC 4180: CRLF after every record, quotes where they are needed; NULL is an empty field, an empty text `""`. */
export async function writeRowsAsCsv(stream: Writable, result: RowResult): Promise<void> {
  const writer = new PacedWriter(stream);
  await writer.write(`${result.columns.map(({ name }) => csvField(name)).join(',')}\r\n`);
  for await (const row of result.rows) await writer.write(`${row.map(csvField).join(',')}\r\n`);
  await writer.flush();
}

/** One JSON array, an object per row and line. A column name that occurs twice gets `_2`, `_3`, … */
export async function writeRowsAsJson(stream: Writable, result: RowResult): Promise<void> {
  const writer = new PacedWriter(stream);
  const names = uniqueNames(result.columns.map(({ name }) => name));
  let separator = '[\n';
  for await (const row of result.rows) {
    const object = Object.fromEntries(names.map((name, index) => [name, toJsonValue(row[index] ?? null)]));
    await writer.write(`${separator}${JSON.stringify(object)}`);
    separator = ',\n';
  }
  await writer.write(separator === '[\n' ? '[]\n' : '\n]\n');
  await writer.flush();
}

function csvField(value: CellValue): string {
  if (value === null) return '';
  const text = plainText(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let copy = 2; taken.has(unique); copy += 1) unique = `${name}_${copy}`;
    taken.add(unique);
    return unique;
  });
}

async function takeRows<Row>(rows: AsyncIterator<Row>, limit: number): Promise<Row[]> {
  const taken: Row[] = [];
  while (taken.length < limit) {
    const next = await rows.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

/** A row in the chosen widths, with cells that are wider left whole: whoever reads a pipe wants the value. */
function overflowingRow(widths: readonly number[], columns: readonly TextColumn[], cells: readonly string[]): string {
  const own = widths.map((width, index) => Math.max(width, displayWidth(cells[index] ?? '')));
  return formatRow({ columns, widths: own, hidden: [] }, cells);
}

function countNote(shown: number, more: boolean): string {
  const rows = `${shown.toLocaleString('en')} ${shown === 1 ? 'row' : 'rows'}`;
  return more ? `(first ${rows}; --rows all shows every row, --format csv or json writes them out)` : `(${rows})`;
}

function hiddenNote(hidden: readonly TextColumn[], total: number): string {
  if (hidden.length === 0) return '';
  return `(${total - hidden.length} of ${total} columns fit; not shown: ${hidden.map(({ title }) => title).join(', ')})`;
}
