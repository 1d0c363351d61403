import path from 'node:path';
import type { Outcome, RunRecord } from '@inlet/manifest';
import { TASK_STATES } from '@inlet/orchestrator';
import type { EngineChoice } from '@inlet/pipeline';
import { tempDir } from '@inlet/testing';
import { expectGcToLeaveOnlyReleases, expectLakeInOrder, leftInScratch } from './lake-order.test-support';
import type { OneRun } from './one-run.test-support';
import { bundleEngineScript, installInlet, nsdeFolder, printedJson, startScript } from './processes.test-support';
import { readOnce, startReader, type Reader } from './reader.test-support';
import { createZips, otherThan, publish, readAnswers, runToEnd, type ReleaseNumber } from './two-releases.test-support';

const MANIFEST_WRITTEN = 'after store write manifests/nsde/manifest.json';
const RECORD_WRITTEN = 'after store write manifests/nsde/runs/<run>.json';
const BEGUN = 'after ledger beginRun';

/** One way through the state machine. */
interface Route {
  engine?: EngineChoice;
  /** The run to replay; the zip is then not looked at. */
  replay?: string;
  /** The zip that leads this way, when `current` is published. */
  source: (current: ReleaseNumber) => Promise<string>;
  outcome: Outcome;
  /** Name of the error that it fails with, if it does. */
  error?: string;
  /** From this boundary on the run has ended as `outcome`, even if its process dies. */
  settledAt: string;
  /** The boundaries to die at, of all that the route passes. */
  dieAt: (boundaries: readonly string[]) => string[];
}

const zips = createZips();
const root = path.join(tempDir(), 'lake');
let script: string;
let answers: Record<ReleaseNumber, string>;
let current: ReleaseNumber = 1;
let reader: Reader;
let kills = 0;
const statesKilledIn = new Set<string>();

/** From where a route is its own to where all routes meet again. */
const fromUntilNotify = (first: string) => (boundaries: readonly string[]) => boundaries.slice(boundaries.indexOf(first), boundaries.indexOf('Notify entered') + 1);

const startRun = ({ engine = 'auto', ...run }: Pick<OneRun, 'source' | 'replay' | 'dieAt'> & { engine?: EngineChoice }) =>
  startScript(script, JSON.stringify({ datasetFolder: nsdeFolder, lakeRoot: root, engine, ...run } satisfies OneRun));

/** All boundaries of a route, in order, from a run that ends. */
async function trace(route: Route): Promise<string[]> {
  const ended = await startRun({ source: await route.source(current), engine: route.engine, replay: route.replay }).ended;
  const { outcome, error, passed } = printedJson<{ outcome: Outcome; error?: { name: string }; passed: string[] }>(ended);
  expect({ outcome, error: error?.name, stderr: ended.stderr }).toEqual({ outcome: route.outcome, error: route.error, stderr: '' });
  if (outcome === 'published') current = otherThan(current);
  expect(new Set(passed).size).toBe(passed.length);
  return passed;
}

async function die(run: { source: string; engine?: EngineChoice; replay?: string; dieAt: string }): Promise<void> {
  const { signal, stderr } = await startRun(run).ended;
  expect({ dieAt: run.dieAt, signal, stderr }).toEqual({ dieAt: run.dieAt, signal: 'SIGKILL', stderr: '' });
  kills += 1;
  const [state] = run.dieAt.split(' ');
  if (state) statesKilledIn.add(state);
}

/** The next run: a release that is not published yet, or the one that the dead run was to publish. */
async function recover(source: string, expected: Outcome): Promise<RunRecord[]> {
  const next = await runToEnd(root, source);
  expect(next).toMatchObject({ outcome: expected, code: 0 });
  if (expected === 'published') current = otherThan(current);
  expect(await readOnce(root)).toBe(answers[current]);
  const runs = await expectLakeInOrder(root);
  expect(runs[0]).toMatchObject({ runId: next.runId, outcome: expected });
  expect(leftInScratch(root)).toEqual([]);
  return runs;
}

function expectRecordOfTheDead(run: RunRecord | undefined, { outcome, isSettled }: { outcome: Outcome; isSettled: boolean }): void {
  if (isSettled) expect(run).toMatchObject({ outcome });
  else expect(run).toMatchObject({ outcome: 'failed', error: { name: 'ProcessDiedError' } });
}

/** Dies at one boundary of a route, looks, and runs again. */
async function dieAndRecover(route: Route, boundaries: readonly string[], dieAt: string): Promise<void> {
  const hasPassed = (boundary: string) => boundaries.indexOf(dieAt) >= boundaries.indexOf(boundary);
  const isSettled = hasPassed(route.settledAt);
  const isPublished = isSettled && route.outcome === 'published';
  const before = (await expectLakeInOrder(root)).length;
  const source = await route.source(current);
  await die({ source, engine: route.engine, replay: route.replay, dieAt });
  if (isPublished) current = otherThan(current);
  expect({ dieAt, answer: await readOnce(root) }).toEqual({ dieAt, answer: answers[current] });

  const again = route.outcome === 'published' ? source : await zips.zip(otherThan(current));
  const runs = await recover(again, isPublished ? 'unchanged' : 'published');
  expect({ dieAt, runs: runs.length - before }).toEqual({ dieAt, runs: hasPassed(BEGUN) ? 2 : 1 });
  if (hasPassed(BEGUN)) expectRecordOfTheDead(runs[1], { outcome: route.outcome, isSettled });
}

