/** `inlet query`: SQL over the current releases, printed while it arrives. */
import path from 'node:path';
import { UsageError } from '@inlet/errors';
import { terminalWidth, type CliContext } from '../context';
import { listDatasetIds } from '../datasets';
import { openStore } from '../local-lake';
import type { QueryOptions } from '../program';
import { writeRowsAsCsv, writeRowsAsJson, writeRowsAsTable, type RowResult } from '../render/rows';
import { createStyle } from '../render/style';
import { findPlaces } from '../workspace';

/** Rows of a table on a terminal, unless --rows says otherwise. */
const TERMINAL_ROWS = 100;

export async function query(context: CliContext, sql: string, options: QueryOptions): Promise<void> {
  const format = chooseFormat(options);
  const { domainsDir, lakeRoot } = findPlaces(context, options.lake);
  const { openLakeQuery } = await import('@inlet/duckdb');
  const lake = await openLakeQuery({ store: openStore(lakeRoot), scratchDir: path.join(lakeRoot, 'tmp'), datasets: await listDatasetIds(domainsDir) });
  try {
    await print(context, await lake.run(sql), format, options.rows);
  } finally {
    lake.close();
  }
}

function chooseFormat({ format, json, rows }: QueryOptions): 'table' | 'csv' | 'json' {
  if (json && format !== undefined && format !== 'json') {
    throw new UsageError({ what: '--json and --format disagree', expected: 'one of them', found: `--json --format ${format}` });
  }
  const chosen = json ? 'json' : (format ?? 'table');
  if (rows !== undefined && chosen !== 'table') {
    throw new UsageError({ what: '--rows is for tables only', expected: 'LIMIT in the SQL', found: `--rows with --format ${chosen}` });
  }
  return chosen;
}

async function print({ stdout, env }: CliContext, result: RowResult, format: 'table' | 'csv' | 'json', rows?: number): Promise<void> {
  if (format === 'csv') return writeRowsAsCsv(stdout, result);
  if (format === 'json') return writeRowsAsJson(stdout, result);
  const maxRows = rows ?? (stdout.isTTY ? TERMINAL_ROWS : undefined);
  await writeRowsAsTable(stdout, result, { style: createStyle(stdout, env), maxWidth: terminalWidth(stdout, env), maxRows });
}
