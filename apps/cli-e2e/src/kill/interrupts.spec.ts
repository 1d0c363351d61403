import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSqliteLedger } from '@inlet/ledger';
import { tempDir } from '@inlet/testing';
import { holdSource } from './held-source.test-support';
import { expectLakeInOrder, leftInScratch } from './lake-order.test-support';
import { installInlet, printedJson, startInlet, type Ended, type StartedProcess } from './processes.test-support';
import { createRandom, SEED } from './random.test-support';
import { readOnce } from './reader.test-support';
import { createZips, otherThan, publish, readAnswers, runToEnd, type PrintedRun, type ReleaseNumber } from './two-releases.test-support';

const INTERRUPTS = 30;
/** A person who pressed Ctrl-C waits no longer. */
const PROMPT_MS = 3000;

const zips = createZips();
let answers: Record<ReleaseNumber, string>;
let root: string;
let current: ReleaseNumber;

beforeAll(async () => {
  await installInlet();
  answers = await readAnswers(zips);
}, 360_000);

beforeEach(async () => {
  root = path.join(tempDir(), 'lake');
  current = 1;
  await publish(root, await zips.zip(current));
});

const startRun = (source: string) => startInlet('run', 'nsde', '--source', source, '--lake', root, '--json');

/** Signals the run; how it ended, and how long it took to. */
async function interrupt(child: StartedProcess, signal: NodeJS.Signals): Promise<{ ended: Ended; tookMs: number }> {
  const sentAtMs = performance.now();
  child.kill(signal);
  const ended = await child.ended;
  return { ended, tookMs: ended.endedAtMs - sentAtMs };
}

async function expectInterrupted({ ended, tookMs }: { ended: Ended; tookMs: number }): Promise<void> {
  expect(tookMs).toBeLessThan(PROMPT_MS);
  expect({ code: ended.code, signal: ended.signal }).toEqual({ code: 1, signal: null });
  const printed = printedJson<PrintedRun>(ended);
  expect(printed).toMatchObject({ outcome: 'failed', error: { name: 'InterruptedError' } });
  const [last] = await expectLakeInOrder(root);
  expect(last).toMatchObject({ runId: printed.runId, outcome: 'failed', error: { name: 'InterruptedError' } });
  expect(leftInScratch(root)).toEqual([]);
  expect(await readOnce(root)).toBe(answers[current]);
}

describe('a run that is asked to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s while its source is slow stops at once, is recorded as failed and leaves nothing', async (signal) => {
    const held = await holdSource();
    try {
      const child = startRun(held.url);
      await held.asked;
      await expectInterrupted(await interrupt(child, signal));
    } finally {
      await held.close();
    }
    expect(await runToEnd(root, await zips.zip(2))).toMatchObject({ code: 0, outcome: 'published' });
  }, 90_000);

  it('while it waits to ask its source again stops at once, is recorded as failed and leaves nothing', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const server: Server = createServer((_request, response) => {
      response.writeHead(503).end();
      resolve(undefined);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    try {
      const child = startRun(`http://127.0.0.1:${(server.address() as AddressInfo).port}/nsde.zip`);
      await asked;
      await sleep(50);
      await expectInterrupted(await interrupt(child, 'SIGINT'));
    } finally {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }, 90_000);

  it(`at any moment either stops or publishes, and says which, ${INTERRUPTS} times (INLET_KILL_SEED=${SEED})`, async () => {
    const random = createRandom(SEED);
    const startedAtMs = performance.now();
    await publish(root, await zips.zip(2));
    const runMs = performance.now() - startedAtMs;
    current = 2;
    const seen = { early: 0, interrupted: 0, published: 0 };
    for (let n = 0; n < INTERRUPTS; n += 1) {
      const before = (await expectLakeInOrder(root)).length;
      const child = startRun(await zips.zip(otherThan(current)));
      await sleep(random() * runMs * 1.1);
      const { ended, tookMs } = await interrupt(child, 'SIGINT');
      expect(tookMs).toBeLessThan(PROMPT_MS);
      const runs = await expectLakeInOrder(root);
      // Node listens for us neither while it starts nor while it tears down: there the signal itself ends the process, before the run or after its result.
      const hasDiedOfSignal = ended.signal === 'SIGINT';
      if (hasDiedOfSignal && ended.stdout === '') {
        expect(runs.length).toBe(before);
        seen.early += 1;
      } else if (hasDiedOfSignal || ended.code === 0) {
        expect(runs.length).toBe(before + 1);
        expect(printedJson(ended)).toMatchObject({ outcome: 'published', runId: runs[0]?.runId });
        current = otherThan(current);
        seen.published += 1;
      } else {
        await expectInterrupted({ ended, tookMs });
        seen.interrupted += 1;
      }
      expect(leftInScratch(root)).toEqual([]);
      expect(await readOnce(root)).toBe(answers[current]);
    }
    expect(seen.interrupted).toBeGreaterThan(INTERRUPTS / 6);
  }, 270_000);

  it('twice stops there and then, and the next run tidies up', async () => {
    // A lake whose lock another process keeps is one that a run cannot even record its end in.
    const lock = new DatabaseSync(path.join(root, 'tmp/locks.sqlite'));
    lock.exec('BEGIN IMMEDIATE');
    const child = startRun(await zips.zip(2));
    try {
      await untilBegun();
      child.kill('SIGINT');
      await sleep(1500);
      expect(await Promise.race([child.ended.then(() => 'ended'), 'waiting'])).toBe('waiting');
      const { ended, tookMs } = await interrupt(child, 'SIGINT');
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 1, stdout: '' });
      expect(tookMs).toBeLessThan(500);
    } finally {
      lock.exec('ROLLBACK');
      lock.close();
    }
    expect(await runToEnd(root, await zips.zip(2))).toMatchObject({ code: 0, outcome: 'published' });
    const runs = await expectLakeInOrder(root);
    expect(runs.map(({ outcome, error }) => error?.name ?? outcome)).toEqual(['published', 'ProcessDiedError', 'published']);
    expect(leftInScratch(root)).toEqual([]);
  }, 180_000);
});

async function untilBegun(): Promise<void> {
  const ledger = createSqliteLedger({ path: path.join(root, 'ledger.sqlite') });
  try {
    while ((await ledger.openRuns('nsde')).length === 0) await sleep(20);
  } finally {
    await ledger.close();
  }
}
