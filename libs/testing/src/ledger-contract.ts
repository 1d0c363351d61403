/** What every Ledger promises, as one suite that each implementation's spec runs. */
import { AlreadyRunningError, PermanentError } from '@inlet/errors';
import { UNLEASED_RUN_MS, type Ledger, type RunOwner } from '@inlet/pipeline';
import { fixedClock, type Clock } from '@inlet/time';
import { buildRunRecord } from './run-record';

export interface LedgerSetting {
  isAlive: (owner: RunOwner) => boolean;
  clock: Clock;
}

export type MakeLedger = (setting: LedgerSetting) => Promise<{
  ledger: Ledger;
  /** Another connection to the same records, as a second process would have. */
  connectAgain: () => Promise<Ledger>;
  cleanup(): Promise<void>;
}>;

const START = '2026-11-20T21:00:00.000Z';

interface Bench {
  ledger: Ledger;
  connectAgain: () => Promise<Ledger>;
  clock: ReturnType<typeof fixedClock>;
  /** Execution ids of owners known to be dead. */
  dead: Set<string>;
}

/** Runs the suite; `makeLedger` gives each test a ledger without runs, that asks `isAlive` and `clock`. */
export function describeLedgerContract(name: string, makeLedger: MakeLedger): void {
  describe(`${name} keeps the Ledger contract`, () => {
    let bench: Bench;
    let cleanup: () => Promise<void>;
    beforeEach(async () => {
      const dead = new Set<string>();
      const clock = fixedClock(START);
      const made = await makeLedger({ isAlive: ({ executionId }) => !dead.has(executionId), clock });
      bench = { ...made, clock, dead };
      cleanup = made.cleanup;
    });
    afterEach(() => cleanup());
    const current = () => bench;
    describeStarts(current);
    describeOpenRuns(current);
    describeRecords(current);
    describeLeases(current);
  });
}

function describeStarts(bench: () => Bench): void {
  it('starts a run on the whole second of its request', async () => {
    const { startedAt } = await bench().ledger.beginRun(startOf('a', 'e1', '2026-11-20T21:00:05.999Z'));
    expect(startedAt.toISOString()).toBe('2026-11-20T21:00:05.000Z');
  });
  it('moves a run on to a later second than every run before it, even when clocks go back', async () => {
    const { ledger } = bench();
    const requests = ['21:00:05.2', '21:00:05.9', '20:00:00.0', '21:00:30.0'];
    const starts: string[] = [];
    for (const [n, time] of requests.entries()) {
      const { startedAt } = await ledger.beginRun(startOf('a', `e${n}`, `2026-11-20T${time}Z`));
      starts.push(startedAt.toISOString().slice(11, 19));
    }
    expect(starts).toEqual(['21:00:05', '21:00:06', '21:00:07', '21:00:30']);
  });
  it('counts closed runs too, and not those of other datasets', async () => {
    const { ledger } = bench();
    const { startedAt } = await ledger.beginRun(startOf('a', 'e1', START));
    await ledger.endRun('e1', buildRunRecord('a', startedAt));
    expect((await ledger.beginRun(startOf('a', 'e2', START))).startedAt.toISOString()).toBe('2026-11-20T21:00:01.000Z');
    expect((await ledger.beginRun(startOf('b', 'e3', START))).startedAt.toISOString()).toBe(START);
  });
  it('gives a retried execution the start that it already has', async () => {
    const { ledger } = bench();
    const first = await ledger.beginRun(startOf('a', 'e1', START));
    expect(await ledger.beginRun(startOf('a', 'e1', '2026-11-20T22:00:00Z'))).toEqual(first);
    expect(await ledger.openRuns()).toHaveLength(1);
  });
  it('gives forty parallel runs over two connections forty different seconds', async () => {
    const ledgers = [bench().ledger, await bench().connectAgain()];
    const begun = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (ledgers[n % 2] as Ledger).beginRun(startOf('a', `e${n}`, START))),
    );
    expect(new Set(begun.map(({ startedAt }) => startedAt.getTime())).size).toBe(40);
  });
}

