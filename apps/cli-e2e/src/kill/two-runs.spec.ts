import path from 'node:path';
import { writeCderRelease } from '@inlet/samples';
import { createSqliteLedger } from '@inlet/ledger';
import { present, tempDir } from '@inlet/testing';
import { openTestLake } from '../lake.test-support';
import { holdSource, type HeldSource } from './held-source.test-support';
import { expectLakeInOrder, leftInScratch } from './lake-order.test-support';
import { installInlet, printedJson, runInlet, startInlet, type StartedProcess } from './processes.test-support';
import { readOnce } from './reader.test-support';
import { createZips, publish, readAnswers, runToEnd, type PrintedRun, type ReleaseNumber } from './two-releases.test-support';

const zips = createZips();
let answers: Record<ReleaseNumber, string>;
let root: string;
let held: HeldSource;

beforeAll(async () => {
  await installInlet();
  answers = await readAnswers(zips);
}, 360_000);

beforeEach(async () => {
  root = path.join(tempDir(), 'lake');
  await publish(root, await zips.zip(1));
  held = await holdSource();
});

afterEach(() => held.close());

/** Starts a run that is under way, and holds its lease, until `held` answers. */
async function startHeldRun(): Promise<StartedProcess> {
  const child = startInlet('run', 'nsde', '--source', held.url, '--lake', root, '--json');
  await Promise.race([held.asked, child.ended.then(({ stdout, stderr }) => Promise.reject(new Error(`the run did not wait: ${stdout}${stderr}`)))]);
  return child;
}

async function endHeldRun(child: StartedProcess, zip: string): Promise<PrintedRun & { code: number | null }> {
  held.answer(zip);
  const ended = await child.ended;
  return { ...printedJson<PrintedRun>(ended), code: ended.code };
}

/** As if the run under way had held its lease for longer than a run may. */
async function takeLeaseAway(): Promise<void> {
  const ledger = createSqliteLedger({ path: path.join(root, 'ledger.sqlite') });
  try {
    const [run] = await ledger.openRuns('nsde');
    await ledger.releaseLease('nsde', present(run).owner.executionId);
  } finally {
    await ledger.close();
  }
}

async function publications(): Promise<{ runId: string; previousRunId: string | null }[]> {
  const lake = openTestLake(root);
  try {
    return (await lake.manifest('nsde')).events;
  } finally {
    await lake.close();
  }
}

