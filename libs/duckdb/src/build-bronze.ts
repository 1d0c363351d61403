/** Text files to Parquet: every value as text, every record kept, and where each one stood. */
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReleaseTable, TableFile } from '@inlet/manifest';
import type { BronzeInput, BronzePlan, BronzeReport, BronzeTablePlan, EngineContext, TextFormat } from '@inlet/pipeline';
import { quoteName, quoteText } from '@inlet/sql';
import { Database } from './database';
import { inferSchema } from './infer-schema';
import { bronzeColumns, MALFORMED_COLUMNS, writeBronzeQuickly, type BronzeFileOptions, type WrittenFile } from './read-delimited';
import { rewriteRecords } from './rewrite-records';

export async function buildBronze(plan: BronzePlan, context: EngineContext): Promise<BronzeReport> {
  const scratchDir = path.join(context.scratchDir, 'bronze');
  await mkdir(scratchDir, { recursive: true });
  const db = await Database.open({ memoryMb: plan.memoryMb, threads: plan.threads, tempDir: path.join(scratchDir, 'spill'), signal: context.signal });
  try {
    const tables: ReleaseTable[] = [];
    for (const table of plan.tables) tables.push(await buildTable(db, { table, format: plan.format, scratchDir, context }));
    return { tables };
  } finally {
    db.close();
  }
}

interface TableTask {
  table: BronzeTablePlan;
  format: TextFormat;
  scratchDir: string;
  context: EngineContext;
}

async function buildTable(db: Database, { table, format, scratchDir, context }: TableTask): Promise<ReleaseTable> {
  const files: TableFile[] = [];
  const paths: string[] = [];
  for (const [index, input] of table.inputs.entries()) {
    const target = path.join(scratchDir, `${table.name}-${index}.parquet`);
    const options = { columns: table.columns, format, target, signal: context.signal };
    const written = (await writeBronzeQuickly(db, input, options)) ?? (await writeBronzeCarefully(db, input, options));
    const { size } = await stat(target);
    await context.store.uploadFile(target, input.outputKey);
    paths.push(await context.store.localPath(input.outputKey, scratchDir));
    files.push({ key: input.outputKey, rows: written.rows, bytes: size, source: input.source, member: input.member, firstLine: written.firstLine });
    context.onProgress?.({ table: table.name, rows: files.reduce((sum, { rows }) => sum + rows, 0) });
  }
  return {
    name: table.name,
    layer: 'bronze',
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    files,
    columns: table.columns.map((name) => ({ name, type: 'VARCHAR' })),
    quarantined: 0,
    superseded: 0,
    inferred: await inferSchema(db, paths, table.columns),
  };
}

/** Rewrites the text record by record, and reads that back; the file has `_line`, `_raw` and `_error` columns of its own. */
async function writeBronzeCarefully(db: Database, input: BronzeInput, options: BronzeFileOptions): Promise<WrittenFile> {
  const { columns, format, target, signal } = options;
  const rewritten = `${target}.ndjson`;
  const rows = await rewriteRecords(input, format, { target: rewritten, signal });
  const source = recordTable(rewritten, [...input.columns, '_line', ...MALFORMED_COLUMNS]);
  const lineage = `_line::bigint as _line, ${MALFORMED_COLUMNS.join(', ')}`;
  const copied = await db.run(
    `copy (select ${bronzeColumns(columns, input)}, ${lineage} from ${source}) to ${quoteText(target)} (format parquet, compression zstd)`,
  );
  if (copied !== rows) throw new RangeError(`${input.member}: ${rows} records were read and ${copied} written`);
  await rm(rewritten);
  return { rows, firstLine: null };
}

/** A table expression over rewritten records. */
function recordTable(path: string, columns: readonly string[]): string {
  const fields = columns.map((column, index) => `fields[${index + 1}] as ${quoteName(column)}`).join(', ');
  const lines = `read_json(${quoteText(path)}, auto_detect = false, format = 'newline_delimited', records = false, columns = {fields: 'VARCHAR[]'}, maximum_object_size = 16000000)`;
  return `(select ${fields} from ${lines})`;
}
