/** Models to Parquet: each is built in one pass on the bet that no row fails, and only what lost that bet is done again. */
import { mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReleaseTable } from '@inlet/manifest';
import type { EngineContext, SilverPlan, SilverReport, SilverTablePlan, SilverTableReport } from '@inlet/pipeline';
import { quoteName, quoteText } from '@inlet/sql';
import { bronzeQuery, malformedQuery, type LocalTableFile } from './bronze-views';
import { Database, parquetTable } from './database';
import { checkModelColumns, describeModelFailure, describeOrderFailure, unaccounted, type ModelColumn } from './model-checks';
import { scanTable } from './table-hash';

const PARQUET = '(format parquet, compression zstd)';

export async function buildSilver(plan: SilverPlan, context: EngineContext): Promise<SilverReport> {
  const scratchDir = path.join(context.scratchDir, 'silver');
  await mkdir(scratchDir, { recursive: true });
  const db = await Database.open({ memoryMb: plan.memoryMb, threads: plan.threads, tempDir: path.join(scratchDir, 'spill'), signal: context.signal });
  try {
    const builder = new SilverBuilder(db, plan, context, scratchDir);
    await builder.declareInputs();
    const tables: SilverTableReport[] = [];
    for (const table of plan.tables) tables.push(await builder.build(table));
    return { tables };
  } finally {
    db.close();
  }
}

interface BuiltModel {
  plan: SilverTablePlan;
  /** Of the model's view, lineage and `_problem` included. */
  columns: ModelColumn[];
  /** The Parquet file in scratch. */
  path: string;
  rows: number;
}

class SilverBuilder {
  constructor(
    private readonly db: Database,
    private readonly plan: SilverPlan,
    private readonly context: EngineContext,
    private readonly scratchDir: string,
  ) {}

  async declareInputs(): Promise<void> {
    // The machine's own zone would get into casts of timestamps to text, and so into hashes.
    await this.db.run(`set TimeZone = 'UTC'`);
    for (const macro of this.plan.macros) await this.db.run(macro);
    for (const schema of ['bronze', 'malformed', 'silver', 'gold', 'model']) await this.db.run(`create schema ${schema}`);
    for (const { name, columns, files } of this.plan.bronze) {
      const local: LocalTableFile[] = [];
      for (const file of files) local.push({ ...file, path: await this.context.store.localPath(file.key, this.scratchDir) });
      await this.db.run(`create view bronze.${quoteName(name)} as ${bronzeQuery(local, columns)}`);
      const malformed = malformedQuery(local);
      if (malformed) await this.db.run(`create view malformed.${quoteName(name)} as ${malformed}`);
    }
  }

  async build(plan: SilverTablePlan): Promise<SilverTableReport> {
    const model = await this.writeCandidate(plan);
    const quarantine = await this.quarantineRest(model);
    const superseded = await this.supersedeDuplicates(model);
    const published = await this.describeFile(model.path);
    const scan = await scanTable(this.db, model.path, published.filter(({ name }) => !name.startsWith('_')));
    const findings = await this.countFindings(model);
    const { size } = await stat(model.path);
    const key = `${plan.outputPrefix}${plan.name}/part-0.parquet`;
    await this.context.store.uploadFile(model.path, key);
    const visible = await this.context.store.localPath(key, this.scratchDir);
    await this.db.run(`create view ${plan.layer}.${quoteName(plan.name)} as select * from ${parquetTable(visible)}`);
    this.context.onProgress?.({ table: plan.name, rows: scan.rows });
    return {
      name: plan.name,
      layer: plan.layer,
      rows: scan.rows,
      files: [{ key, rows: scan.rows, bytes: size }],
      columns: published,
      contentHash: scan.contentHash,
      quarantined: quarantine?.rows ?? 0,
      superseded,
      stats: scan.stats,
      findings,
      ...(quarantine && { quarantine }),
    };
  }

