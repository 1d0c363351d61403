/** `inlet query`: SQL over the current releases, or over what a run set aside, printed while it arrives. */
import { UsageError } from '@inlet/errors';
import { isRunId } from '@inlet/time';
import { terminalWidth, type CliContext } from '../context';
import { openLake } from '../lake';
import type { QueryOptions } from '../program';
import { writeRowsAsCsv, writeRowsAsJson, writeRowsAsTable, type RowResult } from '../render/rows';
import { createStyle } from '../render/style';

/** Rows of a table on a terminal, unless --rows says otherwise. */
const TERMINAL_ROWS = 100;

export async function query(context: CliContext, sql: string, options: QueryOptions): Promise<void> {
  const format = chooseFormat(options);
  const lake = await openLake(context, options);
  const { quarantineOf } = options;
  if (quarantineOf !== undefined && !isRunId(quarantineOf)) {
    throw new UsageError({ what: '--quarantine-of takes a run id', expected: 'one such as 20261120T210000Z-0f3a5c7d9e1b', found: JSON.stringify(quarantineOf), next: '`inlet history <dataset>` lists them.' });
  }
  const asked = await lake.openQuery({ quarantineOf });
  try {
    const result = await asked.run(sql);
    await print(context, result, format, options.rows);
    if (result.cost !== undefined && options.quiet !== true) context.stderr.write(`${result.cost}\n`);
  } finally {
    await asked.close();
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
