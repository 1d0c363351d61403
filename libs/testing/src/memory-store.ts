/** An ObjectStore in memory, for tests of what stands on the port. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { PermanentError, PreconditionFailedError } from '@inlet/errors';
import type { ObjectStore, StoredObject, WriteCondition } from '@inlet/pipeline';

interface MemoryObject {
  body: Buffer;
  etag: string;
  lastModified: Date;
}

const STREAM_CHUNK_BYTES = 64 * 1024;

/** Passes the contract suite of the port. Objects live as long as the store. */
export function memoryStore(): ObjectStore {
  return new MemoryStore();
}

class MemoryStore implements ObjectStore {
  readonly #objects = new Map<string, MemoryObject>();

  async head(key: string): Promise<StoredObject | undefined> {
    const found = this.#find(key);
    return found && describe(key, found);
  }

  async read(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const found = this.#find(key);
    return found && { body: Buffer.from(found.body), etag: found.etag };
  }

  async write(key: string, body: string | Uint8Array, condition?: WriteCondition): Promise<{ etag: string }> {
    const found = this.#find(key);
    if (condition !== undefined) requireCondition(key, condition, found?.etag);
    return this.#put(key, Buffer.from(body));
  }

  async uploadFile(file: string, key: string): Promise<{ sizeBytes: number }> {
    this.#find(key);
    const body = await readFile(file).catch((cause: unknown) => {
      throw new PermanentError({ what: 'The file cannot be put into the lake', where: file, cause });
    });
    this.#put(key, body);
    return { sizeBytes: body.length };
  }

  async openRead(key: string): Promise<Readable> {
    return Readable.from(chunksOf(this.#require(key).body), { objectMode: false });
  }

  async localPath(key: string, scratchDir: string): Promise<string> {
    const { body, etag } = this.#require(key);
    const file = path.join(scratchDir, etag, path.posix.basename(key));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, body);
    return file;
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    if (prefix !== '') requireKey(prefix.replace(/\/$/, ''));
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
      const found = this.#objects.get(key);
      if (found !== undefined) yield describe(key, found);
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(requireKey);
    for (const key of keys) this.#objects.delete(key);
  }

  uri(key: string): string {
    requireKey(key);
    return `memory://lake/${key}`;
  }

  #find(key: string): MemoryObject | undefined {
    requireKey(key);
    return this.#objects.get(key);
  }

  #require(key: string): MemoryObject {
    const found = this.#find(key);
    if (found === undefined) throw new PermanentError({ what: 'The lake has no such object', where: key });
    return found;
  }

  #put(key: string, body: Buffer): { etag: string } {
    const etag = createHash('sha256').update(body).digest('hex');
    this.#objects.set(key, { body, etag, lastModified: new Date() });
    return { etag };
  }
}

function describe(key: string, { body, etag, lastModified }: MemoryObject): StoredObject {
  return { key, sizeBytes: body.length, etag, lastModified };
}

function requireCondition(key: string, condition: WriteCondition, etag: string | undefined): void {
  if ('ifAbsent' in condition ? etag === undefined : etag === condition.ifMatch) return;
  throw new PreconditionFailedError({ what: 'The object has changed since it was read', where: key, found: etag ?? 'no object' });
}

function requireKey(key: string): void {
  const isRefused = key.split('/').some((segment) => ['', '.', '..'].includes(segment) || segment.includes('\\') || segment.includes(String.fromCharCode(0)));
  if (isRefused || /^[A-Za-z]:\//.test(key) || !key.isWellFormed()) throw new RangeError(`${JSON.stringify(key)} is no key of the lake`);
}

function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += STREAM_CHUNK_BYTES) yield body.subarray(start, start + STREAM_CHUNK_BYTES);
}
