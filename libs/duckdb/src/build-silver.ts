/** Models to Parquet: each is built in one pass on the bet that no row fails, and only what lost that bet is done again. */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReleaseTable } from '@inlet/manifest';
import type { EngineContext, SilverPlan, SilverReport, SilverTablePlan, SilverTableReport } from '@inlet/pipeline';
import { quoteName, quoteText } from '@inlet/sql';
import { bronzeQuery, malformedQuery, type LocalTableFile } from './bronze-views';
import { Database, parquetTable } from './database';
import { checkModelColumns, describeModelFailure, describeOrderFailure, doubled, unaccounted, type ModelColumn } from './model-checks';
import { scanTable } from './table-hash';

const PARQUET = '(format parquet, compression zstd)';
const LINEAGE = ['_source', '_member', '_line'];

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
  /** Rows that lost to another row of their key. */
  superseded: number;
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
      superseded: model.superseded,
      stats: scan.stats,
      findings,
      ...(quarantine && { quarantine }),
    };
  }

  /** The one pass: every row that is typed, has its key, and is the best of that key. */
  private async writeCandidate(plan: SilverTablePlan): Promise<BuiltModel> {
    const view = modelView(plan);
    try {
      await this.db.run(`create view ${view} as ${plan.sql}`);
      const columns = await this.db.rows<ModelColumn>(`select column_name as name, column_type as type from (describe ${view})`);
      checkModelColumns(plan, columns);
      const kept = await this.keepBestRows(plan, columns);
      const target = path.join(this.scratchDir, `${plan.layer}-${plan.name}.parquet`);
      const exclude = hasColumn(columns, '_problem') ? ' exclude (_problem)' : '';
      const rows = await this.db.run(`copy (select m.*${exclude} from ${kept.from}) to ${quoteText(target)} ${PARQUET}`);
      return { plan, columns, path: target, rows, superseded: kept.superseded ?? (await this.countRows([`${view} where not ${isBad(plan, columns)}`])) - rows };
    } catch (error) {
      throw describeModelFailure(plan, error);
    }
  }

  /**
   * The good rows, of each key the best one. Keys are first compared by their 64-bit hashes, which fit in memory at any width and cost little; where
   * none repeats, nothing else is done. With a parent, the few losers are named by where they stood; without one, a window picks the best rows,
   * and how many lost is counted afterwards.
   */
  private async keepBestRows(plan: SilverTablePlan, columns: readonly ModelColumn[]): Promise<{ from: string; superseded?: number }> {
    const view = modelView(plan);
    const good = `not ${isBad(plan, columns)}`;
    const key = plan.key.map(quoteName).join(', ');
    const ties = plan.parent === undefined ? columns.map(({ name }) => quoteName(name)) : LINEAGE;
    const place = `row_number() over (partition by ${key} order by ${[...plan.orderBy, ...ties].join(', ')})`;
    await this.requireOrder(plan, `select ${place} from ${view} limit 0`);
    await this.db.run(`create or replace temp table repeated as select h from (select hash(${key}) as h from ${view}) group by h having count(*) > 1`);
    if ((await this.countRows(['repeated'])) === 0) return { from: `${view} m where ${good}`, superseded: 0 };
    if (plan.parent === undefined) return { from: `${view} m where ${good} qualify ${place} = 1` };
    const lineage = LINEAGE.join(', ');
    await this.db.run(
      `create or replace temp table contenders as select ${lineage}, ${place} as place from ${view} where ${good} and hash(${key}) in (select h from repeated)`,
    );
    await this.requireDistinctOrigins(plan);
    await this.db.run(`create or replace temp table losers as select ${lineage} from contenders where place > 1`);
    return { from: `${view} m anti join losers using (${LINEAGE.join(', ')}) where ${good}`, superseded: await this.countRows(['losers']) };
  }

  /** What the pass left out: counted against the parent table where there is one, and written with its raw values. */
  private async quarantineRest(model: BuiltModel): Promise<ReleaseTable | undefined> {
    const { plan, columns } = model;
    const parent = this.plan.bronze.find(({ name }) => name === plan.parent);
    const parentRows = parent?.files.reduce((sum, { rows }) => sum + rows, 0);
    const unreadable = await this.findUnreadable(plan);
    const unread = await this.countRows(unreadable.filter(({ table }) => table !== plan.parent).map(({ view }) => view));
    const missing = unread + (parentRows === undefined ? await this.countBad(model) : parentRows - model.rows - model.superseded);
    if (missing === 0) {
      await this.requireOneToOne(model);
      return undefined;
    }
    const target = path.join(this.scratchDir, `quarantine-${plan.name}.parquet`);
    const query = quarantineQuery(plan, columns, unreadable.map(({ view }) => view));
    const rows = missing < 0 ? 0 : await this.db.run(`copy (${query}) to ${quoteText(target)} ${PARQUET}`);
    if (rows !== missing) throw unaccounted(plan, { parentRows: parentRows ?? rows, kept: model.rows + model.superseded, quarantined: rows });
    await this.requireOneToOne(model, target);
    const { size } = await stat(target);
    const described = await this.describeFile(target);
    const key = `${plan.quarantinePrefix}${plan.name}/part-0.parquet`;
    await this.context.store.uploadFile(target, key);
    return { name: plan.name, layer: 'quarantine', rows, files: [{ key, rows, bytes: size }], columns: described, quarantined: 0, superseded: 0 };
  }

  /** Equal numbers are no proof: a model may lose one row and double another. Where each row came from tells, whatever their order. */
  private async requireOneToOne({ plan, rows, superseded, path: file }: BuiltModel, quarantineFile?: string): Promise<void> {
    const parent = this.plan.bronze.find(({ name }) => name === plan.parent);
    if (parent === undefined) return;
    const origins = async (table: string) => {
      const { sum } = await this.db.row<{ sum: bigint | null }>(`select sum(hash(_source::varchar, _member::varchar, _line::bigint)) as sum from ${table}`);
      return sum ?? 0n;
    };
    const quarantined = quarantineFile === undefined ? 0n : await origins(`${parquetTable(quarantineFile)} where _rule = 'row'`);
    const lost = superseded === 0 ? 0n : await origins('losers');
    if ((await origins(parquetTable(file))) + quarantined + lost === (await origins(`bronze.${quoteName(parent.name)}`))) return;
    const parentRows = parent.files.reduce((sum, each) => sum + each.rows, 0);
    throw unaccounted(plan, { parentRows, kept: rows + superseded, quarantined: parentRows - rows - superseded });
  }

  /** As the file has them: Parquet has fewer types than DuckDB. */
  private describeFile(file: string): Promise<ModelColumn[]> {
    return this.db.rows<ModelColumn>(`select column_name as name, column_type as type from (describe select * from ${parquetTable(file)})`);
  }

  /** A row that a model doubled contends with itself; to name the loser by where it stood would lose both. */
  private async requireDistinctOrigins(plan: SilverTablePlan): Promise<void> {
    const { rows, origins } = await this.db.row<{ rows: bigint; origins: bigint }>(`select count(*) as rows, count(distinct (${LINEAGE.join(', ')})) as origins from contenders`);
    if (rows !== origins) throw doubled(plan, Number(rows - origins));
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
