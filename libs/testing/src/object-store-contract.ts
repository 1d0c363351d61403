/** What every ObjectStore promises, as one suite that each implementation's spec runs. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PermanentError, PreconditionFailedError } from '@inlet/errors';
import type { ObjectStore, StoredObject } from '@inlet/pipeline';
import { present } from './present';
import { tempDir } from './temp-dir';

export type MakeStore = () => Promise<{ store: ObjectStore; cleanup(): Promise<void> }>;

const LARGE_BYTES = 20 * 1024 * 1024;

/** Keys that must be refused by every method that takes one. */
const REFUSED_KEYS = ['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/./b', 'a/../b', '../a', 'a/..', 'a\\b', '..\\a', 'a\0b', 'C:/a', '\ud800'];

/** Keys that a lake really has, or may be given by the name of a partner's file. */
const UNUSUAL_KEYS = ['raw/nsde/sha256=0f3a/file name (1).zip', 'a/it\'s "quoted" & <odd>+%20#?.csv', 'a/Größe/数据/🧪.parquet', 'a/...', 'a/~$x;y,z', 'a/.hidden'];

/** Runs the suite; `makeStore` gives each test an empty store. */
export function describeObjectStoreContract(name: string, makeStore: MakeStore): void {
  describe(`${name} keeps the ObjectStore contract`, () => {
    let store: ObjectStore;
    let cleanup: () => Promise<void>;
    beforeEach(async () => ({ store, cleanup } = await makeStore()));
    afterEach(() => cleanup());
    const current = () => store;
    describeDocuments(current);
    describeConditions(current);
    describeFiles(current);
    describeListing(current);
    describeDeletion(current);
    describeKeys(current);
  });
}

function describeDocuments(store: () => ObjectStore): void {
  it('reads what was written, with the version that write returned', async () => {
    const { etag } = await store().write('a/doc.json', '{"µ":"é"}');
    expect(await readText(store(), 'a/doc.json')).toEqual({ text: '{"µ":"é"}', etag });
    expect(await store().head('a/doc.json')).toMatchObject({ key: 'a/doc.json', sizeBytes: 11, etag });
  });
  it('keeps bytes as they are, and empty objects', async () => {
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await store().write('bytes', body);
    await store().write('empty', '');
    expect(Buffer.from(present(await store().read('bytes')).body)).toEqual(Buffer.from(body));
    expect(await store().head('empty')).toMatchObject({ sizeBytes: 0 });
    expect(await readText(store(), 'empty')).toMatchObject({ text: '' });
  });
  it('has undefined for an object that is not there', async () => {
    await store().write('a/b/c', 'x');
    expect(await store().read('a/b')).toBeUndefined();
    expect(await store().head('a/b')).toBeUndefined();
    expect(await store().read('a/b/c/d')).toBeUndefined();
    expect(await store().head('other')).toBeUndefined();
  });
  it('replaces an object whole, under a new version', async () => {
    const first = await store().write('a', 'a longer first text');
    const second = await store().write('a', 'short');
    expect(second.etag).not.toBe(first.etag);
    expect(await readText(store(), 'a')).toEqual({ text: 'short', etag: second.etag });
  });
  it('says when an object was last written', async () => {
    const before = Date.now();
    await store().write('a', 'x');
    const { lastModified } = present(await store().head('a'));
    // Whole seconds are enough, and another machine's clock may be a little off.
    expect(Math.abs(lastModified.getTime() - before)).toBeLessThan(60_000);
  });
}

function describeConditions(store: () => ObjectStore): void {
  it('ifAbsent writes only where there is nothing', async () => {
    await store().write('m', 'first', { ifAbsent: true });
    await expect(store().write('m', 'second', { ifAbsent: true })).rejects.toBeInstanceOf(PreconditionFailedError);
    expect(await readText(store(), 'm')).toMatchObject({ text: 'first' });
  });
  it('ifMatch writes only over the version it names', async () => {
    const first = await store().write('m', 'first');
    const second = await store().write('m', 'other', { ifMatch: first.etag });
    await expect(store().write('m', 'stale', { ifMatch: first.etag })).rejects.toBeInstanceOf(PreconditionFailedError);
    expect(await readText(store(), 'm')).toEqual({ text: 'other', etag: second.etag });
  });
  it('ifMatch fails where there is no object', async () => {
    await expect(store().write('m', 'x', { ifMatch: 'none' })).rejects.toBeInstanceOf(PreconditionFailedError);
    const { etag } = await store().write('m', 'x');
    await store().delete(['m']);
    await expect(store().write('m', 'y', { ifMatch: etag })).rejects.toBeInstanceOf(PreconditionFailedError);
    expect(await store().head('m')).toBeUndefined();
  });
  it('takes the version from read, head and list alike', async () => {
    let { etag } = await store().write('d/m', '0');
    etag = (await store().write('d/m', '1', { ifMatch: present(await store().read('d/m')).etag })).etag;
    expect(present(await store().head('d/m')).etag).toBe(etag);
    etag = (await store().write('d/m', '2', { ifMatch: present((await listAll(store(), 'd/'))[0]).etag })).etag;
    etag = (await store().write('d/m', '3', { ifMatch: etag })).etag;
    expect(await readText(store(), 'd/m')).toEqual({ text: '3', etag });
  });
  it('names the object when a condition fails', async () => {
    await store().write('some/key', 'x');
    await expect(store().write('some/key', 'y', { ifAbsent: true })).rejects.toThrow('some/key');
  });
  it('lets exactly one of twenty parallel ifAbsent writes win', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => store().write('m', `writer ${n}`, { ifAbsent: true })));
    const winners = attempts.flatMap((attempt, n) => (attempt.status === 'fulfilled' ? [n] : []));
    expect(winners).toHaveLength(1);
    for (const attempt of attempts) if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(PreconditionFailedError);
    expect(await readText(store(), 'm')).toMatchObject({ text: `writer ${winners[0]}` });
  });
  it('loses no update of parallel compare-and-swap increments', async () => {
    await store().write('counter', '0');
    await Promise.all(Array.from({ length: 8 }, () => incrementBy(store(), 'counter', 5)));
    expect(await readText(store(), 'counter')).toMatchObject({ text: '40' });
  });
}