async function dieEverywhere(route: Route): Promise<number> {
  const boundaries = await trace(route);
  await recover(await zips.zip(otherThan(current)), 'published');
  const chosen = route.dieAt(boundaries);
  expect([boundaries.indexOf(BEGUN), boundaries.indexOf(route.settledAt)]).not.toContain(-1);
  expect(chosen.length).toBeGreaterThan(0);
  for (const boundary of chosen) await dieAndRecover(route, boundaries, boundary);
  return chosen.length;
}

describe('a run killed between any two of its steps, beside a reader', () => {
  beforeAll(async () => {
    await installInlet();
    script = bundleEngineScript(path.join(__dirname, 'one-run.test-support.ts'));
    answers = await readAnswers(zips);
    await publish(root, await zips.zip(current));
    reader = startReader(root);
  }, 360_000);

  it('on its way to publication, leaves the old release until the manifest is written and the new one after it', async () => {
    const count = await dieEverywhere({
      source: (published) => zips.zip(otherThan(published)),
      outcome: 'published',
      settledAt: MANIFEST_WRITTEN,
      dieAt: (boundaries) => [...boundaries],
    });
    expect(count).toBeGreaterThanOrEqual(50);
  }, 720_000);

  it('on the other engine, leaves the old release', async () => {
    await dieEverywhere({
      engine: 'spark',
      source: (published) => zips.zip(otherThan(published)),
      outcome: 'published',
      settledAt: MANIFEST_WRITTEN,
      dieAt: (boundaries) => boundaries.filter((boundary) => /^\w+(On|From)Spark (entered|exited)$/.test(boundary)),
    });
  }, 360_000);

  it('on its way to Skip, for a zip packed anew, leaves the release and its record', async () => {
    await dieEverywhere({ source: (published) => zips.zip(published), outcome: 'unchanged', settledAt: RECORD_WRITTEN, dieAt: fromUntilNotify('FetchAndHash exited') });
  }, 360_000);

  it('on its way to Skip, for tables built in vain, leaves the release and its record', async () => {
    await dieEverywhere({
      source: (published) => zips.zip(published, { reversed: true }),
      outcome: 'unchanged',
      settledAt: RECORD_WRITTEN,
      dieAt: fromUntilNotify('Silver exited'),
    });
  }, 360_000);

  it('in a replay, leaves the release, and the bronze that it was built of', async () => {
    await dieEverywhere({ replay: 'latest', source: (published) => zips.zip(published), outcome: 'unchanged', settledAt: RECORD_WRITTEN, dieAt: fromUntilNotify('LoadRelease entered') });
  }, 360_000);

  it('on its way to Reject, leaves the release that was there', async () => {
    await dieEverywhere({ source: (published) => zips.zip(otherThan(published), { rows: 150 }), outcome: 'rejected', settledAt: RECORD_WRITTEN, dieAt: fromUntilNotify('QualityGate exited') });
  }, 360_000);

  it('on its way to DeadLetter, leaves the release that was there', async () => {
    await dieEverywhere({ source: (published) => zips.brokenZip(otherThan(published)), outcome: 'failed', error: 'CorruptArchiveError', settledAt: RECORD_WRITTEN, dieAt: fromUntilNotify('FetchAndHash failed') });
  }, 360_000);

  it('while it sweeps up after another that was killed, leaves the rest of the sweeping to the next', async () => {
    const leaveDeadRun = async () => die({ source: await zips.zip(otherThan(current)), dieAt: 'Silver exited' });
    const source = async () => zips.zip(otherThan(current));
    await leaveDeadRun();
    const boundaries = await trace({ source, outcome: 'published', settledAt: MANIFEST_WRITTEN, dieAt: () => [] });
    const begun = boundaries.indexOf('after ledger beginRun');
    const sweeping = boundaries.slice(begun, boundaries.indexOf('FetchAndHash entered')).filter((boundary) => / (store|ledger) /.test(boundary));
    expect(sweeping).toEqual(expect.arrayContaining(['after store delete', RECORD_WRITTEN, 'before ledger endRun']));
    for (const dieAt of sweeping) {
      const before = (await expectLakeInOrder(root)).length;
      await leaveDeadRun();
      await die({ source: await source(), dieAt });
      expect({ dieAt, answer: await readOnce(root) }).toEqual({ dieAt, answer: answers[current] });
      const runs = await recover(await source(), 'published');
      // The run that recovered, the one that died sweeping, and the one that it swept up after.
      expect({ dieAt, runs: runs.length - before }).toEqual({ dieAt, runs: 3 });
      for (const dead of runs.slice(1, 3)) expectRecordOfTheDead(dead, { outcome: 'published', isSettled: false });
    }
  }, 360_000);

  it('is killed in every state that there is', () => {
    expect(TASK_STATES.filter((state) => !statesKilledIn.has(state))).toEqual([]);
    expect(kills).toBeGreaterThanOrEqual(90);
  });

  it('leaves nothing that gc does not delete, and gc deletes nothing that is read', async () => {
    await die({ source: await zips.zip(otherThan(current)), dieAt: 'Silver exited' });
    await expectGcToLeaveOnlyReleases(root);
    expect(await readOnce(root)).toBe(answers[current]);
    await recover(await zips.zip(otherThan(current)), 'published');
  });

  it('never shows a reader an error, or anything but one of the two releases', async () => {
    const readings = await reader.stop();
    expect(readings.errors).toEqual([]);
    expect(Object.keys(readings.answers).sort()).toEqual(Object.values(answers).sort());
    const reads = Object.values(readings.answers).reduce((sum, count) => sum + count, 0);
    expect(reads).toBeGreaterThan(300);
    expect(Math.min(...Object.values(readings.answers))).toBeGreaterThan(10);
  });
});
