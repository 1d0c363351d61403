/** Questions to the published lake: SQL over the current releases, and over nothing else. */
import path from 'node:path';
import type { DuckDBValue } from '@duckdb/node-api';
import { QueryError } from '@inlet/errors';
import type { ReleaseTable } from '@inlet/manifest';
import { readManifest, type ObjectStore } from '@inlet/pipeline';
import { quoteName } from '@inlet/sql';
import { bronzeQuery } from './bronze-views';
import { Database, duckDbMessage, parquetTable } from './database';
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
  await db.confine(readable);
  try {
    const result = await db.stream(sql);
    const columns = result.columnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }));
    return { columns, rows: readRows(result, sql) };
  } catch (error) {
    throw describeQueryFailure(error, sql, options.datasets);
  }
}

/** Only the schemas that the text mentions are declared, so that a question to one dataset does not open them all. */
function datasetsNamedIn(sql: string, datasets: readonly string[]): string[] {
  const text = sql.toLowerCase();
  const asksForCatalog = /information_schema|show\s|describe\s|duckdb_|pg_catalog|summarize\s/.test(text);
  return datasets.filter((dataset) => asksForCatalog || text.includes(schemaName(dataset)));
}

/** The manifest is read once, so that one question sees one release. Returns the files behind the schemas. */
async function declareDataset(db: Database, dataset: string, { store, scratchDir }: LakeQueryOptions): Promise<string[]> {
  const release = (await readManifest(store, dataset))?.manifest.current;
  if (!release) return [];
  const schema = schemaName(dataset);
  for (const name of [schema, `${schema}_bronze`, `${schema}_quarantine`]) await db.run(`create schema if not exists ${quoteName(name)}`);
  const paths: string[] = [];
  for (const table of release.tables) {
    const files = await Promise.all(table.files.map(async (file) => ({ ...file, path: await store.localPath(file.key, scratchDir) })));
    paths.push(...files.map(({ path }) => path));
    const query = table.layer === 'bronze' ? bronzeQuery(files, table.columns.map(({ name }) => name)) : `select * from ${parquetTable(files.map(({ path }) => path))}`;
    await db.run(`create or replace view ${quoteName(schemaOf(schema, table))}.${quoteName(table.name)} as ${query}`);
  }
  return paths;
}

const schemaName = (dataset: string) => dataset.replaceAll('-', '_');

function schemaOf(schema: string, { layer }: ReleaseTable): string {
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
    where: sql.length > 200 ? `${sql.slice(0, 200)}…` : sql,
    found: message.replace(/\s+/g, ' ').replace(/ LINE \d+:.*$/, ''),
    next: `Schemas: ${datasets.map(schemaName).join(', ') || 'none'}; ask "select table_schema, table_name from information_schema.tables" for what is published.`,
    cause: error,
  });
}

