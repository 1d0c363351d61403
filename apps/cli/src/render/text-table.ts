/** Tables for people: columns line up, numbers stand right, and no line is wider than the terminal. */
import { displayWidth, padToWidth, truncateToWidth } from './display-width';

export interface TextColumn {
  title: string;
  align?: 'left' | 'right';
}

const GAP = '  ';
/** A column that holds text is cut no shorter than this before whole columns are left out. */
const MIN_TEXT_WIDTH = 12;

export interface TableLayout {
  columns: readonly TextColumn[];
  /** Cells of each column that is shown. */
  widths: readonly number[];
  /** Columns on the right that did not fit. */
  hidden: readonly TextColumn[];
}

/**
 * Chooses widths from the titles and from rows seen so far. With `maxWidth` the widest texts are cut first, numbers last,
 * and when even that does not fit, columns on the right are left out; without it every column is as wide as its widest cell.
 */
export function layOutTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], maxWidth?: number): TableLayout {
  const natural = columns.map((column, index) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), Math.max(1, displayWidth(column.title))),
  );
  if (maxWidth === undefined) return { columns, widths: natural, hidden: [] };
  const least = natural.map((width, index) => (columns[index]?.align === 'right' ? width : Math.min(width, MIN_TEXT_WIDTH)));
  let shown = columns.length;
  while (shown > 1 && totalWidth(least.slice(0, shown)) > maxWidth) shown -= 1;
  const budget = maxWidth - GAP.length * (shown - 1);
  const widths = shrink(natural.slice(0, shown), least.slice(0, shown), Math.max(1, budget));
  return { columns: columns.slice(0, shown), widths, hidden: columns.slice(shown) };
}

/** Title line and rule. */
export function formatHeader({ columns, widths }: TableLayout): string[] {
  const titles = columns.map(({ title }) => title);
  return [formatRow({ columns, widths, hidden: [] }, titles), widths.map((width) => '─'.repeat(width)).join(GAP)];
}

/** One row's line. `decorate` colours a cell after it has been cut and padded. */
export function formatRow({ columns, widths }: TableLayout, row: readonly string[], decorate = (cell: string, _column: number) => cell): string {
  const cells = widths.map((width, index) => decorate(padToWidth(truncateToWidth(row[index] ?? '', width), width, columns[index]?.align), index));
  return cells.join(GAP).trimEnd();
}

/** A small table at once, each line indented. */
export function formatTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], options: { maxWidth?: number; indent?: string } = {}): string[] {
  const indent = options.indent ?? '';
  const layout = layOutTable(columns, rows, options.maxWidth === undefined ? undefined : options.maxWidth - indent.length);
  return [...formatHeader(layout), ...rows.map((row) => formatRow(layout, row))].map((line) => indent + line);
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

/** Lowers one ceiling over all columns until they fit, so that only the widest are cut; never below a column's least width, except where one alone is too wide. */
function shrink(natural: readonly number[], least: readonly number[], budget: number): number[] {
  const capped = (ceiling: number) => natural.map((width, index) => Math.max(Math.min(width, ceiling), Math.min(least[index] ?? 1, budget)));
  const sum = (widths: readonly number[]) => widths.reduce((total, width) => total + width, 0);
  let low = 1;
  let high = Math.max(...natural, 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sum(capped(middle)) <= budget) low = middle;
    else high = middle - 1;
  }
  return capped(low);
}
