/** A process of its own for the tests between processes: `contend.cjs <ledger file> <what> <argument>`. */
import { DatabaseSync } from 'node:sqlite';
import { thisProcessOwner } from '@inlet/local-io';
import { createSqliteLedger } from './sqlite-ledger';

const [file = '', what = '', argument = ''] = process.argv.slice(2);
const ledger = createSqliteLedger({ path: file });
const REQUESTED_AT = new Date('2026-11-20T21:00:00Z');

const waitForever = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

async function begin(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const owner = thisProcessOwner(`${process.pid}-${n}`);
    const { startedAt } = await ledger.beginRun({ dataset: 'nsde', owner, requestedAt: REQUESTED_AT });
    process.stdout.write(`${startedAt.toISOString()}\n`);
  }
}

async function lease(): Promise<void> {
  try {
    await ledger.acquireLease('nsde', thisProcessOwner(argument), 600_000);
    process.stdout.write(`leased ${argument}\n`);
    waitForever();
  } catch (error) {
    process.stdout.write(`refused ${(error as Error).name}\n`);
  }
}

/** Stands in the midst of a transaction until it is killed. */
async function holdTransaction(): Promise<void> {
  await ledger.releaseLease('none', 'none');
  const database = new DatabaseSync(file);
  database.exec("BEGIN IMMEDIATE; INSERT INTO leases VALUES ('nsde', 'half', 'h', 1, 0, 9999999999999)");
  process.stdout.write('holding\n');
  waitForever();
}

async function main(): Promise<void> {
  if (what === 'begin') await begin(Number(argument));
  else if (what === 'lease') await lease();
  else if (what === 'hold-transaction') await holdTransaction();
  else throw new Error(`unknown: ${what}`);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