  /** The one pass: every row that is typed and has its key. */
  private async writeCandidate(plan: SilverTablePlan): Promise<BuiltModel> {
    const view = modelView(plan);
    try {
      await this.db.run(`create view ${view} as ${plan.sql}`);
      const columns = await this.db.rows<ModelColumn>(`select column_name as name, column_type as type from (describe ${view})`);
      checkModelColumns(plan, columns);
      const target = path.join(this.scratchDir, `${plan.layer}-${plan.name}.parquet`);
      const exclude = hasColumn(columns, '_problem') ? ' exclude (_problem)' : '';
      const rows = await this.db.run(`copy (select *${exclude} from ${view} where not ${isBad(plan, columns)}) to ${quoteText(target)} ${PARQUET}`);
      return { plan, columns, path: target, rows };
    } catch (error) {
      throw describeModelFailure(plan, error);
    }
  }

  /** What the pass left out: counted against the parent table where there is one, and written with its raw values. */
  private async quarantineRest(model: BuiltModel): Promise<ReleaseTable | undefined> {
    const { plan, columns } = model;
    const parent = this.plan.bronze.find(({ name }) => name === plan.parent);
    const parentRows = parent?.files.reduce((sum, { rows }) => sum + rows, 0);
    const unreadable = await this.findUnreadable(plan);
    const unread = await this.countRows(unreadable.filter(({ table }) => table !== plan.parent).map(({ view }) => view));
    const missing = unread + (parentRows === undefined ? await this.countBad(model) : parentRows - model.rows);
    if (missing === 0) {
      await this.requireOneToOne(model);
      return undefined;
    }
    const target = path.join(this.scratchDir, `quarantine-${plan.name}.parquet`);
    const query = quarantineQuery(plan, columns, unreadable.map(({ view }) => view));
    const rows = missing < 0 ? 0 : await this.db.run(`copy (${query}) to ${quoteText(target)} ${PARQUET}`);
    if (rows !== missing) throw unaccounted(plan, { parentRows: parentRows ?? rows, kept: model.rows, quarantined: rows });
    await this.requireOneToOne(model, target);
    const { size } = await stat(target);
    const described = await this.describeFile(target);
    const key = `${plan.quarantinePrefix}${plan.name}/part-0.parquet`;
    await this.context.store.uploadFile(target, key);
    return { name: plan.name, layer: 'quarantine', rows, files: [{ key, rows, bytes: size }], columns: described, quarantined: 0, superseded: 0 };
  }

  /** Equal numbers are no proof: a model may lose one row and double another. Where each row came from tells, whatever their order. */
  private async requireOneToOne({ plan, rows, path: file }: BuiltModel, quarantineFile?: string): Promise<void> {
    const parent = this.plan.bronze.find(({ name }) => name === plan.parent);
    if (parent === undefined) return;
    const origins = async (table: string) => {
      const { sum } = await this.db.row<{ sum: bigint | null }>(`select sum(hash(_source::varchar, _member::varchar, _line::bigint)) as sum from ${table}`);
      return sum ?? 0n;
    };
    const quarantined = quarantineFile === undefined ? 0n : await origins(`${parquetTable(quarantineFile)} where _rule = 'row'`);
    if ((await origins(parquetTable(file))) + quarantined === (await origins(`bronze.${quoteName(parent.name)}`))) return;
    const parentRows = parent.files.reduce((sum, each) => sum + each.rows, 0);
    throw unaccounted(plan, { parentRows, kept: rows, quarantined: parentRows - rows });
  }

  /** As the file has them: Parquet has fewer types than DuckDB. */
  private describeFile(file: string): Promise<ModelColumn[]> {
    return this.db.rows<ModelColumn>(`select column_name as name, column_type as type from (describe select * from ${parquetTable(file)})`);
  }

  /**
   * Keeps the best row of each key; how many rows lost. Keys are first compared by their 64-bit hashes, which fit in memory at any width;
   * only rows whose hash repeats are compared in full.
   */
  private async supersedeDuplicates(model: BuiltModel): Promise<number> {
    const { plan, columns } = model;
    const key = plan.key.map(quoteName).join(', ');
    const file = parquetTable(model.path, 'file_row_number = true');
    const order = [...plan.orderBy, ...['_source', '_member', '_line'].filter((name) => hasColumn(columns, name)), 'file_row_number'].join(', ');
    await this.requireOrder(plan, `select row_number() over (order by ${order}) from ${file} limit 0`);
    await this.db.run(`create or replace temp table repeated as select h from (select hash(${key}) as h from ${file}) group by h having count(*) > 1`);
    const { n } = await this.db.row<{ n: bigint }>('select count(*) as n from repeated');
    if (n === 0n) return 0;
    await this.db.run(
      `create or replace temp table losers as select row_at from (
         select file_row_number as row_at, row_number() over (partition by ${key} order by ${order}) as place
         from ${file} where hash(${key}) in (select h from repeated)) where place > 1`,
    );
    const { losers } = await this.db.row<{ losers: bigint }>('select count(*) as losers from losers');
    if (losers === 0n) return 0;
    const target = `${model.path}.deduplicated`;
    await this.db.run(
      `copy (select * exclude (file_row_number) from ${file} where file_row_number not in (select row_at from losers)) to ${quoteText(target)} ${PARQUET}`,
    );
    await rename(target, model.path);
    return Number(losers);
  }

