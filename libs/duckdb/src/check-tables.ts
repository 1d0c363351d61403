/** Asks a plan's rules of its tables: each table in a database of its own that reads the files of the plan and nothing else. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { version } from '@duckdb/node-api';
import type { EngineContext, QualityFile, QualityPlan, QualityRelation, QualityReport, QualityTablePlan } from '@inlet/pipeline';
import { evaluateRuleset, parseRuleset, type Evaluation, type FileFact, type Relation } from '@inlet/quality';
import { quoteName } from '@inlet/sql';
import { bronzeQuery } from './bronze-views';
import { Database, parquetTable, type Row } from './database';

export async function checkTables(plan: QualityPlan, context: EngineContext): Promise<QualityReport> {
  const tables: QualityReport['tables'] = [];
  for (const table of plan.tables) {
    context.signal?.throwIfAborted();
    const { rules, analyzers } = await checkTable(plan, table, context);
    // A rule takes what stops a query for a fault of its own.
    context.signal?.throwIfAborted();
    tables.push({ name: table.name, results: rules.map(({ labels: _labels, ...result }) => result), analyzers });
    context.onProgress?.({ table: table.name });
  }
  return { engine: { name: 'duckdb', version: version() }, tables };
}

async function checkTable(plan: QualityPlan, table: QualityTablePlan, context: EngineContext): Promise<Evaluation> {
  const references = plan.relations.filter(({ name }) => table.references.includes(name));
  const database = new LazyDatabase(plan, [{ view: PRIMARY, relation: table }, ...references.map((relation) => ({ view: referenceView(relation), relation }))], context);
  try {
    const evaluation = await evaluateRuleset(parseRuleset(table.ruleset), {
      primary: describeRelation(PRIMARY, table),
      references: new Map(references.map((relation) => [relation.name, describeRelation(referenceView(relation), relation)])),
      query: (sql) => database.query(sql),
      history: (metric) => table.history[metric] ?? [],
      files: async (wanted) => plan.files.filter((file) => wanted === undefined || file.path.startsWith(wanted)).map((file) => describeFile(file, context)),
      now: new Date(plan.now),
      pii: new Set(table.pii),
    });
    database.requireOpened();
    return evaluation;
  } finally {
    database.close();
  }
}

const PRIMARY = quoteName('checked table');
const referenceView = ({ name }: QualityRelation) => quoteName(`reference ${name}`);

function describeRelation(from: string, { columns, known }: QualityRelation): Relation {
  return { from, columns, known: { ...known, nulls: known.nulls && new Map(Object.entries(known.nulls)) } };
}

interface NamedView {
  /** Quoted. */
  view: string;
  relation: QualityRelation;
}

/** Opened by the first question, so that rules about what is known already open nothing. */
class LazyDatabase {
  #opened: Promise<Database> | undefined;
  #failure: { error: unknown } | undefined;

  constructor(
    private readonly plan: QualityPlan,
    private readonly views: readonly NamedView[],
    private readonly context: EngineContext,
  ) {}

  async query(sql: string): Promise<Row[]> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#failure = { error };
      throw error;
    });
    return (await this.#opened).rows(sql);
  }

  /** A rule would take a table that cannot be had for a fault of its own, and a failure of storage for a verdict. */
  requireOpened(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  close(): void {
    this.#opened?.then((db) => db.close(), () => undefined);
  }

  async #open(): Promise<Database> {
    const { store, scratchDir, signal } = this.context;
    const folder = path.join(scratchDir, 'quality');
    await mkdir(folder, { recursive: true });
    const db = await Database.open({ memoryMb: this.plan.memoryMb, threads: this.plan.threads, tempDir: path.join(folder, 'spill'), signal });
    try {
      await db.run(`set TimeZone = 'UTC'`);
      const readable: string[] = [];
      for (const { view, relation } of this.views) {
        const files = await Promise.all(relation.files.map(async (file) => ({ ...file, path: await store.localPath(file.key, folder) })));
        const names = relation.columns.map(({ name }) => name);
        const query = relation.layer === 'bronze' ? bronzeQuery(files, names) : `select * from ${parquetTable(files.map((file) => file.path))}`;
        await db.run(`create view ${view} as ${query}`);
        readable.push(...files.map((file) => file.path));
      }
      await db.confine(readable);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }
}

/** The bytes are hashed only for a rule that asks. */
function describeFile({ path: shown, rawKey, sizeBytes, lastModified }: QualityFile, { store }: EngineContext): FileFact {
  return {
    path: shown,
    sizeBytes,
    lastModified: new Date(lastModified),
    digest: async (algorithm) => {
      const hash = createHash(algorithm);
      for await (const chunk of await store.openRead(rawKey)) hash.update(chunk as Buffer);
      return hash.digest('hex');
    },
  };
}
