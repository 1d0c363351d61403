/** Bronze as models see it: one view per table over its files, with `_source`, `_member` and the `_line` each row stood on. */
import type { TableFile } from '@inlet/manifest';
import { quoteName } from '@inlet/sql';
import { parquetTable } from './database';

export interface LocalTableFile extends TableFile {
  path: string;
}

/** A query over well-formed records. Lines come from row positions where they are contiguous, else from the file's own `_line`. */
export function bronzeQuery(files: readonly LocalTableFile[], columns: readonly string[]): string {
  const names = [...columns.map(quoteName), '_source', '_member'].join(', ');
  return files
    .map(({ path, firstLine }) =>
      typeof firstLine === 'number'
        ? `select ${names}, file_row_number + ${firstLine} as _line from ${parquetTable(path, 'file_row_number = true')}`
        : `select ${names}, _line from ${parquetTable(path)} where _error is null`,
    )
    .join('\nunion all\n');
}

/** A query over the records that could not be read: `_source`, `_member`, `_line`, `_raw`, `_error`. undefined where there can be none. */
export function malformedQuery(files: readonly LocalTableFile[]): string | undefined {
  const careful = files.filter(({ firstLine }) => typeof firstLine !== 'number');
  if (careful.length === 0) return undefined;
  return careful
    .map(({ path }) => `select _source, _member, _line, _raw, _error from ${parquetTable(path)} where _error is not null`)
    .join('\nunion all\n');
}
