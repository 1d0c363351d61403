import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@inlet/errors';
import { bundleScript, incrementBy, present, startScript, tempDir, type ChildScript } from '@inlet/testing';
import { createLocalStore } from './index';
import { createLock } from './lake-lock';
import { locksPath, writesFolder } from './temp-folder';

const readText = async (root: string, key: string) => Buffer.from(present(await createLocalStore({ root }).read(key)).body).toString();

describe('a local store between processes', () => {
  let script: string;
  const running: ChildScript[] = [];
  const start = (root: string, ...args: string[]) => {
    const child = startScript(script, [root, ...args]);
    running.push(child);
    return child;
  };
  beforeAll(() => {
    script = bundleScript(path.join(__dirname, 'contend.test-support.ts'));
  });
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(running.splice(0).map(({ ended }) => ended));
  });

  it('loses no update when five processes increment one counter', async () => {
    const root = tempDir();
    const children = Array.from({ length: 5 }, () => start(root, 'increment', '40'));
    const ends = await Promise.all(children.map(({ ended }) => ended));
    expect(ends).toEqual(ends.map(() => expect.objectContaining({ code: 0, stderr: '' })));
    expect(await readText(root, 'counter')).toBe('200');
    expect(readdirSync(writesFolder(root))).toEqual([]);
  });

  it('makes others wait for a process in the midst of a change, and goes on when it is killed', async () => {
    const root = tempDir();
    const holder = start(root, 'hold-lock');
    await holder.printed('holding');
    const store = createLocalStore({ root });
    let isWritten = false;
    const writing = store.write('m', 'x').then(() => (isWritten = true));
    await sleep(200);
    expect(isWritten).toBe(false);
    holder.kill('SIGKILL');
    await writing;
    expect(await readText(root, 'm')).toBe('x');
  });

  it('gives up on a lock that is held too long with a TransientError that names its file', async () => {
    const root = tempDir();
    await start(root, 'hold-lock').printed('holding');
    const impatient = createLock(root, { waitMs: 50 });
    await expect(impatient.exclusively(() => undefined)).rejects.toThrow(TransientError);
    await expect(impatient.exclusively(() => undefined)).rejects.toThrow(locksPath(root));
  });

  it('never shows a reader half an object, though its writers are killed at random', async () => {
    const root = tempDir();
    const store = createLocalStore({ root });
    await store.write('doc', 'z'.repeat(200_000));
    let reads = 0;
    for (let round = 0; round < 10; round += 1) {
      const writers = ['a', 'b'].map((letter) => start(root, 'write-forever', letter));
      await Promise.all(writers.map((writer) => writer.printed('writing')));
      const deadline = Date.now() + 5 + Math.random() * 60;
      while (Date.now() < deadline) {
        reads += 1;
        expect(await readText(root, 'doc')).toMatch(/^(a{200000}|b{200000}|z{200000})$/);
      }
      for (const writer of writers) writer.kill('SIGKILL');
      await Promise.all(writers.map(({ ended }) => ended));
      expect(await readText(root, 'doc')).toMatch(/^(a{200000}|b{200000})$/);
    }
    expect(reads).toBeGreaterThan(10);
    await store.write('doc', 'still writable');
  });

  it('keeps excluding others after the lock file was deleted, because whoever comes next opens the new one', async () => {
    const root = tempDir();
    const store = createLocalStore({ root });
    await store.write('counter', '0');
    rmSync(locksPath(root));
    await Promise.all([incrementBy(store, 'counter', 20), start(root, 'increment', '20').ended]);
    expect(existsSync(locksPath(root))).toBe(true);
    expect(await readText(root, 'counter')).toBe('40');
  });
});
