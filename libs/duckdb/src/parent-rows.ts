/** Where a model splits rows, the proof that none is lost: every bronze row has a row here, is kept back, lost to another, or gives none by rule. */
import { ModelError, RowsUnaccountedError } from '@inlet/errors';
import type { ParentRows } from '@inlet/manifest';
import type { SilverTablePlan } from '@inlet/pipeline';
import { quoteName } from '@inlet/sql';
import { duckDbMessage, parquetTable, type Database } from './database';
import { isBad, LINEAGE, type BuiltModel } from './silver-model';

export interface ParentContext {
  model: BuiltModel;
  /** Every record of the bronze table, those that cannot be read included. */
  parentRows: number;
  /** Files of the quarantine of this model, and of those built before it of the same table. */
  quarantineFiles: readonly string[];
  /** Tables of where the rows stood that lost their key in those models. */
  loserTables: readonly string[];
  /** View of the records that could not be read, where there is one. */
  unreadable?: string;
}

type SplitPlan = SilverTablePlan & { splits: NonNullable<SilverTablePlan['splits']> };

const ORIGIN = `(${LINEAGE.join(', ')})`;
const origins = (from: string) => `select ${LINEAGE.join(', ')} from ${from}`;

/** Throws RowsUnaccountedError, and ModelError for a condition that cannot be asked. */
export async function accountForParents(db: Database, context: ParentContext): Promise<ParentRows> {
  const { model, parentRows, quarantineFiles, loserTables, unreadable } = context;
  const plan = requireSplits(model.plan);
  await keepChildless(db, plan, model.path);
  const childless = await countRows(db, 'childless');
  const unreadableRows = unreadable === undefined ? 0 : await countRows(db, unreadable);
  const explain = (from: string) => db.run(`delete from childless where ${ORIGIN} in (${origins(from)})`);
  let quarantined = unreadableRows;
  for (const file of quarantineFiles) quarantined += await explain(`${parquetTable(file)} where _rule <> 'record'`);
  let superseded = 0;
  for (const table of loserTables) superseded += await explain(table);
  const empty = await db.run('delete from childless where is_empty');
  // Whatever rows the model itself made and did not keep have lost to others of their key.
  if ((await countRows(db, 'childless')) > 0 && model.superseded > 0) superseded += await explain(`${model.from} where not ${isBad(model)}`);
  const lost = await countRows(db, 'childless');
  if (lost > 0) throw await describeLost(db, plan, lost);
  return { table: plan.splits.table, rows: parentRows, built: parentRows - unreadableRows - childless, quarantined, superseded, empty };
}

function requireSplits(plan: SilverTablePlan): SplitPlan {
  if (plan.splits === undefined) throw new RangeError(`the model ${plan.name} splits no table`);
  return { ...plan, splits: plan.splits };
}

async function keepChildless(db: Database, { name, splits }: SplitPlan, file: string): Promise<void> {
  const bronze = `select ${LINEAGE.join(', ')}, coalesce((${splits.empty})::boolean, false) as is_empty from bronze.${quoteName(splits.table)}`;
  try {
    await db.run(`create or replace temp table childless as select b.* from (${bronze}) b anti join (${origins(parquetTable(file))}) using ${ORIGIN}`);
  } catch (error) {
    const message = duckDbMessage(error);
    if (!/^(Binder|Parser|Catalog) Error: /.test(message)) throw error;
    throw new ModelError({
      what: `It cannot be told which rows of bronze.${splits.table} give no row in ${name}`,
      where: `splits.empty of the model ${name}`,
      expected: `an SQL condition over columns of bronze.${splits.table}`,
      found: `${splits.empty}: ${message.split('\n', 1)[0] ?? ''}`,
      next: 'Correct `splits.empty` in config/dataset.json.',
      cause: error,
    });
  }
}

async function describeLost(db: Database, { name, splits }: SplitPlan, lost: number): Promise<RowsUnaccountedError> {
  const { _source, _member, _line } = await db.row<Record<string, unknown>>(`${origins('childless')} order by all limit 1`);
  return new RowsUnaccountedError({
    what: `The model ${name} lost rows`,
    where: `models/${name}.sql`,
    expected: `each row of bronze.${splits.table} to give a row or more, or to be quarantined, superseded or empty by rule (${splits.empty})`,
    found: `${lost} ${lost === 1 ? 'row' : 'rows'} of none of these, such as line ${String(_line)} of ${String(_member)} (${String(_source)})`,
    next: 'Correct the model, mark rows with _problem instead of filtering them, or say in `splits.empty` which rows give none.',
  });
}

async function countRows(db: Database, from: string): Promise<number> {
  return Number((await db.row<{ n: bigint }>(`select count(*) as n from ${from}`)).n);
}
