/** The ledger of a deployed lake: one DynamoDB table that the runs of every dataset share. Its items are described in dynamo-items. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEDGER_TTL_DAYS } from '@inlet/deployment';
import { PermanentError, TransientError } from '@inlet/errors';
import type { RunRecord } from '@inlet/manifest';
import { UNLEASED_RUN_MS, type Ledger, type OpenRun, type RunOwner, type RunStart } from '@inlet/pipeline';
import { systemClock, type Clock } from '@inlet/time';
import * as items from './dynamo-items';
import { DynamoTable, setAll, type Condition, type Write } from './dynamo-table';
import { describeHolder, type Lease } from './lease';
import { decodeRecord, encodeRecord } from './record-body';

export interface DynamoLedgerOptions {
  client: DynamoDBClient;
  /** A table of LEDGER_TABLE_SHAPE. */
  table: string;
  /** Whether an owner may still be alive: asked of Step Functions, whose executions the owners are. */
  isAlive: (owner: RunOwner) => Promise<boolean> | boolean;
  /** @default systemClock */
  clock?: Clock;
  /** From 0 to 1, for the jitter of retries. @default Math.random */
  random?: () => number;
}

/** Someone else's write between our read and our write sends us back to reading; each time, someone has got on. */
const RACE_TRIES = 10;
const SECONDS_PER_DAY = 86_400;

/**
 * Sends nothing until it is used; the client stays the caller's to destroy. Throws TransientError for what DynamoDB or the network may do
 * better next time (after the client's own retries), PermanentError, naming the table, for the rest.
 */
export function createDynamoLedger(options: DynamoLedgerOptions): Ledger {
  return new DynamoLedger(options);
}

class DynamoLedger implements Ledger {
  readonly #table: DynamoTable;
  readonly #isAlive: DynamoLedgerOptions['isAlive'];
  readonly #clock: Clock;

  constructor({ client, table, isAlive, clock = systemClock, random = Math.random }: DynamoLedgerOptions) {
    this.#table = new DynamoTable({ client, table, clock, random });
    this.#isAlive = isAlive;
    this.#clock = clock;
  }