/** Adds one to a number in an object, `times` times, each by a compare-and-swap that is tried until it holds. */
export async function incrementBy(store: ObjectStore, key: string, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const { body, etag } = present(await store.read(key));
    try {
      await store.write(key, String(Number(Buffer.from(body).toString()) + 1), { ifMatch: etag });
      done += 1;
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
    }
  }
}

function describeFiles(store: () => ObjectStore): void {
  it('streams a file of 20 MB in and out unchanged', async () => {
    const file = path.join(tempDir(), 'large.bin');
    const block = randomBytes(1 << 20);
    writeFileSync(file, Buffer.concat(Array.from({ length: LARGE_BYTES >> 20 }, () => block)));
    const expected = await sha256Of(createReadStream(file));
    expect(await store().uploadFile(file, 'raw/large.bin')).toEqual({ sizeBytes: LARGE_BYTES });
    expect(await store().head('raw/large.bin')).toMatchObject({ sizeBytes: LARGE_BYTES });
    expect(await sha256Of(await store().openRead('raw/large.bin'))).toBe(expected);
    expect(await sha256Of(createReadStream(await store().localPath('raw/large.bin', tempDir())))).toBe(expected);
  });
  it('takes small and empty files, and replaces what was there', async () => {
    await store().write('t/a', 'something before');
    expect(await store().uploadFile(makeFile('now'), 't/a')).toEqual({ sizeBytes: 3 });
    expect(await readText(store(), 't/a')).toMatchObject({ text: 'now' });
    expect(await store().uploadFile(makeFile(''), 't/a')).toEqual({ sizeBytes: 0 });
    expect(await streamText(store(), 't/a')).toBe('');
  });
  it('gives uploaded files a version that conditions understand', async () => {
    await store().uploadFile(makeFile('v1'), 't/a');
    const { etag } = present(await store().head('t/a'));
    await store().write('t/a', 'v2', { ifMatch: etag });
    await expect(store().write('t/a', 'v3', { ifMatch: etag })).rejects.toBeInstanceOf(PreconditionFailedError);
  });
  it('gives a local path with the object\'s bytes, the newest ones', async () => {
    const scratch = tempDir();
    await store().write('a/x=1/f.txt', 'one');
    expect(readFileSync(await store().localPath('a/x=1/f.txt', scratch), 'utf8')).toBe('one');
    await store().write('a/x=1/f.txt', 'two');
    const file = await store().localPath('a/x=1/f.txt', scratch);
    expect(path.isAbsolute(file)).toBe(true);
    expect(path.basename(file)).toMatch(/\.txt$/);
    expect(readFileSync(file, 'utf8')).toBe('two');
  });
  it('throws PermanentError, naming the key, for objects and files that are not there', async () => {
    const missing = path.join(tempDir(), 'none');
    await expect(store().openRead('no/such')).rejects.toThrow(PermanentError);
    await expect(store().openRead('no/such')).rejects.toThrow('no/such');
    await expect(store().localPath('no/such', tempDir())).rejects.toThrow(PermanentError);
    await expect(store().uploadFile(missing, 'a')).rejects.toThrow(PermanentError);
    await expect(store().uploadFile(missing, 'a')).rejects.toThrow(missing);
    expect(existsSync(missing)).toBe(false);
  });
  it('reads to its end an object that is replaced or deleted meanwhile, or breaks off, but never mixes two versions', async () => {
    const [old, next] = ['o', 'n'].map((letter) => letter.repeat(3 << 20)) as [string, string];
    await store().write('doc', old);
    const stream = await store().openRead('doc');
    await store().write('doc', next);
    const seen = (await textOf(stream)) ?? '';
    expect([old, next]).toContain(seen);
    expect(await streamText(store(), 'doc')).toBe(next);
  });
}

