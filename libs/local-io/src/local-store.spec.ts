import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PermanentError, PreconditionFailedError } from '@inlet/errors';
import { describeObjectStoreContract, present, tempDir } from '@inlet/testing';
import { createLocalStore } from './index';
import { CONTENT_ETAG_MAX_BYTES } from './stored-file';

describeObjectStoreContract('createLocalStore', async () => ({ store: createLocalStore({ root: tempDir() }), cleanup: async () => undefined }));

async function keysOf(root: string, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of createLocalStore({ root }).list(prefix)) keys.push(key);
  return keys;
}

function makeFile(folder: string, content: string): string {
  const file = path.join(folder, 'file');
  writeFileSync(file, content);
  return file;
}

describe('a local store', () => {
  let root: string;
  beforeEach(() => {
    root = path.join(tempDir(), 'lake');
  });

  it('creates nothing before the first write', async () => {
    const store = createLocalStore({ root });
    expect(await store.read('a/b')).toBeUndefined();
    expect(await store.head('a/b')).toBeUndefined();
    expect(await keysOf(root)).toEqual([]);
    expect(existsSync(root)).toBe(false);
  });

  it('keeps an object in the file that its key names, and names it by that path', async () => {
    const store = createLocalStore({ root });
    await store.write('a/x=1/b c.json', 'text');
    expect(readFileSync(path.join(root, 'a/x=1/b c.json'), 'utf8')).toBe('text');
    expect(store.uri('a/x=1/b c.json')).toBe(path.join(root, 'a/x=1/b c.json'));
    expect(await store.localPath('a/x=1/b c.json', tempDir())).toBe(store.uri('a/x=1/b c.json'));
  });

  it('neither lists nor takes keys of its own scratch folder', async () => {
    const store = createLocalStore({ root });
    await store.write('a', 'x');
    expect(readdirSync(root).sort()).toEqual(['a', 'tmp']);
    expect(await keysOf(root)).toEqual(['a']);
    expect(await keysOf(root, 'tmp/')).toEqual([]);
    await expect(store.write('tmp/x', 'x')).rejects.toThrow(RangeError);
    await expect(store.delete(['tmp/locks.sqlite'])).rejects.toThrow(RangeError);
    await store.write('tmp2', 'x');
    expect(await keysOf(root)).toEqual(['a', 'tmp2']);
  });

  it('leaves no scratch file behind, whether a write succeeds or not', async () => {
    const store = createLocalStore({ root });
    await store.write('a', 'x');
    await expect(store.write('a', 'y', { ifAbsent: true })).rejects.toThrow(PreconditionFailedError);
    await expect(store.write('a/b', 'y')).rejects.toThrow(PermanentError);
    expect(readdirSync(path.join(root, 'tmp/writes'))).toEqual([]);
  });

  it('says what to do when an object would lie below another', async () => {
    const store = createLocalStore({ root });
    await store.write('a', 'x');
    await expect(store.write('a/b', 'y')).rejects.toThrow(/a\/b.*An object cannot lie below another object/s);
    await store.write('c/d', 'x');
    await expect(store.write('c', 'y')).rejects.toThrow(PermanentError);
  });

  it('moves a file of the same disk instead of copying it', async () => {
    mkdirSync(root, { recursive: true });
    const file = makeFile(mkdtempSync(path.join(root, 'scratch-')), 'bytes');
    const { ino } = statSync(file);
    await createLocalStore({ root }).uploadFile(file, 't/a');
    expect(statSync(path.join(root, 't/a')).ino).toBe(ino);
    expect(existsSync(file)).toBe(false);
  });

  it('copies what a symbolic link points to, and leaves both as they were', async () => {
    const folder = tempDir();
    const file = makeFile(folder, 'bytes');
    symlinkSync(file, path.join(folder, 'link'));
    expect(await createLocalStore({ root }).uploadFile(path.join(folder, 'link'), 't/a')).toEqual({ sizeBytes: 5 });
    expect(statSync(path.join(root, 't/a')).isFile()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('bytes');
  });

  const otherDisk = '/dev/shm';
  const isOtherDisk = existsSync(otherDisk) && statSync(otherDisk).dev !== statSync(tempDir()).dev;
  (isOtherDisk ? it : it.skip)(`copies a file of another disk${isOtherDisk ? '' : ' (skipped: this machine has no /dev/shm beside its temporary folder)'}`, async () => {
    const folder = mkdtempSync(path.join(otherDisk, 'inlet-test-'));
    try {
      const file = makeFile(folder, 'bytes');
      expect(await createLocalStore({ root }).uploadFile(file, 't/a')).toEqual({ sizeBytes: 5 });
      expect(readFileSync(path.join(root, 't/a'), 'utf8')).toBe('bytes');
      expect(readdirSync(path.join(root, 'tmp/writes'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('removes folders that a delete leaves empty, and no others', async () => {
    const store = createLocalStore({ root });
    await store.write('a/b/c/1', 'x');
    await store.write('a/2', 'x');
    await store.delete(['a/b/c/1']);
    expect(readdirSync(path.join(root, 'a'))).toEqual(['2']);
    await store.delete(['a/2']);
    expect(readdirSync(root)).toEqual(['tmp']);
  });

  it('deletes more objects than it does under one lock', async () => {
    const store = createLocalStore({ root });
    mkdirSync(path.join(root, 'many'), { recursive: true });
    const keys = Array.from({ length: 1001 }, (_, n) => `many/${n}`);
    for (const key of keys) writeFileSync(path.join(root, key), '');
    await store.delete(keys);
    expect(await keysOf(root)).toEqual([]);
  });

  it('has one version for one content, wherever the lake is moved and whatever its clock says', async () => {
    const store = createLocalStore({ root });
    const { etag } = await store.write('m', 'same');
    utimesSync(path.join(root, 'm'), new Date(0), new Date(0));
    renameSync(root, `${root}-moved`);
    expect(await createLocalStore({ root: `${root}-moved` }).head('m')).toMatchObject({ etag });
  });

  it('keeps conditions on objects too large to read for their version', async () => {
    const store = createLocalStore({ root });
    const [first, second] = [0, 1].map((byte) => Buffer.alloc(CONTENT_ETAG_MAX_BYTES + 1, byte)) as [Buffer, Buffer];
    const { etag } = await store.write('big', first);
    expect(etag).toBe(present(await store.head('big')).etag);
    expect(etag).toBe(present(await store.read('big')).etag);
    const written = await store.write('big', second, { ifMatch: etag });
    await expect(store.write('big', first, { ifMatch: etag })).rejects.toThrow(PreconditionFailedError);
    expect(present(await store.head('big')).etag).toBe(written.etag);
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it.skip : it)(`says which right is missing${isRoot ? ' (skipped: root may write anywhere)' : ''}`, async () => {
    mkdirSync(root, { recursive: true });
    chmodSync(root, 0o500);
    await expect(createLocalStore({ root }).write('a', 'x')).rejects.toThrow(/Give this user the right/);
    chmodSync(root, 0o700);
  });
});
