import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@inlet/errors';
import { thisProcessOwner } from '@inlet/local-io';
import { bundleScript, startScript, tempDir, type ChildScript } from '@inlet/testing';
import { createSqliteLedger } from './index';

const START = { dataset: 'nsde', owner: thisProcessOwner('e1'), requestedAt: new Date('2026-11-20T21:00:00Z') };

describe('the embedded ledger between processes', () => {
  let script: string;
  let file: string;
  const running: ChildScript[] = [];
  const start = (...args: string[]) => {
    const child = startScript(script, [file, ...args]);
    running.push(child);
    return child;
  };
  beforeAll(() => {
    script = bundleScript(path.join(__dirname, 'contend.test-support.ts'));
  });
  beforeEach(() => {
    file = path.join(tempDir(), 'lake', 'ledger.sqlite');
  });
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(running.splice(0).map(({ ended }) => ended));
  });

  it('gives every run a second of its own, though five processes begin runs on a ledger that is not there yet', async () => {
    const ends = await Promise.all(Array.from({ length: 5 }, () => start('begin', '20').ended));
    expect(ends).toEqual(ends.map(() => expect.objectContaining({ code: 0, stderr: '' })));
    const starts = ends.flatMap(({ stdout }) => stdout.trim().split('\n')).sort();
    const expected = Array.from({ length: 100 }, (_, n) => new Date(START.requestedAt.getTime() + n * 1000).toISOString());
    expect(starts).toEqual(expected);
  });

  it('leases to one process, and to the next as soon as that one is killed', async () => {
    const children = ['p1', 'p2', 'p3', 'p4'].map((id) => start('lease', id));
    const answers = await Promise.all(children.map((child) => Promise.any([child.printed('leased'), child.printed('refused')])));
    expect(answers.map((answer) => answer.split(' ')[0]).sort()).toEqual(['leased', 'refused', 'refused', 'refused']);
    expect(answers.filter((answer) => answer === 'refused AlreadyRunningError')).toHaveLength(3);
    const holder = children[answers.findIndex((answer) => answer.startsWith('leased'))]!;
    const ledger = createSqliteLedger({ path: file });
    await expect(ledger.acquireLease('nsde', thisProcessOwner('e1'), 1000)).rejects.toThrow(`process ${holder.pid} on`);
    holder.kill('SIGKILL');
    await holder.ended;
    await ledger.acquireLease('nsde', thisProcessOwner('e1'), 1000);
    await ledger.close();
  });

  it('waits for a process in the midst of a transaction, and undoes its half when it is killed', async () => {
    const holder = start('hold-transaction');
    await holder.printed('holding');
    const ledger = createSqliteLedger({ path: file });
    expect(await ledger.openRuns()).toEqual([]);
    await expect(createSqliteLedger({ path: file, waitMs: 50 }).beginRun(START)).rejects.toThrow(TransientError);
    let isBegun = false;
    const beginning = ledger.beginRun(START).then(() => (isBegun = true));
    await sleep(100);
    expect(isBegun).toBe(false);
    holder.kill('SIGKILL');
    await beginning;
    await ledger.acquireLease('nsde', thisProcessOwner('e1'), 1000);
    await ledger.close();
  });

  it('shows the open run of a killed process as dead', async () => {
    const child = start('begin', '1');
    await child.ended;
    const ledger = createSqliteLedger({ path: file });
    expect(await ledger.openRuns('nsde')).toMatchObject([{ owner: { pid: child.pid }, alive: false }]);
    await ledger.close();
  });
});
