/** A file's header against the columns that the dataset has agreed on with its source. */
import { ContractViolationError } from '@inlet/errors';
import type { ColumnConfig, DatasetConfig, TableConfig } from '@inlet/dataset';

export interface MatchedHeader {
  /** Bronze column of each of the file's columns, in the file's order. */
  columns: string[];
  /** Bronze columns that the contract does not know, allowed by it. */
  added: string[];
  /** The name under which the file published each bronze column. */
  sourceNames: Map<string, string>;
}

const normalize = (name: string) => name.trim().toLowerCase();

/** Names that DuckDB's reader of Parquet keeps for itself. */
const RESERVED_NAMES = new Set(['file_row_number']);

/** `Reactivation Date (new)` becomes `reactivation_date_new`. */
export function toColumnName(sourceName: string): string {
  const name = sourceName.trim().toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) && !RESERVED_NAMES.has(name) ? name : `column_${name}`.replace(/_$/, '');
}

/** Throws ContractViolationError that lists every breach: unknown, missing and doubled columns. */
export function matchHeader(config: DatasetConfig, table: TableConfig, file: { member: string; header: readonly string[] }): MatchedHeader {
  const byName = new Map<string, ColumnConfig>();
  for (const column of table.columns) for (const name of [column.source, ...column.aliases]) byName.set(normalize(name), column);

  const columns: string[] = [];
  const unknown: string[] = [];
  for (const name of file.header) {
    const known = byName.get(normalize(name));
    if (known === undefined) unknown.push(name);
    columns.push(known?.name ?? toColumnName(name));
  }
  const missing = table.columns.filter(({ name, optional }) => !optional && !columns.includes(name));
  const taken = unknown.filter((name) => table.columns.some((column) => column.name === toColumnName(name)));
  const doubled = columns.filter((name, index) => columns.indexOf(name) !== index);
  const breaches = [
    ...(config.contract.new_columns === 'reject' ? unknown : taken).map((name) => `unknown column "${name}"`),
    ...missing.map(({ source }) => `missing column "${source}"`),
    ...doubled.map((name) => `two columns for "${name}"`),
  ];
  if (breaches.length > 0) throw violation(table, file, breaches);
  return {
    columns,
    added: columns.filter((name) => !table.columns.some((column) => column.name === name)),
    sourceNames: new Map(columns.map((name, index) => [name, (file.header[index] ?? '').trim()])),
  };
}

/**
 * Without a header line, the column list is the order; only the number of fields can be checked, and every record is. `width` is that of the
 * file's first record, where it is known: optional columns at the end may be absent.
 */
export function columnsWithoutHeader(table: TableConfig, width?: number): MatchedHeader {
  const needed = table.columns.findLastIndex(({ optional }) => !optional) + 1;
  const isShort = width !== undefined && width >= needed && width < table.columns.length;
  const present = isShort ? table.columns.slice(0, width) : table.columns;
  return {
    columns: present.map(({ name }) => name),
    added: [],
    sourceNames: new Map(present.map(({ name, source }) => [name, source])),
  };
}

function violation(table: TableConfig, { member, header }: { member: string; header: readonly string[] }, breaches: string[]): ContractViolationError {
  const shown = header.slice(0, 60).map((name) => name.slice(0, 80)).join(', ');
  return new ContractViolationError({
    what: `The columns of ${table.name} break the dataset's contract`,
    where: member,
    expected: table.columns.map(({ source, optional }) => (optional ? `${source} (optional)` : source)).join(', '),
    found: `${breaches.slice(0, 20).join('; ')} (header: ${shown || 'empty'})`,
    next: 'If the source has changed, add the column, an alias or `optional` to config/dataset.json, or set contract.new_columns to "allow".',
  });
}