  async beginRun({ dataset, owner, requestedAt }: RunStart): Promise<{ startedAt: Date }> {
    for (let tries = 1; tries <= RACE_TRIES; tries += 1) {
      const known = await this.#findExecution(owner.executionId);
      if (known !== undefined) {
        await this.#changeOpenRun(known, { host: owner.host, pid: owner.pid });
        return { startedAt: known.startedAt };
      }
      const startedAt = await this.#takeSecond(dataset, requestedAt);
      if (await this.#openRun({ executionId: owner.executionId, dataset, startedAt }, owner)) return { startedAt };
    }
    throw this.#describeRace(`Run ${owner.executionId} cannot be begun`);
  }

  async nameRun(executionId: string, runId: string): Promise<void> {
    const known = await this.#findExecution(executionId);
    if (known === undefined) {
      throw new PermanentError({ what: 'The ledger has no such execution', where: executionId, expected: `a run begun in ${this.#table.where}`, found: 'none' });
    }
    await this.#changeOpenRun(known, { runId });
  }

  async endRun(executionId: string, record: RunRecord): Promise<void> {
    for (let tries = 1; tries <= RACE_TRIES; tries += 1) {
      const known = await this.#findExecution(executionId);
      if (known?.ended === true) return;
      const run = known ?? { executionId, dataset: record.dataset, startedAt: wholeSecond(new Date(record.startedAt)) };
      if (known === undefined) await this.#raiseCounter(run.dataset, run.startedAt);
      if (await this.#table.transact(this.#buildEnding(run, record, known !== undefined))) return;
    }
    throw this.#describeRace(`Run ${executionId} cannot be ended`);
  }

  async openRuns(dataset?: string): Promise<(OpenRun & { alive: boolean })[]> {
    const datasets = dataset === undefined ? await this.#listDatasets() : [dataset];
    const open = (await Promise.all(datasets.map((name) => this.#listOpenRuns(name)))).flat();
    return open.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
  }

  async acquireLease(dataset: string, owner: RunOwner, ttlMs: number): Promise<void> {
    for (let tries = 1; tries <= RACE_TRIES; tries += 1) {
      const now = this.#clock.now();
      const held = await this.#findLease(dataset);
      const isOwn = held?.owner.executionId === owner.executionId;
      if (held !== undefined && !isOwn && held.expiresAt > now && (await this.#isAlive(held.owner))) {
        throw describeHolder(dataset, held, 'stop that execution');
      }
      const since = isOwn ? held.since : now;
      const lease = setAll({ ...owner, since: since.getTime(), heldUntil: now.getTime() + ttlMs });
      if (await this.#table.update(items.leaseKey(dataset), lease, isStill(held))) return;
    }
    throw this.#describeRace(`The lease of ${dataset} cannot be taken`);
  }

  async releaseLease(dataset: string, executionId: string): Promise<void> {
    await this.#table.delete(items.leaseKey(dataset), { expression: 'executionId = :mine', values: { ':mine': executionId } });
  }

  async listRuns({ dataset, limit = Infinity }: { dataset?: string; limit?: number }): Promise<RunRecord[]> {
    const datasets = dataset === undefined ? await this.#listDatasets() : [dataset];
    const closed = (await Promise.all(datasets.map((name) => this.#listClosedRuns(name, limit)))).flat();
    const newestFirst = closed.sort((a, b) => (String(a['sk']) < String(b['sk']) ? 1 : -1)).slice(0, limit);
    return newestFirst.map((item) => decodeRecord(item, this.#table.where));
  }

  async getRun(runId: string, dataset?: string): Promise<RunRecord | undefined> {
    const pointers = this.#table.query({ partition: items.runIdPartition(runId), newestFirst: true, livingAt: this.#now() });
    for await (const pointer of pointers) {
      const run = items.parseRunPointer(pointer, this.#table.where);
      if (dataset !== undefined && run.dataset !== dataset) continue;
      const item = await this.#table.get(items.closedRunKey(run));
      if (item !== undefined) return decodeRecord(item, this.#table.where);
    }
    return undefined;
  }

  async close(): Promise<void> {
    // The connections are the client's.
  }

  /** A whole second later than every one given out before; one that is given out and then not used is no loss. */
  async #takeSecond(dataset: string, requestedAt: Date): Promise<Date> {
    const requested = toSeconds(requestedAt);
    const next = () =>
      this.#table.update(items.counterKey(dataset), { expression: 'SET lastStart = lastStart + :one', values: { ':one': 1 } }, { expression: 'lastStart >= :requested', values: { ':requested': requested } });
    // The counter never falls: where the second step finds it beyond the request, the third holds.
    const counter = (await next()) ?? (await this.#raiseCounter(dataset, requestedAt)) ?? (await next());
    const lastStart = counter?.['lastStart'];
    if (typeof lastStart !== 'number') throw this.#describeRace(`No start can be found for a run of ${dataset}`);
    return new Date(lastStart * 1000);
  }

  /** undefined when the counter stands there already, or beyond. */
  #raiseCounter(dataset: string, to: Date): Promise<items.Item | undefined> {
    return this.#table.update(items.counterKey(dataset), setAll({ lastStart: toSeconds(to) }), { expression: 'attribute_not_exists(lastStart) OR lastStart < :lastStart' });
  }

  /** False when another try of the same execution was faster. */
  #openRun(run: items.Execution, owner: RunOwner): Promise<boolean> {
    const expiresAt = this.#expiry();
    const { executionId, dataset } = run;
    const startedAt = toSeconds(run.startedAt);
    return this.#table.transact([
      { put: { ...items.executionKey(executionId), executionId, dataset, startedAt, ended: false, expiresAt }, condition: this.#isUnknown() },
      { put: { ...items.openRunKey(run), ...owner, dataset, startedAt, expiresAt } },
    ]);
  }

  #buildEnding(run: items.Execution, record: RunRecord, isKnown: boolean): Write[] {
    const { executionId, dataset } = run;
    const { runId, outcome, endedAt } = record;
    const common = { executionId, dataset, startedAt: toSeconds(run.startedAt), expiresAt: this.#expiry() };
    const execution = items.executionKey(executionId);
    return [
      isKnown
        ? { update: execution, set: { ended: true, expiresAt: common.expiresAt }, condition: { expression: 'attribute_exists(pk) AND ended = :open', values: { ':open': false } } }
        : { put: { ...execution, ...common, ended: true }, condition: this.#isUnknown() },
      { delete: items.openRunKey(run) },
      { put: { ...items.closedRunKey(run), ...common, runId, outcome, ...encodeRecord(record) } },
      { put: { pk: items.runIdPartition(runId), sk: `${endedAt}#${executionId}`, ...common } },
    ];
  }

  /** Does nothing to a run that has ended. */
  async #changeOpenRun(run: items.Execution, changes: items.Item): Promise<void> {
    await this.#table.update(items.openRunKey(run), setAll(changes), { expression: 'attribute_exists(pk)' });
  }

  async #findExecution(executionId: string): Promise<(items.Execution & { ended: boolean }) | undefined> {
    const item = await this.#table.get(items.executionKey(executionId));
    return item === undefined || Number(item['expiresAt']) <= this.#now() ? undefined : items.parseExecution(item, this.#table.where);
  }

  async #findLease(dataset: string): Promise<Lease | undefined> {
    const item = await this.#table.get(items.leaseKey(dataset));
    return item && items.parseLeaseItem(item, this.#table.where);
  }

  async #listDatasets(): Promise<string[]> {
    const counters = await collect(this.#table.query({ partition: items.DATASETS }));
    return counters.map(({ sk }) => String(sk));
  }

  async #listOpenRuns(dataset: string): Promise<(OpenRun & { alive: boolean })[]> {
    const query = { partition: items.datasetPartition(dataset), sortKeyPrefix: items.OPEN_RUNS, livingAt: this.#now() };
    const open = (await collect(this.#table.query(query))).map((item) => items.parseOpenRunItem(item, this.#table.where));
    if (open.length === 0) return [];
    // Read after the runs: the other way round, a lease taken in between would make a living run look dead.
    const lease = await this.#findLease(dataset);
    return Promise.all(open.map(async (run) => ({ ...run, alive: this.#isHeld(run, lease) && (await this.#isAlive(run.owner)) })));
  }

  #isHeld(run: OpenRun, lease: Lease | undefined): boolean {
    const now = this.#clock.now();
    const hasLease = lease?.owner.executionId === run.owner.executionId && lease.expiresAt > now;
    return hasLease || now.getTime() - run.startedAt.getTime() < UNLEASED_RUN_MS;
  }

  #listClosedRuns(dataset: string, limit: number): Promise<items.Item[]> {
    const pageItems = Number.isFinite(limit) ? Math.max(1, limit) : undefined;
    const query = { partition: items.datasetPartition(dataset), sortKeyPrefix: items.CLOSED_RUNS, newestFirst: true, livingAt: this.#now(), pageItems };
    return collect(this.#table.query(query), limit);
  }

  /** DynamoDB deletes items within days of their time, not at once: until then they count as gone. */
  #isUnknown(): Condition {
    return { expression: 'attribute_not_exists(pk) OR expiresAt <= :now', values: { ':now': this.#now() } };
  }

  #now(): number {
    return toSeconds(this.#clock.now());
  }

  #expiry(): number {
    return this.#now() + LEDGER_TTL_DAYS * SECONDS_PER_DAY;
  }

  #describeRace(what: string): TransientError {
    return new TransientError({ what, where: this.#table.where, expected: `a quiet moment within ${RACE_TRIES} tries`, found: 'other writers each time', next: 'Run it again.' });
  }
}

/** Holds while the lease is the very one that was read, or while there still is none. */
function isStill(held: Lease | undefined): Condition {
  if (held === undefined) return { expression: 'attribute_not_exists(pk)' };
  return {
    expression: 'executionId = :seenExecution AND since = :seenSince AND heldUntil = :seenUntil',
    values: { ':seenExecution': held.owner.executionId, ':seenSince': held.since.getTime(), ':seenUntil': held.expiresAt.getTime() },
  };
}

/** The first `limit` of them. */
async function collect<T>(source: AsyncIterable<T>, limit = Infinity): Promise<T[]> {
  const found: T[] = [];
  if (limit <= 0) return found;
  for await (const item of source) if (found.push(item) >= limit) break;
  return found;
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function wholeSecond(date: Date): Date {
  return new Date(toSeconds(date) * 1000);
}
