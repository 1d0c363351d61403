/**
 * Several tables of a dataset follow a release one after the other, for Glue has no write over several. This keeps a query from seeing two releases:
 * it looks at which release the query's tables are of, before and after, and asks again when that was not one and the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GetTableCommand, type GlueClient, type Table } from '@aws-sdk/client-glue';
import { awsErrorName, describeAwsFailure } from '@inlet/aws-failure';
import { TransientError } from '@inlet/errors';
import type { Athena, AthenaResult } from './athena';
import { listTables, type NamedTable } from './qualify-tables';
import { DATASET_PARAMETER, RUN_PARAMETER } from './table-input';

export interface SingleReleaseOptions {
  athena: Athena;
  glue: GlueClient;
  /** Glue databases whose tables are watched. */
  databases: readonly string[];
  /** Between two tries, in milliseconds. @default 500 */
  pauseMs?: number;
}

const TRIES = 3;

/** What a table points at: the release, and the version that Glue counts, which tells a table that has been away and is back. */
interface Pointer {
  name: string;
  dataset: string;
  runId: string;
  version: string | undefined;
}

/**
 * Athena as it is for queries that name one table of a dataset, or none: a table alone is switched at once. Throws TransientError where the
 * tables that a query joins are still not of one release at the third try. Bytes scanned in vain count.
 */
export function createSingleReleaseAthena({ athena, glue, databases, pauseMs = 500 }: SingleReleaseOptions): Athena {
  return {
    async run(sql, options = {}): Promise<AthenaResult> {
      const joined = listJoinedTables(sql, databases);
      if (joined.length === 0) return athena.run(sql, options);
      let scannedBytes = 0;
      let pointers: Pointer[] = [];
      for (let count = 1; count <= TRIES; count += 1) {
        if (count > 1) await pause(pauseMs, options.signal);
        pointers = await readPointers(glue, joined);
        if (!isOneReleaseEach(pointers)) continue;
        const result = await athena.run(sql, options);
        scannedBytes += result.scannedBytes;
        const before = pointers;
        pointers = await readPointers(glue, joined);
        if (JSON.stringify(pointers) === JSON.stringify(before)) return { ...result, scannedBytes };
      }
      throw describeSwitch(pointers);
    },
  };
}

/** Ends early with the signal's own reason. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

/** Those that share their database with another one that the query names. */
function listJoinedTables(sql: string, databases: readonly string[]): NamedTable[] {
  const tables = listTables(sql, databases);
  return tables.filter(({ database }) => tables.filter((other) => other.database === database).length > 1);
}

/** A table that is not there is for Athena to complain of; one that is not Inlet's has no release. */
async function readPointers(glue: GlueClient, tables: readonly NamedTable[]): Promise<Pointer[]> {
  const found = await Promise.all(tables.map((table) => readTable(glue, table)));
  return found.flatMap((table) => {
    const { [DATASET_PARAMETER]: dataset, [RUN_PARAMETER]: runId } = table?.Parameters ?? {};
    return dataset === undefined || runId === undefined ? [] : [{ name: `${table?.DatabaseName}.${table?.Name}`, dataset, runId, version: table?.VersionId }];
  });
}

async function readTable(glue: GlueClient, { database, table }: NamedTable): Promise<Table | undefined> {
  try {
    return (await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }))).Table;
  } catch (error) {
    if (awsErrorName(error) === 'EntityNotFoundException') return undefined;
    throw describeAwsFailure(error, { what: 'It cannot be found out which release a table is of', where: `${database}.${table}` });
  }
}

function isOneReleaseEach(pointers: readonly Pointer[]): boolean {
  return pointers.every(({ dataset, runId }) => pointers.every((other) => other.dataset !== dataset || other.runId === runId));
}

function describeSwitch(pointers: readonly Pointer[]): TransientError {
  const dataset = pointers[0]?.dataset ?? '<dataset>';
  const next = isOneReleaseEach(pointers)
    ? 'Run it again: a release was published meanwhile.'
    : `Run it again in a minute. If they stay so, \`npx inlet rollback ${dataset} --to <run id> --aws\` with the current run of \`npx inlet status --aws\` points all tables there.`;
  return new TransientError({
    what: 'The tables of the query changed while it was asked',
    where: pointers.map(({ name }) => name).join(', '),
    expected: 'one release before the query and after it',
    found: [...new Set(pointers.map(({ runId }) => runId))].join(' and '),
    next,
  });
}