describe('two runs of one dataset', () => {
  it('keep apart: the first publishes, the others end at once and say which run is under way', async () => {
    const first = await startHeldRun();
    const sources = await Promise.all([1, 2, 1].map((release) => zips.zip(release as ReleaseNumber)));
    const others = await Promise.all(sources.map((source) => runToEnd(root, source)));
    for (const other of others) {
      expect(other).toMatchObject({ code: 1, outcome: 'failed', error: { name: 'AlreadyRunningError' } });
      expect(other.error?.message).toContain(`process ${first.pid} on`);
    }
    expect(await readOnce(root)).toBe(answers[1]);
    expect(await endHeldRun(first, await zips.zip(2))).toMatchObject({ code: 0, outcome: 'published' });
    expect(await readOnce(root)).toBe(answers[2]);
    const runs = await expectLakeInOrder(root);
    expect(runs.map(({ outcome, error }) => error?.name ?? outcome).sort()).toEqual(['AlreadyRunningError', 'AlreadyRunningError', 'AlreadyRunningError', 'published', 'published']);
    expect(leftInScratch(root)).toEqual([]);
  }, 180_000);

  it('started at the same moment, publish one after the other or not at all', async () => {
    const published: string[] = [];
    let refused = 0;
    for (let round = 0; round < 6; round += 1) {
      const sources = await Promise.all([1, 2, 1, 2].map((release) => zips.zip(release as ReleaseNumber)));
      const runs = await Promise.all(sources.map((source) => runToEnd(root, source, '--force')));
      for (const { code, outcome, runId, error } of runs) {
        expect({ code, outcome, error: error?.name }).toEqual(code === 0 ? { code: 0, outcome: 'published' } : { code: 1, outcome: 'failed', error: 'AlreadyRunningError' });
        if (code === 0) published.push(runId);
        else refused += 1;
      }
      expect(Object.values(answers)).toContain(await readOnce(root));
    }
    expect(refused).toBeGreaterThan(0);
    expect(published.length).toBeGreaterThanOrEqual(6);
    const events = await publications();
    expect(events.slice(0, -1).map(({ runId }) => runId).sort()).toEqual([...published].sort());
    expect(events.map(({ previousRunId }) => previousRunId)).toEqual([...events.slice(1).map(({ runId }) => runId), null]);
    await expectLakeInOrder(root);
    expect(leftInScratch(root)).toEqual([]);
  }, 270_000);

  it('hand over at once when the one under way is killed', async () => {
    const first = await startHeldRun();
    first.kill('SIGKILL');
    await first.ended;
    expect(await runToEnd(root, await zips.zip(2))).toMatchObject({ code: 0, outcome: 'published' });
    const runs = await expectLakeInOrder(root);
    expect(runs.map(({ outcome, error }) => error?.name ?? outcome)).toEqual(['published', 'ProcessDiedError', 'published']);
  }, 90_000);

  it('never publish over each other, though a lease be lost', async () => {
    const first = await startHeldRun();
    await takeLeaseAway();
    const second = await runToEnd(root, await zips.zip(2));
    expect(second).toMatchObject({ code: 0, outcome: 'published' });
    const late = await endHeldRun(first, await zips.zip(1, { rows: 301 }));
    expect(late).toMatchObject({ code: 1, outcome: 'failed', error: { name: 'PublishConflictError' } });
    expect(late.error?.message).toContain(second.runId);
    expect(await readOnce(root)).toBe(answers[2]);
    await expectLakeInOrder(root);
    expect(await runToEnd(root, await zips.zip(1))).toMatchObject({ code: 0, outcome: 'published' });
    expect(await readOnce(root)).toBe(answers[1]);
  }, 90_000);

  it('never make each other forget what was published, though a lease be lost and nothing be new', async () => {
    const first = await startHeldRun();
    await takeLeaseAway();
    await publish(root, await zips.zip(2));
    const same = await zips.zip(1);
    expect(await endHeldRun(first, same)).toMatchObject({ code: 0, outcome: 'unchanged' });
    expect(await readOnce(root)).toBe(answers[2]);
    held.answer(same);
    expect(await runToEnd(root, held.url)).toMatchObject({ code: 0, outcome: 'published' });
    expect(await readOnce(root)).toBe(answers[1]);
  }, 90_000);

  it('do not publish over a rollback that was made meanwhile', async () => {
    await publish(root, await zips.zip(2));
    const first = await startHeldRun();
    expect((await runInlet('rollback', 'nsde', '--lake', root)).code).toBe(0);
    expect(await endHeldRun(first, await zips.zip(1, { rows: 301 }))).toMatchObject({ code: 1, error: { name: 'PublishConflictError' } });
    expect(await readOnce(root)).toBe(answers[1]);
    await expectLakeInOrder(root);
  }, 90_000);
});

describe('runs of two datasets', () => {
  it('pass each other by: one is published while the other waits, and both at the same time', async () => {
    const folder = tempDir();
    const first = await startHeldRun();
    const publishCder = async (release: number) => {
      const files = await writeCderRelease(path.join(folder, String(release)), { products: 60, seed: 6, release });
      const ended = await runInlet('run', 'cder', ...files.flatMap((file) => ['--source', file]), '--lake', root, '--json');
      expect({ ...printedJson<PrintedRun>(ended), code: ended.code }).toMatchObject({ code: 0, outcome: 'published' });
    };
    await publishCder(1);
    expect(await endHeldRun(first, await zips.zip(2))).toMatchObject({ code: 0, outcome: 'published' });
    for (const [nsde, cder] of [[1, 2], [2, 3], [1, 4]] as const) await Promise.all([publish(root, await zips.zip(nsde)), publishCder(cder)]);
    await expectLakeInOrder(root, 'nsde');
    await expectLakeInOrder(root, 'cder');
  }, 180_000);
});
