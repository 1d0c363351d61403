/** One lake over several stores: keys below a prefix lie in a store of their own, such as a bucket with other rules of retention. */
import type { Readable } from 'node:stream';
import { checkKey, checkPrefix, compareKeys } from '@inlet/local-io';
import type { ObjectStore, StoredObject, WriteCondition } from '@inlet/pipeline';

export interface StoreRoute {
  /** Ends in `/`: `raw/`. */
  prefix: string;
  store: ObjectStore;
}

/**
 * Keys are the same in every store. The longest prefix that a key begins with decides; keys that no prefix begins lie in `otherwise`. What
 * lies in a store below a prefix that is routed elsewhere is not of this lake, and is not listed. Throws RangeError for a prefix that does not
 * end in `/` or is given twice.
 */
export function createRoutedStore(routes: readonly StoreRoute[], otherwise: ObjectStore): ObjectStore {
  return new RoutedStore(routes, otherwise);
}

class RoutedStore implements ObjectStore {
  /** Longest prefix first; the last one begins every key. */
  readonly #routes: readonly StoreRoute[];

  constructor(routes: readonly StoreRoute[], otherwise: ObjectStore) {
    routes.forEach(({ prefix }) => requireFolder(prefix));
    if (new Set(routes.map(({ prefix }) => prefix)).size < routes.length) throw new RangeError(`Two stores for one prefix: ${routes.map(({ prefix }) => prefix).join(', ')}`);
    this.#routes = [...routes].sort((a, b) => b.prefix.length - a.prefix.length).concat({ prefix: '', store: otherwise });
  }

  async head(key: string): Promise<StoredObject | undefined> {
    return this.#storeOf(key).head(key);
  }

  async read(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    return this.#storeOf(key).read(key);
  }

  async write(key: string, body: string | Uint8Array, condition?: WriteCondition): Promise<{ etag: string }> {
    return this.#storeOf(key).write(key, body, condition);
  }

  async uploadFile(path: string, key: string): Promise<{ sizeBytes: number }> {
    return this.#storeOf(key).uploadFile(path, key);
  }

  async openRead(key: string): Promise<Readable> {
    return this.#storeOf(key).openRead(key);
  }

  async localPath(key: string, scratchDir: string): Promise<string> {
    return this.#storeOf(key).localPath(key, scratchDir);
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    checkPrefix(prefix);
    const home = this.#routeOf(prefix);
    const below = this.#routes.filter((route) => route !== home && route.prefix.startsWith(prefix));
    const parts = [this.#listPart(home, prefix), ...below.map((route) => this.#listPart(route, route.prefix))];
    yield* mergeByKey(parts);
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    const byStore = Map.groupBy(keys, (key) => this.#storeOf(key));
    for (const [store, own] of byStore) await store.delete(own);
  }

  uri(key: string): string {
    return this.#storeOf(key).uri(key);
  }

  #storeOf(key: string): ObjectStore {
    return this.#routeOf(key).store;
  }

  #routeOf(key: string): StoreRoute {
    const route = this.#routes.find(({ prefix }) => key.startsWith(prefix));
    if (route === undefined) throw new RangeError(`No store for ${key}`);
    return route;
  }

  async *#listPart(route: StoreRoute, prefix: string): AsyncGenerator<StoredObject> {
    for await (const object of route.store.list(prefix)) if (this.#routeOf(object.key) === route) yield object;
  }
}

/** Lists that are each in key order, as one; holds one object of each. */
async function* mergeByKey(parts: readonly AsyncGenerator<StoredObject>[]): AsyncGenerator<StoredObject> {
  try {
    const heads = await Promise.all(parts.map(async (part) => ({ part, next: await part.next() })));
    for (;;) {
      const waiting = heads.flatMap((head) => (head.next.done === true ? [] : [{ head, object: head.next.value }]));
      const [first, ...others] = waiting;
      if (first === undefined) return;
      const least = others.reduce((best, other) => (compareKeys(other.object.key, best.object.key) < 0 ? other : best), first);
      yield least.object;
      least.head.next = await least.head.part.next();
    }
  } finally {
    await Promise.all(parts.map((part) => part.return(undefined)));
  }
}

function requireFolder(prefix: string): void {
  if (!prefix.endsWith('/')) throw new RangeError(`${JSON.stringify(prefix)} is no folder of the lake: it does not end in /`);
  checkPrefix(prefix);
}
