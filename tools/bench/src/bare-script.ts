/**
 * What Inlet is measured against: the SHA-256, the unzip, the bronze COPY and the silver COPY of one NSDE release, by the same engine with the same
 * settings and the same model, and nothing else: no checks, no lake, no gate, no manifest. A program of its own: `node bare-script.cjs <plan.json>`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { hashFile } from '@inlet/hash';
import { quoteName, quoteText } from '@inlet/sql';
import { unzipFirstMember } from './unzip';

export interface BarePlan {
  zip: string;
  /** An empty folder. */
  workDir: string;
  table: string;
  columns: readonly string[];
  macros: readonly string[];
  modelSql: string;
  key: readonly string[];
  orderBy: readonly string[];
  /** Whether silver keeps one row of each key. */
  deduplicate: boolean;
  memoryMb: number;
  threads?: number;
}

export interface BareResult {
  sha256: string;
  bronzeRows: number;
  silverRows: number;
}

const PARQUET = '(format parquet, compression zstd)';

async function runBare(plan: BarePlan): Promise<BareResult> {
  const { sha256 } = await hashFile(plan.zip);
  const csv = path.join(plan.workDir, 'member.csv');
  const member = await unzipFirstMember(plan.zip, csv);
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${plan.memoryMb}MB`,
    ...(plan.threads && { threads: String(plan.threads) }),
    temp_directory: path.join(plan.workDir, 'spill'),
  });
  const connection = await instance.connect();
  const run = async (sql: string) => (await connection.run(sql)).rowsChanged;

  const bronze = path.join(plan.workDir, 'bronze.parquet');
  const bronzeRows = await run(`copy (${selectText(plan, csv, member)}) to ${quoteText(bronze)} ${PARQUET}`);
  for (const macro of plan.macros) await run(macro);
  await run('create schema bronze');
  await run(
    `create view bronze.${quoteName(plan.table)} as
     select * exclude (file_row_number), file_row_number + 2 as _line from read_parquet(${quoteText(bronze)}, file_row_number = true)`,
  );
  const silverRows = await run(`copy (${selectSilver(plan)}) to ${quoteText(path.join(plan.workDir, 'silver.parquet'))} ${PARQUET}`);
  connection.closeSync();
  instance.closeSync();
  return { sha256, bronzeRows, silverRows };
}

function selectText({ columns, table }: BarePlan, csv: string, member: string): string {
  const types = columns.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  return `select *, ${quoteText(table)} as _source, ${quoteText(member)} as _member
    from read_csv(${quoteText(csv)}, auto_detect = false, header = false, skip = 1, delim = ',', quote = '"', escape = '"',
      nullstr = '', allow_quoted_nulls = false, columns = {${types}})`;
}

function selectSilver({ modelSql, key, orderBy, deduplicate }: BarePlan): string {
  const keys = key.map(quoteName).join(', ');
  const hasKey = key.map((name) => `${quoteName(name)} is not null`).join(' and ');
  const best = `qualify row_number() over (partition by ${keys} order by ${[...orderBy, '_source', '_member', '_line'].join(', ')}) = 1`;
  return `select * exclude (_problem) from (${modelSql}) where _problem is null and ${hasKey} ${deduplicate ? best : ''}`;
}

async function main(): Promise<void> {
  const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BarePlan;
  process.stdout.write(`${JSON.stringify(await runBare(plan))}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
