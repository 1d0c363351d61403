import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempDir } from '@inlet/testing';
import { expectGcToLeaveOnlyReleases, expectLakeInOrder, leftInScratch } from './lake-order.test-support';
import { installInlet, printedJson, runInlet, startInlet } from './processes.test-support';
import { createRandom, SEED } from './random.test-support';
import { readOnce, startReader, type Reader } from './reader.test-support';
import { RELEASE_QUESTION } from './release-question.test-support';
import { createZips, otherThan, publish, readAnswers, runToEnd, type ReleaseNumber } from './two-releases.test-support';

const KILLS = 220;
const BATCH = 5;

const random = createRandom(SEED);
const zips = createZips();
const root = path.join(tempDir(), 'lake');
let answers: Record<ReleaseNumber, string>;
let reader: Reader;
/** How long a run takes from the start of its process to its end. */
let runMs: number;
/** The release that no run has yet been asked for, after all that have been. */
let next: ReleaseNumber = 1;
let killed = 0;
let ended = 0;

async function publishNext(): Promise<void> {
  await publish(root, await zips.zip(next));
  next = otherThan(next);
  ended += 1;
}

async function measureRun(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const startedAt = performance.now();
    await publishNext();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[1] ?? NaN;
}

/** Starts a run, and kills it and all it has started at a moment within its usual time or just after it. */
async function killAtRandom(): Promise<void> {
  const source = await zips.zip(next);
  next = otherThan(next);
  const child = startInlet('run', 'nsde', '--source', source, '--lake', root, '--force', '--quiet');
  await sleep(random() * runMs * 1.1);
  child.kill('SIGKILL');
  const { signal, code, stderr } = await child.ended;
  if (signal === 'SIGKILL') killed += 1;
  else ended += 1;
  expect({ signal, code, stderr }).toEqual(signal === null ? { signal: null, code: 0, stderr: '' } : { signal: 'SIGKILL', code: null, stderr: '' });
}

async function expectNextRunToEndWell(): Promise<void> {
  const source = await zips.zip(next);
  const run = await runToEnd(root, source);
  expect(['published', 'unchanged']).toContain(run.outcome);
  expect(run.code).toBe(0);
  ended += 1;
  expect(await readOnce(root)).toBe(answers[next]);
  next = otherThan(next);
  await expectLakeInOrder(root);
  expect(leftInScratch(root)).toEqual([]);
}

describe(`runs of the command line killed at random moments, beside a reader (INLET_KILL_SEED=${SEED})`, () => {
  beforeAll(async () => {
    await installInlet();
    answers = await readAnswers(zips);
    await publishNext();
    runMs = await measureRun();
    reader = startReader(root);
  }, 360_000);

  it(`are followed by one that ends well, ${KILLS} times`, async () => {
    while (killed < KILLS) {
      for (let kill = 0; kill < BATCH; kill += 1) {
        await killAtRandom();
        expect(Object.values(answers)).toContain(await readOnce(root));
      }
      await expectNextRunToEndWell();
      const asked = await runInlet('query', RELEASE_QUESTION, '--lake', root, '--json');
      expect(printedJson(asked)).toEqual([{ answer: answers[otherThan(next)] }]);
    }
  }, 1200_000);

  it('died before they were begun, in their midst, and when they had published', async () => {
    const runs = await expectLakeInOrder(root);
    const dead = runs.filter(({ outcome }) => outcome === 'failed');
    expect(new Set(dead.map(({ error }) => error?.name))).toEqual(new Set(['ProcessDiedError']));
    const neverBegun = killed + ended - runs.length;
    const publishedAndKilled = killed - neverBegun - dead.length;
    expect({ kills: killed >= KILLS, neverBegun: neverBegun > 0, dead: dead.length > KILLS / 4, publishedAndKilled: publishedAndKilled > 0 }).toEqual({
      kills: true,
      neverBegun: true,
      dead: true,
      publishedAndKilled: true,
    });
  });

  it('leave nothing that gc does not delete, and gc deletes nothing that is read', async () => {
    await killAtRandom();
    const before = await readOnce(root);
    await expectGcToLeaveOnlyReleases(root);
    expect(await readOnce(root)).toBe(before);
    await expectNextRunToEndWell();
  }, 90_000);

  it('never show a reader an error, or anything but one of the two releases', async () => {
    const readings = await reader.stop();
    expect(readings.errors).toEqual([]);
    expect(Object.keys(readings.answers).sort()).toEqual(Object.values(answers).sort());
    // How often a reader gets to read depends on the machine; that it read throughout, and each release many times, does not.
    expect(Object.values(readings.answers).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
    expect(Math.min(...Object.values(readings.answers))).toBeGreaterThan(10);
  });
});
