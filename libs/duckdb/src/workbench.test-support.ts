/** A small lake in a temporary folder, for specs that build tables from texts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalStore } from '@inlet/local-io';
import type { BronzeReport, CheckedRule, ObjectStore, QualityPlan, QualityReport, QualityTablePlan, Secrets, SilverPlan, SilverReport, SilverTablePlan, SilverTableReport, TextFormat } from '@inlet/pipeline';
import { buildMacros } from '@inlet/sql';
import { bronzeQuery, malformedQuery } from './bronze-views';
import { Database } from './database';
import { createDuckDbEngine } from './engine';

export interface Workbench {
  dir: string;
  store: ObjectStore;
  buildBronze(texts: Record<string, string | Buffer>, options: { columns: string[]; format?: Partial<TextFormat>; fileColumns?: string[] }): Promise<BronzeReport>;
  readBronze(report: BronzeReport): Promise<{ rows: Record<string, unknown>[]; malformed: Record<string, unknown>[] }>;
  buildSilver(bronze: BronzeReport, tables: (Partial<SilverTablePlan> & { name: string; sql: string; key: string[] })[], secrets?: Secrets): Promise<SilverReport>;
  /** Asks rules of a table that was built. */
  check(table: SilverTableReport, ruleset: string, over?: { table?: Partial<QualityTablePlan>; plan?: Partial<QualityPlan>; signal?: AbortSignal }): Promise<QualityReport & { results: CheckedRule[] }>;
  readFile(key: string): Promise<Record<string, unknown>[]>;
  remove(): void;
}

export function openWorkbench(): Workbench {
  const dir = mkdtempSync(path.join(tmpdir(), 'inlet-duckdb-'));
  const store = createLocalStore({ root: path.join(dir, 'lake') });
  const scratchDir = path.join(dir, 'scratch');
  mkdirSync(scratchDir, { recursive: true });
  const engine = createDuckDbEngine();
  let build = 0;

  const query = async (sql: string) => {
    const db = await Database.open();
    try {
      return await db.rows(sql);
    } finally {
      db.close();
    }
  };

  return {
    dir,
    store,
    async buildBronze(texts, { columns, format, fileColumns }) {
      build += 1;
      const inputs = Object.entries(texts).map(([member, text], index) => {
        const bytes = Buffer.from(text);
        const file = path.join(scratchDir, `${build}-${index}.txt`);
        writeFileSync(file, bytes);
        const breaks = bytes.filter((byte) => byte === 10).length;
        const lines = breaks + (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0);
        return { source: 'test', rawKey: 'raw/x', member, path: file, lines, sizeBytes: bytes.length, columns: fileColumns ?? columns, outputKey: `bronze/t/run=${build}/t/part-${index}.parquet` };
      });
      const plan = { dataset: 't', runId: String(build), format: { delimiter: ',', quoting: true, header: true, ...format }, memoryMb: 256, tables: [{ name: 't', columns, inputs }] };
      return engine.buildBronze(plan, { store, scratchDir });
    },
    async readBronze(report) {
      const [table] = report.tables;
      if (table === undefined) throw new RangeError('no table');
      const files = await Promise.all(table.files.map(async (file) => ({ ...file, path: await store.localPath(file.key, scratchDir) })));
      const malformed = malformedQuery(files);
      return {
        rows: await query(bronzeQuery(files, table.columns.map(({ name }) => name))),
        malformed: malformed ? await query(malformed) : [],
      };
    },
    buildSilver(bronze, tables, secrets) {
      build += 1;
      const plan: SilverPlan = {
        dataset: 't',
        runId: String(build),
        memoryMb: 256,
        macros: buildMacros(['']),
        bronze: bronze.tables.map(({ name, columns, files }) => ({ name, columns: columns.map((column) => column.name), files })),
        tables: tables.map((table) => ({ layer: 'silver', orderBy: [], unreadableOf: table.parent ?? table.splits ? [table.parent ?? table.splits?.table ?? ''] : [], outputPrefix: `silver/t/run=${build}/`, quarantinePrefix: `quarantine/t/run=${build}/`, ...table })),
      };
      return engine.buildSilver(plan, { store, scratchDir, secrets });
    },
    async check({ name, layer, files, columns, rows, stats }, ruleset, over = {}) {
      const known = { rows, nulls: Object.fromEntries(stats.map((column) => [column.name, column.nulls])) };
      const table: QualityTablePlan = { name, layer, files, columns, known, ruleset, references: [], pii: [], history: {}, ...over.table };
      const plan: QualityPlan = { dataset: 't', runId: 'r', memoryMb: 256, now: '2026-11-21T00:00:00.000Z', relations: [], files: [], ...over.plan, tables: [table] };
      const report = await engine.checkTables(plan, { store, scratchDir, signal: over.signal });
      return { ...report, results: report.tables[0]?.results ?? [] };
    },
    readFile: async (key) => query(`select * from read_parquet('${await store.localPath(key, scratchDir)}')`),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
