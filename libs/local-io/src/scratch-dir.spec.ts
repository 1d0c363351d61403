import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { createScratchDir, isProcessAlive, removeStaleScratchDirs, thisProcessOwner } from './index';

const TWO_HOURS_AGO = new Date(Date.now() - 2 * 3_600_000);

async function findDeadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('isProcessAlive', () => {
  it('knows this process to be alive', () => {
    expect(thisProcessOwner('e1')).toEqual({ executionId: 'e1', host: hostname(), pid: process.pid });
    expect(isProcessAlive(thisProcessOwner('e1'))).toBe(true);
  });
  it('knows a process that has ended to be dead', async () => {
    expect(isProcessAlive({ ...thisProcessOwner('e1'), pid: await findDeadPid() })).toBe(false);
  });
  it('holds processes of other machines to be alive, knowing nothing of them', async () => {
    expect(isProcessAlive({ executionId: 'e1', host: 'elsewhere', pid: await findDeadPid() })).toBe(true);
  });
  it.each([0, -1, Number.NaN, 1.5])('holds an owner without a real process id (%d) to be dead', (pid) => {
    expect(isProcessAlive({ ...thisProcessOwner('e1'), pid })).toBe(false);
  });
  (process.platform === 'linux' ? it : it.skip)('knows a killed process that nobody has collected to be dead (Linux)', async () => {
    // The shell's child ends at once, and exec leaves a parent that never collects it.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const owner = { ...thisProcessOwner('e1'), pid: Number(line.toString()) };
      const deadline = Date.now() + 5000;
      while (isProcessAlive(owner) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(isProcessAlive(owner)).toBe(false);
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });
});

describe('scratch folders', () => {
  let root: string;
  beforeEach(() => {
    root = path.join(tempDir(), 'lake');
  });

  it('lie below the lake and name their owner', async () => {
    const folder = await createScratchDir(root, 'e-1');
    expect(folder).toBe(path.join(root, 'tmp/runs/e-1'));
    expect(JSON.parse(readFileSync(path.join(folder, 'owner.json'), 'utf8'))).toEqual(thisProcessOwner('e-1'));
    expect(readdirSync(path.join(root, 'tmp/runs'))).toEqual(['e-1']);
  });
  it('keep what they hold when made again for the same execution', async () => {
    const folder = await createScratchDir(root, 'e-1');
    writeFileSync(path.join(folder, 'download'), 'bytes');
    expect(await createScratchDir(root, 'e-1')).toBe(folder);
    expect(readdirSync(folder).sort()).toEqual(['download', 'owner.json']);
    expect(readdirSync(path.join(root, 'tmp/runs'))).toEqual(['e-1']);
  });
  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden'])('are not made for the execution id %j', async (id) => {
    await expect(createScratchDir(root, id)).rejects.toThrow(RangeError);
  });
  it('are removed when their owner is dead, and only then', async () => {
    await createScratchDir(root, 'living');
    const dead = await createScratchDir(root, 'dead');
    writeFileSync(path.join(dead, 'owner.json'), JSON.stringify({ ...thisProcessOwner('dead'), pid: await findDeadPid() }));
    writeFileSync(path.join(dead, 'download'), 'bytes');
    expect(await removeStaleScratchDirs(root, isProcessAlive)).toEqual(['dead']);
    expect(readdirSync(path.join(root, 'tmp/runs'))).toEqual(['living']);
  });
  it('without a readable owner are removed once they are an hour old', async () => {
    for (const name of ['fresh', 'old', 'unfinished-1']) {
      mkdirSync(path.join(root, 'tmp/runs', name), { recursive: true });
      writeFileSync(path.join(root, 'tmp/runs', name, 'owner.json'), '{"host":');
    }
    for (const name of ['old', 'unfinished-1']) utimesSync(path.join(root, 'tmp/runs', name), TWO_HOURS_AGO, TWO_HOURS_AGO);
    expect(await removeStaleScratchDirs(root, () => true)).toEqual(['old']);
    expect(readdirSync(path.join(root, 'tmp/runs'))).toEqual(['fresh']);
  });
  it('that lost their owner while they were removed are removed at once, and those that have none yet are not', async () => {
    for (const name of ['half-removed/expanded', 'unfinished-1']) mkdirSync(path.join(root, 'tmp/runs', name), { recursive: true });
    expect(await removeStaleScratchDirs(root, () => true)).toEqual(['half-removed']);
    expect(readdirSync(path.join(root, 'tmp/runs'))).toEqual(['unfinished-1']);
  });
  it('of writes are emptied of what is an hour old, and the lock file stays', async () => {
    mkdirSync(path.join(root, 'tmp/writes'), { recursive: true });
    for (const name of ['tmp/writes/new', 'tmp/writes/old', 'tmp/locks.sqlite']) writeFileSync(path.join(root, name), '');
    for (const name of ['tmp/writes/old', 'tmp/locks.sqlite']) utimesSync(path.join(root, name), TWO_HOURS_AGO, TWO_HOURS_AGO);
    await removeStaleScratchDirs(root, () => true);
    expect(readdirSync(path.join(root, 'tmp/writes'))).toEqual(['new']);
    expect(existsSync(path.join(root, 'tmp/locks.sqlite'))).toBe(true);
  });
  it('are not missed in a lake that has none', async () => {
    expect(await removeStaleScratchDirs(root, () => false)).toEqual([]);
    expect(existsSync(root)).toBe(false);
  });
});
