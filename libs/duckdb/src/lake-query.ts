/** Questions to the published lake: SQL over the current releases, and over nothing else. */
import path from 'node:path';
import type { DuckDBValue } from '@duckdb/node-api';
import { QueryError } from '@inlet/errors';
import type { Layer, ReleaseTable } from '@inlet/manifest';
import { listQuarantineFiles, readManifest, type ObjectStore } from '@inlet/pipeline';
import { quoteName } from '@inlet/sql';
import { bronzeQuery } from './bronze-views';
import { Database, duckDbMessage, parquetTable } from './database';
import { listEmptyQuarantines } from './empty-quarantine';
import { toPlainValue, type PlainValue } from './plain-value';

export interface QueryResult {
  columns: { name: string; type: string }[];
  rows: AsyncIterable<readonly PlainValue[]>;
}

export interface LakeQuery {
  /** Throws QueryError when the SQL is wrong or asks for more than to read the lake. */
  run(sql: string): Promise<QueryResult>;
  close(): void;
}

interface LakeQueryOptions {
  store: ObjectStore;
  /** Folder for downloads, where the store is remote, and for what does not fit in memory. */
  scratchDir: string;
  /** Ids of the datasets whose schemas exist. */
  datasets: readonly string[];
  /** The run whose quarantine alone is asked about, in place of what is published: a rejected one, say. */
  quarantineOf?: string;
  memoryMb?: number;
}

/** A dataset's schemas: `<dataset>` (silver and gold), `<dataset>_bronze`, `<dataset>_quarantine`; `-` becomes `_`. */
export async function openLakeQuery(options: LakeQueryOptions): Promise<LakeQuery> {
  // DuckDB makes the folder when it must spill, and removes it when it is closed; two queries at once must not share it.
  const db = await Database.open({ memoryMb: options.memoryMb, tempDir: path.join(options.scratchDir, `query-${process.pid}`) });
  return {
    run: (sql) => runQuery(db, sql, options),
    close: () => db.close(),
  };
}

async function runQuery(db: Database, sql: string, options: LakeQueryOptions): Promise<QueryResult> {
  const readable: string[] = [];
  for (const dataset of datasetsNamedIn(sql, options.datasets)) readable.push(...(await declareDataset(db, dataset, options)));
  if (options.quarantineOf !== undefined && readable.length === 0) throw nothingSetAside(sql, options.quarantineOf);
  await db.confine(readable);
  try {
    const result = await db.stream(sql);
    const columns = result.columnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }));
    return { columns, rows: readRows(result, sql) };
  } catch (error) {
    throw describeQueryFailure(error, sql, options.datasets);
  }
}

function nothingSetAside(sql: string, runId: string): QueryError {
  return new QueryError({
    what: 'There is nothing to ask about',
    where: shorten(sql),
    expected: `a dataset of which ${runId} set rows aside, as <dataset>_quarantine.<table>`,
    found: 'none',
    next: '`inlet show <run id>` tells how many rows of each table a run set aside; those of rejected runs are kept for retention.quarantine_days.',
  });
}

/** Only the schemas that the text mentions are declared, so that a question to one dataset does not open them all. */
function datasetsNamedIn(sql: string, datasets: readonly string[]): string[] {
  const text = sql.toLowerCase();
  const asksForCatalog = /information_schema|show\s|describe\s|duckdb_|pg_catalog|summarize\s/.test(text);
  return datasets.filter((dataset) => asksForCatalog || text.includes(schemaName(dataset)));
}

/** The manifest is read once, so that one question sees one release. Returns the files behind the schemas. */
async function declareDataset(db: Database, dataset: string, { store, scratchDir, quarantineOf }: LakeQueryOptions): Promise<string[]> {
  const published = quarantineOf === undefined ? ((await readManifest(store, dataset))?.manifest.current?.tables ?? []) : [];
  const tables = quarantineOf === undefined ? published : await listQuarantine(store, dataset, quarantineOf);
  if (tables.length === 0) return [];
  const schema = schemaName(dataset);
  for (const name of [schema, `${schema}_bronze`, `${schema}_quarantine`]) await db.run(`create schema if not exists ${quoteName(name)}`);
  const paths: string[] = [];
  for (const table of tables) {
    const keys = table.files.map(({ key }) => key);
    const local = await Promise.all(keys.map((key) => store.localPath(key, scratchDir)));
    paths.push(...local);
    await db.run(`create or replace view ${quoteName(schemaOf(schema, table.layer))}.${quoteName(table.name)} as ${selectFrom(table, local)}`);
  }
  await declareEmptyQuarantines(db, schema, published);
  return paths;
}

async function declareEmptyQuarantines(db: Database, schema: string, published: readonly ReleaseTable[]): Promise<void> {
  for (const { name, like, hasRaw } of listEmptyQuarantines(published)) {
    const from = `${quoteName(schemaOf(schema, like.layer))}.${quoteName(like.name)}`;
    await db.run(`create view ${quoteName(`${schema}_quarantine`)}.${quoteName(name)} as select null::varchar as _rule, null::varchar as _reason, *${hasRaw ? ', null::varchar as _raw' : ''} from ${from} where false`);
  }
}

/** `local` are the paths of its files, in their order. */
function selectFrom(table: ReleaseTable | QuarantineTable, local: readonly string[]): string {
  if (table.layer !== 'bronze') return `select * from ${parquetTable(local)}`;
  return bronzeQuery(table.files.map((file, index) => ({ ...file, path: local[index] ?? '' })), table.columns.map(({ name }) => name));
}

interface QuarantineTable {
  name: string;
  layer: 'quarantine';
  files: { key: string }[];
}

/** The tables that a run left in quarantine, whether it was published or not. Only the files themselves know more of them. */
async function listQuarantine(store: ObjectStore, dataset: string, runId: string): Promise<QuarantineTable[]> {
  const files = await listQuarantineFiles(store, dataset, runId);
  return [...files].map(([name, keys]) => ({ name, layer: 'quarantine', files: keys.map((key) => ({ key })) }));
}

const schemaName = (dataset: string) => dataset.replaceAll('-', '_');

function schemaOf(schema: string, layer: Layer): string {
  return layer === 'bronze' || layer === 'quarantine' ? `${schema}_${layer}` : schema;
}

async function* readRows(result: { yieldRows(): AsyncIterable<DuckDBValue[][]> }, sql: string): AsyncGenerator<PlainValue[]> {
  try {
    for await (const rows of result.yieldRows()) for (const row of rows) yield row.map(toPlainValue);
  } catch (error) {
    throw describeQueryFailure(error, sql, []);
  }
}

function describeQueryFailure(error: unknown, sql: string, datasets: readonly string[]): unknown {
  const message = duckDbMessage(error);
  const forbidden = /Permission Error/.test(message);
  return new QueryError({
    what: forbidden ? 'A query may only read the published lake' : 'The query cannot be run',
    where: shorten(sql),
    found: message.replace(/\s+/g, ' ').replace(/ LINE \d+:.*$/, ''),
    next: `Schemas: ${datasets.map(schemaName).join(', ') || 'none'}; ask "select table_schema, table_name from information_schema.tables" for what is published.`,
    cause: error,
  });
}

const shorten = (sql: string) => (sql.length > 200 ? `${sql.slice(0, 200)}…` : sql);