function describeListing(store: () => ObjectStore): void {
  it('lists in key order, by bytes, across folders', async () => {
    const keys = ['a-b/1', 'a/10', 'a/2', 'a/b.c', 'a/b/c', 'a/b0', 'a0', 'z/\u{e000}', 'z/\u{1f9ea}', 'z/é'];
    for (const key of [...keys].reverse()) await store().write(key, key);
    const expected = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(keysOf(await listAll(store(), ''))).toEqual(expected);
  });
  it('lists one prefix, and sizes', async () => {
    for (const key of ['a/1', 'a/x/2', 'ab/3', 'b']) await store().write(key, 'x'.repeat(key.length));
    expect(await listAll(store(), 'a/')).toMatchObject([{ key: 'a/1', sizeBytes: 3 }, { key: 'a/x/2', sizeBytes: 5 }]);
    expect(keysOf(await listAll(store(), 'a/x/'))).toEqual(['a/x/2']);
    expect(keysOf(await listAll(store(), 'a'))).toEqual(['a/1', 'a/x/2', 'ab/3']);
    expect(await listAll(store(), 'c/')).toEqual([]);
  });
  it('lists nothing in an empty lake', async () => {
    expect(await listAll(store(), '')).toEqual([]);
  });
  it('can be left halfway', async () => {
    for (const key of ['a/1', 'a/2', 'a/3']) await store().write(key, '');
    for await (const { key } of store().list('a/')) {
      expect(key).toBe('a/1');
      break;
    }
    expect(await listAll(store(), 'a/')).toHaveLength(3);
  });
}

function describeDeletion(store: () => ObjectStore): void {
  it('deletes objects, and is content when they are already gone', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await store().write(key, key);
    await store().delete(['a/1', 'never/there', 'a/1']);
    await store().delete([]);
    expect(keysOf(await listAll(store(), ''))).toEqual(['a/2', 'b']);
  });
  it('does not delete what lies below a key', async () => {
    await store().write('a/b/c', 'x');
    await store().delete(['a/b', 'a']);
    expect(await readText(store(), 'a/b/c')).toMatchObject({ text: 'x' });
  });
  it('keeps writes that meet deletes in the same folder', async () => {
    const pairs = Array.from({ length: 10 }, (_, n) => n);
    await Promise.all(pairs.map((n) => store().write(`d/e/old-${n}`, 'x')));
    await Promise.all(pairs.flatMap((n) => [store().delete([`d/e/old-${n}`]), store().write(`d/e/new-${n}`, 'y'), store().uploadFile(makeFile('z'), `d/e/up-${n}`)]));
    expect(await listAll(store(), 'd/')).toHaveLength(20);
  });
}

function describeKeys(store: () => ObjectStore): void {
  it.each(UNUSUAL_KEYS)('takes the key %j', async (key) => {
    await store().write(key, key);
    await store().uploadFile(makeFile('file'), `${key}.up`);
    expect(keysOf(await listAll(store(), ''))).toEqual([key, `${key}.up`]);
    expect(await readText(store(), key)).toMatchObject({ text: key });
    expect(await streamText(store(), `${key}.up`)).toBe('file');
    await store().delete([key, `${key}.up`]);
    expect(await listAll(store(), '')).toEqual([]);
  });
  it.each(REFUSED_KEYS)('refuses the key %j everywhere', async (key) => {
    const file = makeFile('x');
    await expect(store().head(key)).rejects.toThrow(RangeError);
    await expect(store().read(key)).rejects.toThrow(RangeError);
    await expect(store().write(key, 'x')).rejects.toThrow(RangeError);
    await expect(store().uploadFile(file, key)).rejects.toThrow(RangeError);
    await expect(store().openRead(key)).rejects.toThrow(RangeError);
    await expect(store().localPath(key, tempDir())).rejects.toThrow(RangeError);
    await expect(store().delete(['fine', key])).rejects.toThrow(RangeError);
    expect(() => store().uri(key)).toThrow(RangeError);
    expect(readFileSync(file, 'utf8')).toBe('x');
  });
  it('deletes nothing when one of the keys is refused', async () => {
    await store().write('fine', 'x');
    await expect(store().delete(['fine', '../other'])).rejects.toThrow(RangeError);
    expect(await store().head('fine')).toBeDefined();
  });
  it('names objects by different URIs', () => {
    expect(store().uri('a/b=1')).toMatch(/a\/b=1$/);
    expect(store().uri('a')).not.toBe(store().uri('b'));
  });
}

function makeFile(content: string): string {
  const file = path.join(tempDir(), 'file');
  writeFileSync(file, content);
  return file;
}

async function listAll(store: ObjectStore, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}

const keysOf = (objects: readonly StoredObject[]) => objects.map(({ key }) => key);

async function readText(store: ObjectStore, key: string): Promise<{ text: string; etag: string }> {
  const { body, etag } = present(await store.read(key));
  return { text: Buffer.from(body).toString(), etag };
}

const streamText = async (store: ObjectStore, key: string) => textOf(await store.openRead(key));

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function sha256Of(stream: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
