/** Which rows a replay got out of quarantine: told by where each came from, so that rows that newly failed do not hide them. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { EngineContext, RecoveryPlan, RecoveryReport, RecoveryTablePlan } from '@inlet/pipeline';
import { Database, parquetTable } from './database';

const LINEAGE = ['_source', '_member', '_line'];

/** Enough for the places of rows: they are hashed and joined on disk if need be. */
const MEMORY_MB = 512;

export async function countRecovered(plan: RecoveryPlan, context: EngineContext): Promise<RecoveryReport> {
  const scratchDir = path.join(context.scratchDir, 'recovery');
  await mkdir(scratchDir, { recursive: true });
  const db = await Database.open({ memoryMb: MEMORY_MB, tempDir: path.join(scratchDir, 'spill'), signal: context.signal });
  try {
    const tables: RecoveryReport['tables'] = [];
    for (const table of plan.tables) tables.push({ name: table.name, recovered: await countTable(db, { table, context, scratchDir }) });
    return { tables };
  } finally {
    db.close();
  }
}

/**
 * A row that a model splits counts once, and not while any part of it is in quarantine still; one that lost to another row of its key stands in no
 * table, and does not count.
 */
async function countTable(db: Database, { table, context, scratchDir }: { table: RecoveryTablePlan; context: EngineContext; scratchDir: string }): Promise<number> {
  const read = async (files: readonly string[]) => parquetTable(await Promise.all(files.map((key) => context.store.localPath(key, scratchDir))));
  const [then, built] = [await read(table.quarantineThen), await read(table.built)];
  if (!(await hasLineage(db, then)) || !(await hasLineage(db, built))) return 0;
  const now = table.quarantineNow.length === 0 ? undefined : await read(table.quarantineNow);
  const places = LINEAGE.map((name) => `${name}::varchar as ${name}`).join(', ');
  const using = `using (${LINEAGE.join(', ')})`;
  const stillBack = now === undefined || !(await hasLineage(db, now)) ? '' : ` anti join (select ${places} from ${now}) ${using}`;
  const { n } = await db.row<{ n: bigint }>(`select count(*) as n from (select distinct ${places} from ${then}) semi join (select ${places} from ${built}) ${using}${stillBack}`);
  return Number(n);
}

async function hasLineage(db: Database, table: string): Promise<boolean> {
  const columns = await db.rows<{ name: string }>(`select column_name as name from (describe select * from ${table})`);
  return LINEAGE.every((wanted) => columns.some(({ name }) => name === wanted));
}