function describeOpenRuns(bench: () => Bench): void {
  it('shows runs begun and not ended, with their names, and whether they live', async () => {
    const { ledger, dead } = bench();
    const { startedAt } = await ledger.beginRun(startOf('a', 'e1', START));
    await ledger.beginRun(startOf('a', 'e2', START));
    await ledger.beginRun(startOf('b', 'e3', START));
    await ledger.nameRun('e1', 'run-1');
    dead.add('e1');
    expect(await ledger.openRuns('a')).toMatchObject([
      { dataset: 'a', owner: ownerOf('e1'), startedAt, runId: 'run-1', alive: false },
      { dataset: 'a', owner: ownerOf('e2'), alive: true },
    ]);
    expect((await ledger.openRuns()).map(({ owner }) => owner.executionId).sort()).toEqual(['e1', 'e2', 'e3']);
    expect((await ledger.openRuns('a'))[1]).not.toHaveProperty('runId', expect.anything());
  });
  it('takes a run for dead that has had no lease for long, whatever runs under its process id by now', async () => {
    const { ledger, clock } = bench();
    await ledger.beginRun(startOf('a', 'leased', START));
    await ledger.acquireLease('a', ownerOf('leased'), 60 * 60_000);
    await ledger.beginRun(startOf('b', 'unleased', START));
    const alive = async () => Object.fromEntries((await ledger.openRuns()).map((run) => [run.owner.executionId, run.alive]));
    clock.advance(UNLEASED_RUN_MS - 1);
    expect(await alive()).toEqual({ leased: true, unleased: true });
    clock.advance(1);
    expect(await alive()).toEqual({ leased: true, unleased: false });
    clock.advance(60 * 60_000);
    expect(await alive()).toEqual({ leased: false, unleased: false });
  });
  it('forgets a run as open once it has ended', async () => {
    const { ledger } = bench();
    const { startedAt } = await ledger.beginRun(startOf('a', 'e1', START));
    await ledger.endRun('e1', buildRunRecord('a', startedAt));
    expect(await ledger.openRuns()).toEqual([]);
  });
  it('refuses to name a run that was never begun', async () => {
    await expect(bench().ledger.nameRun('never-begun', 'run-1')).rejects.toThrow(PermanentError);
    await expect(bench().ledger.nameRun('never-begun', 'run-1')).rejects.toThrow('never-begun');
  });
}

function describeRecords(bench: () => Bench): void {
  it('keeps the whole record, and finds it by run id from another connection', async () => {
    const { ledger, connectAgain } = bench();
    const { startedAt } = await ledger.beginRun(startOf('cder', 'e1', START));
    const record = buildRunRecord('cder', startedAt, {
      outcome: 'rejected',
      engine: 'duckdb',
      release: { sha256: 'a'.repeat(64), bytes: 7, sources: [{ name: 'finished', url: 'https://x/…', sha256: 'b'.repeat(64), bytes: 7 }] },
      tables: [{ name: 'products', layer: 'silver', rows: 3, quarantined: 1, superseded: 2 }],
      quality: [{ table: 'products', rule: 'IsComplete "product_id"', outcome: 'failed', metrics: { nulls: 1 }, reason: 'µ’' }],
      schemaChanges: [{ table: 'products', column: 'new', change: 'added' }],
      error: { name: 'X', message: 'é "quoted"\nsecond line' },
    });
    await ledger.endRun('e1', record);
    expect(await (await connectAgain()).getRun(record.runId)).toEqual(record);
    expect(await ledger.getRun('no-such-run')).toBeUndefined();
  });
  it('tells runs of two datasets apart that share an id', async () => {
    const { ledger } = bench();
    for (const dataset of ['a', 'b']) await ledger.endRun(`e-${dataset}`, buildRunRecord(dataset, new Date(START), { runId: 'shared', reason: dataset }));
    expect((await ledger.getRun('shared', 'a'))?.reason).toBe('a');
    expect((await ledger.getRun('shared', 'b'))?.reason).toBe('b');
    expect(await ledger.getRun('shared', 'c')).toBeUndefined();
  });
  it('has no record of a run that is still open', async () => {
    const { ledger } = bench();
    await ledger.beginRun(startOf('a', 'e1', START));
    await ledger.nameRun('e1', 'run-1');
    expect(await ledger.getRun('run-1')).toBeUndefined();
    expect(await ledger.listRuns({})).toEqual([]);
  });
  it('lists newest first, of one dataset or all, up to a limit', async () => {
    const { ledger } = bench();
    for (const [n, dataset] of ['a', 'b', 'a', 'a'].entries()) {
      const { startedAt } = await ledger.beginRun(startOf(dataset, `e${n}`, `2026-11-20T21:0${n}:00Z`));
      await ledger.endRun(`e${n}`, buildRunRecord(dataset, startedAt, { runId: `run-${n}` }));
    }
    const ids = async (filter: Parameters<Ledger['listRuns']>[0]) => (await ledger.listRuns(filter)).map(({ runId }) => runId);
    expect(await ids({})).toEqual(['run-3', 'run-2', 'run-1', 'run-0']);
    expect(await ids({ dataset: 'a' })).toEqual(['run-3', 'run-2', 'run-0']);
    expect(await ids({ dataset: 'a', limit: 2 })).toEqual(['run-3', 'run-2']);
    expect(await ids({ dataset: 'none' })).toEqual([]);
  });
  it('keeps the first record of a run, and one only', async () => {
    const { ledger } = bench();
    const { startedAt } = await ledger.beginRun(startOf('a', 'e1', START));
    const record = buildRunRecord('a', startedAt, { outcome: 'published', reason: null });
    await ledger.endRun('e1', record);
    await ledger.endRun('e1', record);
    await ledger.endRun('e1', { ...record, outcome: 'failed', runId: 'another' });
    expect(await ledger.listRuns({})).toEqual([record]);
    expect(await ledger.getRun('another')).toBeUndefined();
  });
  it('keeps the record of a run whose beginning it does not know', async () => {
    const { ledger } = bench();
    const record = buildRunRecord('a', new Date(START));
    await ledger.endRun('unheard-of', record);
    expect(await ledger.listRuns({ dataset: 'a' })).toEqual([record]);
    expect((await ledger.beginRun(startOf('a', 'e1', START))).startedAt.toISOString()).toBe('2026-11-20T21:00:01.000Z');
  });
}