  private async requireOrder(plan: SilverTablePlan, trial: string): Promise<void> {
    try {
      await this.db.run(trial);
    } catch (error) {
      throw describeOrderFailure(plan, error);
    }
  }

  private async countFindings({ columns, path: file }: BuiltModel): Promise<SilverTableReport['findings']> {
    if (!hasColumn(columns, '_finding')) return [];
    const rows = await this.db.rows<{ finding: string; n: bigint }>(
      `select _finding as finding, count(*) as n from ${parquetTable(file)} where _finding is not null group by all order by n desc, finding limit 100`,
    );
    return rows.map(({ finding, n }) => ({ finding, rows: Number(n) }));
  }

  private countBad({ plan, columns }: BuiltModel): Promise<number> {
    return this.countRows([`${modelView(plan)} where ${isBad(plan, columns)}`]);
  }

  /** Views of the unreadable records that are quarantined with this model; only files that were read record by record have any. */
  private async findUnreadable(plan: SilverTablePlan): Promise<{ table: string; view: string }[]> {
    const rows = await this.db.rows<{ name: string }>(`select view_name as name from duckdb_views() where schema_name = 'malformed'`);
    return plan.unreadableOf.filter((table) => rows.some(({ name }) => name === table)).map((table) => ({ table, view: `malformed.${quoteName(table)}` }));
  }

  private async countRows(tables: readonly string[]): Promise<number> {
    let rows = 0;
    for (const table of tables) rows += Number((await this.db.row<{ n: bigint }>(`select count(*) as n from ${table}`)).n);
    return rows;
  }
}

const modelView = (plan: SilverTablePlan) => `model.${quoteName(`${plan.layer}_${plan.name}`)}`;

const hasColumn = (columns: readonly { name: string }[], wanted: string) => columns.some(({ name }) => name === wanted);

/** A condition that is never NULL. */
function isBad(plan: SilverTablePlan, columns: readonly { name: string }[]): string {
  const conditions = plan.key.map((name) => `${quoteName(name)} is null`);
  if (hasColumn(columns, '_problem')) conditions.unshift('_problem is not null');
  return `(${conditions.join(' or ')})`;
}

/**
 * What is kept back, each row with `_rule`, `_reason` and where it stood: rows that failed, with their values as bronze has them (or the model,
 * where it has no parent), and records that could not be read, with their text.
 */
function quarantineQuery(plan: SilverTablePlan, columns: readonly { name: string }[], unreadable: readonly string[]): string {
  const records = unreadable.map((view) => `select 'record' as _rule, _error as _reason, _source, _member, _line, _raw from ${view}`);
  return [failedRowsQuery(plan, columns), ...records].join('\nunion all by name\n');
}

function failedRowsQuery(plan: SilverTablePlan, columns: readonly { name: string }[]): string {
  const problem = hasColumn(columns, '_problem') ? ['_problem'] : [];
  const reasons = [...problem, ...plan.key.map((name) => `case when ${quoteName(name)} is null then ${quoteText(`the key column ${name} is empty`)} end`)];
  const failed = `select 'row' as _rule, concat_ws('; ', ${reasons.join(', ')}) as _reason`;
  const from = `from ${modelView(plan)} where ${isBad(plan, columns)}`;
  if (plan.parent === undefined) return `${failed}, *${problem.length > 0 ? ' exclude (_problem)' : ''} ${from}`;
  return `select m._rule, m._reason, b.* from (${failed}, _source, _member, _line ${from}) m join bronze.${quoteName(plan.parent)} b using (_source, _member, _line)`;
}
