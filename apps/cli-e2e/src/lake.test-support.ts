/** A lake in a temporary folder with the real adapters around it, composed once, for specs of what a run means. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createArchiveReader } from '@inlet/archive';
import type { Dataset, DatasetConfig } from '@inlet/dataset';
import { createDuckDbEngine, Database, openLakeQuery } from '@inlet/duckdb';
import { createSqliteLedger } from '@inlet/ledger';
import { createLocalStore, createScratchDir, isProcessAlive, thisProcessOwner } from '@inlet/local-io';
import { keys, RunRecordSchema, type Manifest, type RunRecord } from '@inlet/manifest';
import { runPipeline } from '@inlet/orchestrator';
import { collectGarbage, readManifest, rollback, type GarbageReport, type ObjectStore, type PipelineDeps, type RunEvent, type RunRequest } from '@inlet/pipeline';
import { createSource, type HttpSourceOptions } from '@inlet/source';
import { tempDir } from '@inlet/testing';
import { systemClock, type Clock } from '@inlet/time';

type Row = Record<string, unknown>;

export interface RunSettings {
  /** Any use of an engine fails the run with an error named EngineStarted. */
  withoutEngine?: boolean;
  /** Told everything that the run tells. */
  observe?: (event: RunEvent) => void;
  http?: HttpSourceOptions;
  signal?: AbortSignal;
}

export interface TestLake {
  root: string;
  store: ObjectStore;
  run(dataset: Dataset, request?: Partial<RunRequest>, settings?: RunSettings): Promise<RunRecord>;
  /** Rows of a query as `inlet query` answers it. */
  query(sql: string): Promise<Row[]>;
  /** Rows of the quarantine that a run left behind, published or not. */
  quarantine(dataset: string, runId: string, table: string): Promise<Row[]>;
  history(dataset: string): Promise<RunRecord[]>;
  manifest(dataset: string): Promise<Manifest>;
  /** The manifest as its bytes; undefined before there is one. */
  manifestText(dataset: string): string | undefined;
  /** The record in the lake, which must say what the ledger says. */
  recordedRun(dataset: string, runId: string): Promise<RunRecord>;
  rollback(dataset: string, to?: string): Promise<{ from: string; to: string }>;
  gc(dataset: Dataset, options: { dryRun?: boolean; graceMs?: number; clock?: Clock }): Promise<GarbageReport>;
  /** Keys of every file under the lake's root, in order, without scratch and ledger. */
  files(): string[];
  close(): Promise<void>;
}

/** Tries twice at once, and gives a silent server 200 ms. */
export const QUICK_HTTP: HttpSourceOptions = { baseDelayMs: 1, maxAttempts: 2, connectTimeoutMs: 200, stallTimeoutMs: 200 };

class EngineStarted extends Error {
  override readonly name = 'EngineStarted';
}

export function openTestLake(root = path.join(tempDir(), 'lake'), datasets: readonly string[] = ['nsde', 'cder']): TestLake {
  const store = createLocalStore({ root });
  const ledger = createSqliteLedger({ path: path.join(root, 'ledger.sqlite'), isAlive: isProcessAlive });
  const list = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  return {
    root,
    store,
    run: async (dataset, request = {}, settings = {}) => {
      const executionId = randomUUID();
      const scratchDir = await createScratchDir(root, executionId);
      const deps: PipelineDeps = { ...fixedDeps(), store, ledger, source: createSource({ ...QUICK_HTTP, ...settings.http }), owner: thisProcessOwner(executionId), scratchDir, signal: settings.signal, observe: settings.observe ?? (() => undefined), engine: settings.withoutEngine ? refuseEngine : loadEngine };
      try {
        return await runPipeline(dataset, { sources: [], force: false, engine: 'auto', ...request }, deps, { retryIntervalsMs: { FetchAndHash: 1 } });
      } finally {
        rmSync(scratchDir, { recursive: true, force: true });
      }
    },
    query: (sql) => queryLake(store, root, { sql, datasets }),
    quarantine: async (dataset, runId, table) => readParquet(await store.localPath(`${keys.quarantinePrefix(dataset, runId)}${table}/part-0.parquet`, root)),
    history: (dataset) => ledger.listRuns({ dataset }),
    manifest: async (dataset) => {
      const found = await readManifest(store, dataset);
      if (found === undefined) throw new Error(`${dataset} has no manifest`);
      return found.manifest;
    },
    manifestText: (dataset) => readIfThere(path.join(root, keys.manifestKey(dataset))),
    recordedRun: async (dataset, runId) => {
      const text = readFileSync(path.join(root, keys.runRecordKey(dataset, runId)), 'utf8');
      const record = RunRecordSchema.parse(JSON.parse(text));
      const known = (await ledger.listRuns({ dataset })).find((run) => run.runId === runId);
      expect(known).toEqual(record);
      return record;
    },
    rollback: (dataset, to) => rollback({ store, clock: systemClock }, { dataset, to }),
    gc: (dataset, { dryRun = false, graceMs, clock = systemClock }) => collectGarbage({ store, ledger, clock }, dataset.config, { dryRun, graceMs }),
    files: () => list(root).filter((file) => !file.startsWith('tmp/') && !file.startsWith('ledger.sqlite')).sort(),
    close: () => ledger.close(),
  };
}

