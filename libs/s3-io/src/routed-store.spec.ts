import type { ObjectStore } from '@inlet/pipeline';
import { describeObjectStoreContract, memoryStore, tempDir } from '@inlet/testing';
import fc from 'fast-check';
import { createRoutedStore } from './index';

describeObjectStoreContract('createRoutedStore', async () => ({
  store: createRoutedStore([{ prefix: 'raw/', store: memoryStore() }], memoryStore()),
  cleanup: async () => undefined,
}));
// Prefixes that the suite's own keys lie on both sides of, one inside the other.
describeObjectStoreContract('createRoutedStore over the keys of the suite', async () => ({
  store: createRoutedStore([{ prefix: 'a/', store: memoryStore() }, { prefix: 'a/b/', store: memoryStore() }, { prefix: 'd/e/', store: memoryStore() }], memoryStore()),
  cleanup: async () => undefined,
}));

describe('createRoutedStore', () => {
  let raw: ObjectStore;
  let lake: ObjectStore;
  let store: ObjectStore;
  beforeEach(() => {
    [raw, lake] = [memoryStore(), memoryStore()];
    store = createRoutedStore([{ prefix: 'raw/', store: raw }], lake);
  });

  it('puts keys below the prefix into its store, and all others into the other', async () => {
    for (const key of ['raw/a', 'raw', 'rawhide', 'bronze/raw/a']) await store.write(key, key);
    expect(await keysOf(raw, '')).toEqual(['raw/a']);
    expect(await keysOf(lake, '')).toEqual(['bronze/raw/a', 'raw', 'rawhide']);
    expect(await keysOf(store, '')).toEqual(['bronze/raw/a', 'raw', 'raw/a', 'rawhide']);
  });

  it('asks only the stores that can hold keys of a prefix', async () => {
    const asked: string[] = [];
    const watch = (name: string, watched: ObjectStore): ObjectStore =>
      new Proxy(watched, { get: (target, property) => (property === 'list' && asked.push(name), (target[property as keyof ObjectStore] as () => unknown).bind(target)) });
    const watching = createRoutedStore([{ prefix: 'raw/', store: watch('raw', raw) }], watch('lake', lake));
    for (const prefix of ['raw/', 'raw/nsde/', 'bronze/', 'ra']) {
      asked.length = 0;
      await keysOf(watching, prefix);
      expect([prefix, ...asked.sort()]).toEqual(prefix === 'ra' ? [prefix, 'lake', 'raw'] : [prefix, prefix.startsWith('raw/') ? 'raw' : 'lake']);
    }
  });

  it('lists nothing that no key leads to: objects that lie in the wrong store', async () => {
    await lake.write('raw/stray', 'x');
    await raw.write('silver/stray', 'x');
    expect(await keysOf(store, '')).toEqual([]);
    expect(await store.head('raw/stray')).toBeUndefined();
  });

  it('lets the longest prefix decide, in whatever order they are given', async () => {
    const inner = memoryStore();
    const nested = createRoutedStore([{ prefix: 'raw/', store: raw }, { prefix: 'raw/secret/', store: inner }], lake);
    for (const key of ['raw/a', 'raw/secret/b', 'raw/z', 'c']) await nested.write(key, key);
    expect([await keysOf(raw, ''), await keysOf(inner, ''), await keysOf(lake, '')]).toEqual([['raw/a', 'raw/z'], ['raw/secret/b'], ['c']]);
    expect(await keysOf(nested, 'raw/')).toEqual(['raw/a', 'raw/secret/b', 'raw/z']);
  });

  it('deletes from both stores at once, and from neither when one key is refused', async () => {
    for (const key of ['raw/a', 'b', 'c']) await store.write(key, key);
    await expect(store.delete(['raw/a', 'b', '../c'])).rejects.toThrow(RangeError);
    expect(await keysOf(store, '')).toEqual(['b', 'c', 'raw/a']);
    await store.delete(['raw/a', 'b']);
    expect(await keysOf(store, '')).toEqual(['c']);
  });

  it('closes every list when it is left halfway, or when one of them breaks off', async () => {
    const closed: string[] = [];
    const listing = (name: string, keys: string[], fault?: Error): ObjectStore => ({
      ...lake,
      async *list() {
        try {
          for (const key of keys) yield { key, sizeBytes: 0, etag: '', lastModified: new Date(0) };
          if (fault) throw fault;
        } finally {
          closed.push(name);
        }
      },
    });
    const halfway = createRoutedStore([{ prefix: 'raw/', store: listing('raw', ['raw/a', 'raw/b']) }], listing('lake', ['b', 'c']));
    for await (const { key } of halfway.list('')) if (key === 'b') break;
    expect(closed.sort()).toEqual(['lake', 'raw']);
    closed.length = 0;
    const broken = createRoutedStore([{ prefix: 'raw/', store: listing('raw', ['raw/a'], new Error('no more')) }], listing('lake', ['b', 'z']));
    await expect(keysOf(broken, '')).rejects.toThrow('no more');
    expect(closed.sort()).toEqual(['lake', 'raw']);
  });

  it('is to its user what one store is, whatever the keys', async () => {
    const segment = fc.constantFrom('a', 'b', 'a-', 'a0', 'é', '\u{e000}', '\u{1f9ea}');
    const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 3 }), fc.array(key, { maxLength: 20 }), key, async (folders, keys, prefix) => {
        const one = memoryStore();
        const many = createRoutedStore(folders.map((folder) => ({ prefix: `${folder}/`, store: memoryStore() })), memoryStore());
        for (const name of keys) await Promise.all([one, many].map((target) => target.write(name, name)));
        for (const start of ['', prefix, `${prefix}/`]) expect(await keysOf(many, start)).toEqual(await keysOf(one, start));
        await Promise.all([one, many].map((target) => target.delete(keys.slice(0, 5))));
        expect(await keysOf(many, '')).toEqual(await keysOf(one, ''));
      }),
    );
  });

  it.each([[['raw']], [['']], [['/']], [['a//']], [['raw/', 'raw/']]])('refuses the prefixes %j', (prefixes) => {
    expect(() => createRoutedStore(prefixes.map((prefix) => ({ prefix, store: raw })), lake)).toThrow(RangeError);
  });

  it('gives local paths of both stores in one scratch folder', async () => {
    const scratch = tempDir();
    await store.write('raw/x.txt', 'one');
    await store.write('x.txt', 'two');
    expect(await store.localPath('raw/x.txt', scratch)).not.toBe(await store.localPath('x.txt', scratch));
  });
});

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}
