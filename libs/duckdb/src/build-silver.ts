/** Models to Parquet: each is built in one pass on the bet that no row fails, and only what lost that bet is done again. */
import { copyFile, link, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReleaseTable } from '@inlet/manifest';
import type { EngineContext, SilverPlan, SilverReport, SilverTablePlan, SilverTableReport } from '@inlet/pipeline';
import { bronzeAlias, type Relation } from '@inlet/quality';
import { quoteName, quoteText } from '@inlet/sql';
import { bronzeQuery, malformedQuery, type LocalTableFile } from './bronze-views';
import { Database, parquetTable } from './database';
import { ColumnMasker } from './mask-columns';
import { checkModelColumns, describeModelFailure, describeOrderFailure, doubled, hidePersonalValues, unaccounted, type ModelColumn } from './model-checks';
import { accountForParents } from './parent-rows';
import { applyRowRules, findFailingRule } from './row-rules';
import { excluding, hasColumn, isBad, LINEAGE, losersTable, modelView, quarantineQuery, type BuiltModel, type ModelSource } from './silver-model';
import { scanTable } from './table-hash';

const PARQUET = '(format parquet, compression zstd)';

export async function buildSilver(plan: SilverPlan, context: EngineContext): Promise<SilverReport> {
  const scratchDir = path.resolve(context.scratchDir, 'silver');
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

/** What was kept back of a model. */
interface Quarantine {
  table: ReleaseTable;
  /** The Parquet file in scratch. */
  path: string;
}

/** A model that is done, as far as those after it ask. */
interface FinishedModel {
  plan: SilverTablePlan;
  superseded: number;
  quarantineFile?: string;
}

class SilverBuilder {
  readonly #masker: ColumnMasker;
  readonly #finished: FinishedModel[] = [];
  /** Tables that rules may ask for, by the names under which they know them. */
  readonly #references = new Map<string, Relation>();
  /** DuckDB quotes values in its errors, of whatever column. */
  readonly #hidesValues: boolean;

  constructor(
    private readonly db: Database,
    private readonly plan: SilverPlan,
    private readonly context: EngineContext,
    private readonly scratchDir: string,
  ) {
    this.#masker = new ColumnMasker(db, context.secrets);
    this.#hidesValues = plan.tables.some(({ pii = [] }) => pii.length > 0);
  }

  /** From the end of this on, models and rules read what was declared, and write nothing beyond scratch. */
  async declareInputs(): Promise<void> {
    const readable: string[] = [];
    // The machine's own zone would get into casts of timestamps to text, and so into hashes.
    await this.db.run(`set TimeZone = 'UTC'`);
    for (const macro of this.plan.macros) await this.db.run(macro);
    for (const schema of ['bronze', 'malformed', 'silver', 'gold', 'model']) await this.db.run(`create schema ${schema}`);
    for (const { name, columns, files } of this.plan.bronze) {
      const local: LocalTableFile[] = [];
      for (const file of files) local.push({ ...file, path: await this.context.store.localPath(file.key, this.scratchDir) });
      readable.push(...local.map((file) => file.path));
      const view = `bronze.${quoteName(name)}`;
      await this.db.run(`create view ${view} as ${bronzeQuery(local, columns)}`);
      this.#references.set(bronzeAlias(name), { from: view, columns: columns.map((column) => ({ name: column, type: 'VARCHAR' })) });
      const malformed = malformedQuery(local);
      if (malformed) await this.db.run(`create view malformed.${quoteName(name)} as ${malformed}`);
    }
    await this.db.confine(readable, { folder: this.scratchDir });
  }

  async build(plan: SilverTablePlan): Promise<SilverTableReport> {
    try {
      return await this.#build(plan);
    } catch (error) {
      throw this.#hidesValues ? hidePersonalValues(plan, error) : error;
    }
  }

  async #build(plan: SilverTablePlan): Promise<SilverTableReport> {
    const model = await this.writeCandidate(plan);
    const quarantine = await this.quarantineRest(model);
    this.#finished.push({ plan, superseded: model.superseded, quarantineFile: quarantine?.path });
    const parents = await this.accountForParents(model);
    const rowRules = await this.countFailedRows(model, quarantine);
    const published = await this.describeFile(model.path);
    const scan = await scanTable(this.db, model.path, published.filter(({ name }) => !name.startsWith('_')));
    const findings = await this.countFindings(model);
    const { size } = await stat(model.path);
    const key = `${plan.outputPrefix}${plan.name}/part-0.parquet`;
    await this.publishView(plan, { file: await this.upload(model.path, key), columns: published });
    this.context.onProgress?.({ table: plan.name, rows: scan.rows });
    return {
      name: plan.name,
      layer: plan.layer,
      rows: scan.rows,
      files: [{ key, rows: scan.rows, bytes: size }],
      columns: published,
      contentHash: scan.contentHash,
      quarantined: quarantine?.table.rows ?? 0,
      superseded: model.superseded,
      ...(parents && { parents }),
      stats: scan.stats,
      ...(plan.masks && { masked: Object.keys(plan.masks) }),
      ...(rowRules && { rowRules }),
      findings,
      ...(quarantine && { quarantine: quarantine.table }),
    };
  }

  /** For the models and rules after this one. */
  private async publishView(plan: SilverTablePlan, { file, columns }: { file: string; columns: ModelColumn[] }): Promise<void> {
    const view = `${plan.layer}.${quoteName(plan.name)}`;
    await this.db.run(`create view ${view} as select * from ${parquetTable(file)}`);
    this.#references.set(plan.name, { from: view, columns });
  }

  /** A store may move the file away, to where this connection cannot read: the path given back is of one that stays in scratch. */
  private async upload(file: string, key: string): Promise<string> {
    const kept = file.replace(/\.parquet$/, '.kept.parquet');
    // What an earlier try left may share its bytes with a file of the lake.
    await rm(kept, { force: true });
    // A second name costs nothing; some file systems have none.
    await link(file, kept).catch(() => copyFile(file, kept));
    await this.context.store.uploadFile(file, key);
    return kept;
  }

  /** The one pass: every row that is typed, has its key, meets the rules, and is the best of that key. */
  private async writeCandidate(plan: SilverTablePlan): Promise<BuiltModel> {
    const view = modelView(plan);
    let source: ModelSource | undefined;
    try {
      await this.db.run(`create view ${view} as ${plan.sql}`);
      const columns = await this.db.rows<ModelColumn>(`select column_name as name, column_type as type from (describe ${view})`);
      checkModelColumns(plan, columns);
      source = await applyRowRules(this.db, plan, { view, columns, references: this.#references });
      const kept = await this.keepBestRows(source);
      const target = path.join(this.scratchDir, `${plan.layer}-${plan.name}.parquet`);
      const unwritten = [...(hasColumn(columns, '_problem') ? ['_problem'] : []), ...source.rules.map(({ column }) => column)];
      const rows = await this.db.run(`copy (select m.*${excluding(unwritten)}${await this.#masker.compile(plan, columns)} from ${kept.from}) to ${quoteText(target)} ${PARQUET}`);
      return { ...source, path: target, rows, superseded: kept.superseded ?? (await this.countRows([`${source.from} where not ${isBad(source)}`])) - rows };
    } catch (error) {
      const fault = source && (await findFailingRule(this.db, source, { view, error, hidesValues: this.#hidesValues }));
      throw fault ?? describeModelFailure(plan, error, this.#hidesValues);
    }
  }

  /**
   * The good rows, of each key the best one. Keys are first compared by their 64-bit hashes, which fit in memory at any width and cost little; where
   * none repeats, nothing else is done. With a parent, the few losers are named by where they stood; without one, a window picks the best rows,
   * and how many lost is counted afterwards.
   */
  private async keepBestRows(source: ModelSource): Promise<{ from: string; superseded?: number }> {
    const { plan, columns, from } = source;
    const view = modelView(plan);
    const good = `not ${isBad(source)}`;
    const key = plan.key.map(quoteName).join(', ');
    const ties = plan.parent === undefined ? columns.map(({ name }) => quoteName(name)) : LINEAGE;
    const place = `row_number() over (partition by ${key} order by ${[...plan.orderBy, ...ties].join(', ')})`;
    await this.requireOrder(plan, `select ${place} from ${view} limit 0`);
    await this.db.run(`create or replace temp table repeated as select h from (select hash(${key}) as h from ${view}) group by h having count(*) > 1`);
    if ((await this.countRows(['repeated'])) === 0) return { from: `${from} m where ${good}`, superseded: 0 };
    if (plan.parent === undefined) return { from: `${from} m where ${good} qualify ${place} = 1` };
    const lineage = LINEAGE.join(', ');
    await this.db.run(
      `create or replace temp table contenders as select ${lineage}, ${place} as place from ${from} where ${good} and hash(${key}) in (select h from repeated)`,
    );
    await this.requireDistinctOrigins(plan);
    const losers = losersTable(plan);
    await this.db.run(`create temp table ${losers} as select ${lineage} from contenders where place > 1`);
    return { from: `${from} m anti join ${losers} using (${lineage}) where ${good}`, superseded: await this.countRows([losers]) };
  }

  /** What the pass left out: counted against the parent table where there is one, and written with its raw values. */
  private async quarantineRest(model: BuiltModel): Promise<Quarantine | undefined> {
    const { plan } = model;
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
    const query = quarantineQuery(model, unreadable.map(({ view }) => view));
    const rows = missing < 0 ? 0 : await this.db.run(`copy (${query}) to ${quoteText(target)} ${PARQUET}`);
    if (rows !== missing) throw unaccounted(plan, { parentRows: parentRows ?? rows, kept: model.rows + model.superseded, quarantined: rows });
    await this.requireOneToOne(model, target);
    const { size } = await stat(target);
    const described = await this.describeFile(target);
    const key = `${plan.quarantinePrefix}${plan.name}/part-0.parquet`;
    return { path: await this.upload(target, key), table: { name: plan.name, layer: 'quarantine', rows, files: [{ key, rows, bytes: size }], columns: described, quarantined: 0, superseded: 0 } };
  }

  /** Equal numbers are no proof: a model may lose one row and double another. Where each row came from tells, whatever their order. */
  private async requireOneToOne({ plan, rows, superseded, path: file }: BuiltModel, quarantineFile?: string): Promise<void> {
    const parent = this.plan.bronze.find(({ name }) => name === plan.parent);
    if (parent === undefined) return;
    const origins = async (table: string) => {
      const { sum } = await this.db.row<{ sum: bigint | null }>(`select sum(hash(_source::varchar, _member::varchar, _line::bigint)) as sum from ${table}`);
      return sum ?? 0n;
    };
    const quarantined = quarantineFile === undefined ? 0n : await origins(`${parquetTable(quarantineFile)} where _rule <> 'record'`);
    const lost = superseded === 0 ? 0n : await origins(losersTable(plan));
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

  private countBad(model: BuiltModel): Promise<number> {
    return this.countRows([`${model.from} where ${isBad(model)}`]);
  }

  /** A row that fails several rules counts for each of them. Where nothing is quarantined, nothing has failed. */
  private async countFailedRows({ from, plan, rules }: BuiltModel, quarantine: Quarantine | undefined): Promise<SilverTableReport['rowRules']> {
    if (plan.rowRules === undefined) return undefined;
    if (quarantine === undefined) return rules.map(({ rule }) => ({ rule, failedRows: 0 }));
    const failed = rules.map(({ column }) => `${quoteName(column)} is false`);
    const counts = await this.db.row<Record<string, bigint>>(`select ${failed.map((condition, index) => `count(*) filter (where ${condition}) as "n${index}"`).join(', ')} from ${from} where ${failed.join(' or ')}`);
    return rules.map(({ rule }, index) => ({ rule, failedRows: Number(counts[`n${index}`]) }));
  }

  private async accountForParents(model: BuiltModel): Promise<SilverTableReport['parents']> {
    const table = model.plan.splits?.table;
    const parent = this.plan.bronze.find(({ name }) => name === table);
    if (parent === undefined) return undefined;
    const ofTable = this.#finished.filter(({ plan }) => plan.parent === parent.name || plan.splits?.table === parent.name);
    const [unreadable] = await this.findUnreadable({ unreadableOf: [parent.name] });
    return accountForParents(this.db, {
      model,
      parentRows: parent.files.reduce((sum, { rows }) => sum + rows, 0),
      quarantineFiles: ofTable.flatMap(({ quarantineFile }) => quarantineFile ?? []),
      loserTables: ofTable.filter(({ plan, superseded }) => plan.parent !== undefined && superseded > 0).map(({ plan }) => losersTable(plan)),
      unreadable: unreadable?.view,
    });
  }

  /** Views of the unreadable records that are quarantined with this model; only files that were read record by record have any. */
  private async findUnreadable({ unreadableOf }: Pick<SilverTablePlan, 'unreadableOf'>): Promise<{ table: string; view: string }[]> {
    const rows = await this.db.rows<{ name: string }>(`select view_name as name from duckdb_views() where schema_name = 'malformed'`);
    return unreadableOf.filter((table) => rows.some(({ name }) => name === table)).map((table) => ({ table, view: `malformed.${quoteName(table)}` }));
  }

  private async countRows(tables: readonly string[]): Promise<number> {
    let rows = 0;
    for (const table of tables) rows += Number((await this.db.row<{ n: bigint }>(`select count(*) as n from ${table}`)).n);
    return rows;
  }
}