function fixedDeps() {
  return {
    archives: createArchiveReader(),
    catalog: { register: async () => undefined },
    notifier: { notify: async () => undefined },
    deadLetters: { send: async () => undefined },
    clock: systemClock,
  };
}

const loadEngine: PipelineDeps['engine'] = async () => createDuckDbEngine();

const refuseEngine: PipelineDeps['engine'] = async (name) => {
  throw new EngineStarted(`an engine was started: ${name}`);
};

async function queryLake(store: ObjectStore, root: string, { sql, datasets }: { sql: string; datasets: readonly string[] }): Promise<Row[]> {
  const lake = await openLakeQuery({ store, scratchDir: path.join(root, 'tmp'), datasets });
  try {
    const { columns, rows } = await lake.run(sql);
    const found: Row[] = [];
    for await (const row of rows) found.push(Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
    return found;
  } finally {
    lake.close();
  }
}

/** A Parquet file by itself, without the lake's manifest. */
export async function readParquet(file: string): Promise<Row[]> {
  const db = await Database.open();
  try {
    return await db.rows(`select * from read_parquet('${file.replaceAll("'", "''")}')`);
  } finally {
    db.close();
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The dataset with parts of its config replaced. */
export function withConfig(dataset: Dataset, changes: Partial<DatasetConfig>): Dataset {
  return { ...dataset, config: { ...dataset.config, ...changes } };
}

/** The dataset with its sources, in order, at other addresses. */
export function withUrls(dataset: Dataset, ...urls: string[]): Dataset {
  return withConfig(dataset, { sources: dataset.config.sources.map((source, index) => ({ ...source, source_url: urls[index] ?? source.source_url })) });
}

/** The dataset with one model's SQL rewritten; fails where the text to replace is not in it. */
export function withModel(dataset: Dataset, name: string, rewrite: { from: string; to: string }): Dataset {
  const models = dataset.models.map((model) => {
    if (model.name !== name) return model;
    expect(model.sql).toContain(rewrite.from);
    return { ...model, sql: model.sql.replace(rewrite.from, rewrite.to) };
  });
  return { ...dataset, models };
}

/** For one-to-one models bronze rows = rows + quarantined + superseded; true of every release, or the test fails. */
export function expectEveryRowAccounted({ config }: Dataset, { tables }: RunRecord): void {
  const oneToOne = config.models.filter(({ parent }) => parent !== undefined);
  const sums = oneToOne.map(({ name, layer, parent }) => {
    const built = tables.find((table) => table.name === name && table.layer === layer);
    const bronze = tables.find((table) => table.name === parent && table.layer === 'bronze');
    return { name, accounted: (built?.rows ?? NaN) + (built?.quarantined ?? NaN) + (built?.superseded ?? NaN), bronze: bronze?.rows };
  });
  expect(oneToOne.length).toBeGreaterThan(0);
  expect(sums.map(({ name, accounted }) => ({ name, accounted }))).toEqual(sums.map(({ name, bronze }) => ({ name, accounted: bronze })));
}
