/** A Ledger in memory, for tests of what stands on the port. */
import { AlreadyRunningError, PermanentError } from '@inlet/errors';
import type { RunRecord } from '@inlet/manifest';
import { UNLEASED_RUN_MS, type Ledger, type OpenRun, type RunOwner, type RunStart } from '@inlet/pipeline';
import { systemClock, type Clock } from '@inlet/time';

interface MemoryRun {
  dataset: string;
  owner: RunOwner;
  startedAt: Date;
  runId?: string;
  record?: RunRecord;
}

interface Lease {
  owner: RunOwner;
  since: Date;
  expiresAt: number;
}

/** Passes the contract suite of the port. Every owner counts as alive unless `isAlive` says otherwise. */
export function memoryLedger({ isAlive = () => true, clock = systemClock }: { isAlive?: (owner: RunOwner) => boolean; clock?: Clock } = {}): Ledger {
  return new MemoryLedger(isAlive, clock);
}

class MemoryLedger implements Ledger {
  readonly #runs = new Map<string, MemoryRun>();
  readonly #leases = new Map<string, Lease>();
  readonly #isAlive: (owner: RunOwner) => boolean;
  readonly #clock: Clock;

  constructor(isAlive: (owner: RunOwner) => boolean, clock: Clock) {
    this.#isAlive = isAlive;
    this.#clock = clock;
  }

  async beginRun({ dataset, owner, requestedAt }: RunStart): Promise<{ startedAt: Date }> {
    const known = this.#runs.get(owner.executionId);
    if (known !== undefined) {
      known.owner = owner;
      return { startedAt: known.startedAt };
    }
    const starts = [...this.#runs.values()].filter((run) => run.dataset === dataset).map((run) => run.startedAt.getTime());
    const startedAt = new Date(Math.max(Math.floor(requestedAt.getTime() / 1000) * 1000, ...starts.map((start) => start + 1000)));
    this.#runs.set(owner.executionId, { dataset, owner, startedAt });
    return { startedAt };
  }

  async nameRun(executionId: string, runId: string): Promise<void> {
    const run = this.#runs.get(executionId);
    if (run === undefined) throw new PermanentError({ what: 'The ledger has no such execution', where: executionId });
    run.runId = runId;
  }

  async endRun(executionId: string, record: RunRecord): Promise<void> {
    const run = this.#runs.get(executionId) ?? {
      dataset: record.dataset,
      owner: { executionId, host: '', pid: 0 },
      startedAt: new Date(record.startedAt),
    };
    this.#runs.set(executionId, run);
    run.record ??= structuredClone(record);
  }

  async openRuns(dataset?: string): Promise<(OpenRun & { alive: boolean })[]> {
    const open = [...this.#runs.values()].filter((run) => run.record === undefined && (dataset === undefined || run.dataset === dataset));
    const now = this.#clock.now().getTime();
    return open.map(({ record: _record, ...run }) => {
      const lease = this.#leases.get(run.dataset);
      const isHeld = (lease?.owner.executionId === run.owner.executionId && lease.expiresAt > now) || now - run.startedAt.getTime() < UNLEASED_RUN_MS;
      return { ...run, alive: isHeld && this.#isAlive(run.owner) };
    });
  }

  async acquireLease(dataset: string, owner: RunOwner, ttlMs: number): Promise<void> {
    const now = this.#clock.now();
    const held = this.#leases.get(dataset);
    const isOwn = held?.owner.executionId === owner.executionId;
    if (held !== undefined && !isOwn && held.expiresAt > now.getTime() && this.#isAlive(held.owner)) {
      throw new AlreadyRunningError({
        what: `Another run of ${dataset} is under way`,
        where: dataset,
        found: `${held.owner.executionId} (process ${held.owner.pid} on ${held.owner.host}) since ${held.since.toISOString()}`,
        next: 'Wait for it to end; inlet status shows it.',
      });
    }
    this.#leases.set(dataset, { owner, since: isOwn && held ? held.since : now, expiresAt: now.getTime() + ttlMs });
  }

  async releaseLease(dataset: string, executionId: string): Promise<void> {
    if (this.#leases.get(dataset)?.owner.executionId === executionId) this.#leases.delete(dataset);
  }

  async listRuns({ dataset, limit }: { dataset?: string; limit?: number }): Promise<RunRecord[]> {
    const closed = [...this.#runs.values()].filter((run) => run.record !== undefined && (dataset === undefined || run.dataset === dataset));
    const newestFirst = closed.reverse().sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    return newestFirst.slice(0, limit).flatMap(({ record }) => (record === undefined ? [] : [structuredClone(record)]));
  }

  async getRun(runId: string, dataset?: string): Promise<RunRecord | undefined> {
    const runs = await this.listRuns({ dataset });
    return runs.find((record) => record.runId === runId);
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}
