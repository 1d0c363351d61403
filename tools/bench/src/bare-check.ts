/** The hand-written check that Inlet is measured against: one statement over one Parquet file, and nothing of Inlet's. */
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteText } from '@inlet/sql';
import { writeBareCheck } from './nsde-rules';

async function check(file: string, memoryMb: number, tempDir: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: `${memoryMb}MB`, temp_directory: tempDir });
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(writeBareCheck(`read_parquet(${quoteText(file)}, hive_partitioning = false)`));
  const [row] = result.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return JSON.stringify(row);
}

const [file = '', memoryMb = '', tempDir = ''] = process.argv.slice(2);
check(file, Number(memoryMb), tempDir).then(
  (row) => process.stdout.write(`${row}\n`),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