function describeLeases(bench: () => Bench): void {
  it('keeps a second execution out, saying who is in, since when, and what to do', async () => {
    const { ledger, connectAgain, clock } = bench();
    await ledger.acquireLease('a', ownerOf('e1'), 60_000);
    clock.advance(30_000);
    const attempt = (await connectAgain()).acquireLease('a', ownerOf('e2'), 60_000);
    await expect(attempt).rejects.toBeInstanceOf(AlreadyRunningError);
    const { message } = (await attempt.catch((error: unknown) => error)) as Error;
    for (const part of ['a', 'e1', 'host-of-e1', '2026-11-20T21:00:00.000Z', 'inlet status']) expect(message).toContain(part);
    await ledger.acquireLease('b', ownerOf('e2'), 60_000);
  });
  it('is renewed by its own execution, and runs from the renewal', async () => {
    const { ledger, clock } = bench();
    await ledger.acquireLease('a', ownerOf('e1'), 60_000);
    clock.advance(50_000);
    await ledger.acquireLease('a', ownerOf('e1'), 60_000);
    clock.advance(50_000);
    await expect(ledger.acquireLease('a', ownerOf('e2'), 60_000)).rejects.toThrow(AlreadyRunningError);
  });
  it('passes to another once its time is over', async () => {
    const { ledger, clock } = bench();
    await ledger.acquireLease('a', ownerOf('e1'), 60_000);
    clock.advance(60_001);
    await ledger.acquireLease('a', ownerOf('e2'), 60_000);
    await expect(ledger.acquireLease('a', ownerOf('e1'), 60_000)).rejects.toThrow(AlreadyRunningError);
  });
  it('passes to another at once when its owner is dead', async () => {
    const { ledger, dead } = bench();
    await ledger.acquireLease('a', ownerOf('e1'), 60_000);
    dead.add('e1');
    await ledger.acquireLease('a', ownerOf('e2'), 60_000);
    await expect(ledger.acquireLease('a', ownerOf('e3'), 60_000)).rejects.toThrow('e2');
  });
  it('is given back by its holder only', async () => {
    const { ledger } = bench();
    await ledger.acquireLease('a', ownerOf('e1'), 60_000);
    await ledger.releaseLease('a', 'e2');
    await ledger.releaseLease('never-leased', 'e1');
    await expect(ledger.acquireLease('a', ownerOf('e2'), 60_000)).rejects.toThrow(AlreadyRunningError);
    await ledger.releaseLease('a', 'e1');
    await ledger.acquireLease('a', ownerOf('e2'), 60_000);
  });
  it('goes to exactly one of twenty that ask at once', async () => {
    const ledgers = [bench().ledger, await bench().connectAgain()];
    const asked = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => (ledgers[n % 2] as Ledger).acquireLease('a', ownerOf(`e${n}`), 60_000)),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of asked) if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(AlreadyRunningError);
  });
}

function ownerOf(executionId: string): RunOwner {
  return { executionId, host: `host-of-${executionId}`, pid: 4242 };
}

function startOf(dataset: string, executionId: string, requestedAt: string) {
  return { dataset, owner: ownerOf(executionId), requestedAt: new Date(requestedAt) };
}
