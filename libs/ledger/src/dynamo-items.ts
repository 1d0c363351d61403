/**
 * The items of the ledger's one table: where each lies, and how one that was read is checked.
 *
 * | item | pk | sk | lives |
 * |---|---|---|---|
 * | counter | `DATASETS` | dataset | for ever: the last start second given out; the partition is also the list of datasets |
 * | lease | `DATASET#<dataset>` | `LEASE` | until it is given back |
 * | open run | `DATASET#<dataset>` | `OPEN#<start>#<execution>` | until the run ends |
 * | closed run | `DATASET#<dataset>` | `RUN#<start>#<execution>` | LEDGER_TTL_DAYS |
 * | execution | `EXECUTION#<execution>` | `EXECUTION` | LEDGER_TTL_DAYS; what makes begin and end idempotent |
 * | run id | `RUNID#<run id>` | `<end>#<execution>` | LEDGER_TTL_DAYS; points to the closed run |
 *
 * Open runs have a time to live too, should nobody ever close them.
 */
import { PermanentError } from '@inlet/errors';
import type { OpenRun } from '@inlet/pipeline';
import { z } from 'zod';
import type { Lease } from './lease';
import { LEDGER_TABLE_SHAPE } from '@inlet/deployment';

export type Item = Record<string, unknown>;

export interface ItemKey {
  pk: string;
  sk: string;
}

/** One execution as begun: the same for every retry of it. */
export interface Execution {
  executionId: string;
  dataset: string;
  startedAt: Date;
}

export const DATASETS = 'DATASETS';
export const OPEN_RUNS = 'OPEN#';
export const CLOSED_RUNS = 'RUN#';

export const datasetPartition = (dataset: string) => `DATASET#${dataset}`;
export const runIdPartition = (runId: string) => `RUNID#${runId}`;

export const counterKey = (dataset: string): ItemKey => ({ pk: DATASETS, sk: dataset });
export const leaseKey = (dataset: string): ItemKey => ({ pk: datasetPartition(dataset), sk: 'LEASE' });
export const executionKey = (executionId: string): ItemKey => ({ pk: `EXECUTION#${executionId}`, sk: 'EXECUTION' });
export const openRunKey = (run: Execution): ItemKey => ({ pk: datasetPartition(run.dataset), sk: `${OPEN_RUNS}${runSortKey(run)}` });
export const closedRunKey = (run: Execution): ItemKey => ({ pk: datasetPartition(run.dataset), sk: `${CLOSED_RUNS}${runSortKey(run)}` });

/** Times sort as text; executions that share a second (only those that were never begun) stay apart. */
const runSortKey = ({ startedAt, executionId }: Execution) => `${startedAt.toISOString()}#${executionId}`;

const seconds = z.int().transform((value) => new Date(value * 1000));
const milliseconds = z.int().transform((value) => new Date(value));
const ownerFields = { executionId: z.string(), host: z.string(), pid: z.int() };

const ExecutionItemSchema = z.object({ executionId: z.string(), dataset: z.string(), startedAt: seconds, ended: z.boolean().default(false) });
const OpenRunItemSchema = z.object({ ...ownerFields, dataset: z.string(), startedAt: seconds, runId: z.string().optional() });
const LeaseItemSchema = z.object({ ...ownerFields, since: milliseconds, heldUntil: milliseconds });
const RunIdItemSchema = z.object({ executionId: z.string(), dataset: z.string(), startedAt: seconds });

export function parseExecution(item: Item, where: string): Execution & { ended: boolean } {
  return parseItem(ExecutionItemSchema, item, where);
}

export function parseRunPointer(item: Item, where: string): Execution {
  return parseItem(RunIdItemSchema, item, where);
}

export function parseOpenRunItem(item: Item, where: string): OpenRun {
  const { executionId, host, pid, ...run } = parseItem(OpenRunItemSchema, item, where);
  return { ...run, owner: { executionId, host, pid } };
}

export function parseLeaseItem(item: Item, where: string): Lease {
  const { since, heldUntil, ...owner } = parseItem(LeaseItemSchema, item, where);
  return { owner, since, expiresAt: heldUntil };
}

/** Other programs may write to the table: whatever is no item of ours is named, not guessed at. */
function parseItem<T>(schema: z.ZodType<T>, item: Item, where: string): T {
  const { success, data, error } = schema.safeParse(item);
  if (success) return data;
  const { partitionKey, sortKey } = LEDGER_TABLE_SHAPE;
  throw new PermanentError({
    what: `The item ${String(item[partitionKey])} ${String(item[sortKey])} of the ledger cannot be read`,
    where,
    expected: 'an item that Inlet wrote',
    found: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    next: "Delete the item; each run's record also lies in manifests/<dataset>/runs/.",
    cause: error,
  });
}
