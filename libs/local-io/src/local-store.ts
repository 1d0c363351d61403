/** The lake in a folder of this machine: keys are paths below it, and every change becomes visible by one rename under one lock. */
import { constants, unlinkSync } from 'node:fs';
import { copyFile, lstat, open, readdir, rm } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { PermanentError, PreconditionFailedError } from '@inlet/errors';
import type { ObjectStore, StoredObject, WriteCondition } from '@inlet/pipeline';
import { createLock } from './lake-lock';
import { checkKey, checkPrefix, compareKeys } from './object-key';
import type { SqliteFile } from './sqlite-file';
import { describeStorageError, isAbsent, systemErrorCode } from './storage-error';
import {
  chooseTempFile,
  CONTENT_ETAG_MAX_BYTES,
  contentEtag,
  inspectFile,
  moveIntoPlace,
  removeEmptyFoldersAbove,
  statEtag,
  syncFoldersAbove,
  syncToDisk,
  writeDurably,
} from './stored-file';
import { TEMP_FOLDER, writesFolder } from './temp-folder';

const DELETE_BATCH = 200;

/**
 * Nothing is created before the first write. Keys below `tmp/` are refused with a RangeError: that folder is the store's own.
 * Object versions (etags) are SHA-256 for objects up to 16 MiB.
 */
export function createLocalStore(options: { root: string }): ObjectStore {
  return new LocalStore(path.resolve(options.root));
}

class LocalStore implements ObjectStore {
  readonly #root: string;
  readonly #lock: SqliteFile;

  constructor(root: string) {
    this.#root = root;
    this.#lock = createLock(root);
  }

  async head(key: string): Promise<StoredObject | undefined> {
    const file = this.#fileOf(key);
    const found = attempt(() => inspectFile(file), 'The object cannot be read', file);
    return found && { key, ...found };
  }

  async read(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const handle = await this.#openFile(key);
    if (handle === undefined) return undefined;
    try {
      const body = await handle.readFile();
      const isSmall = body.length <= CONTENT_ETAG_MAX_BYTES;
      return { body, etag: isSmall ? contentEtag(body) : statEtag(await handle.stat({ bigint: true })) };
    } finally {
      await handle.close();
    }
  }

  async write(key: string, body: string | Uint8Array, condition?: WriteCondition): Promise<{ etag: string }> {
    const target = this.#fileOf(key);
    try {
      const temp = await chooseTempFile(writesFolder(this.#root));
      try {
        const etag = await writeDurably(temp, typeof body === 'string' ? Buffer.from(body) : body);
        await this.#lock.exclusively(() => {
          if (condition !== undefined) requireCondition(key, condition, inspectFile(target)?.etag);
          moveIntoPlace(temp, target);
        });
        await syncFoldersAbove(target, this.#root);
        return { etag };
      } finally {
        await rm(temp, { force: true });
      }
    } catch (error) {
      throw describeStorageError(error, 'The object cannot be written', target);
    }
  }

  async uploadFile(file: string, key: string): Promise<{ sizeBytes: number }> {
    const target = this.#fileOf(key);
    try {
      const stats = await lstat(file);
      const sizeBytes = stats.isSymbolicLink() ? await this.#copyIn(file, target) : await this.#moveIn(file, target, stats.size);
      await syncFoldersAbove(target, this.#root);
      return { sizeBytes };
    } catch (error) {
      throw describeStorageError(error, `The file ${file} cannot be put into the lake`, target);
    }
  }

  async openRead(key: string): Promise<Readable> {
    const handle = await this.#openFile(key);
    if (handle === undefined) throw describeMissing(key, this.uri(key));
    return handle.createReadStream({ highWaterMark: 1 << 20 });
  }

  async localPath(key: string): Promise<string> {
    const handle = await this.#openFile(key);
    if (handle === undefined) throw describeMissing(key, this.uri(key));
    await handle.close();
    return this.#fileOf(key);
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    checkPrefix(prefix);
    if (prefix.startsWith(`${TEMP_FOLDER}/`)) return;
    yield* this.#walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
  }

  async delete(keys: readonly string[]): Promise<void> {
    const files = keys.map((key) => this.#fileOf(key));
    for (let start = 0; start < files.length; start += DELETE_BATCH) {
      const batch = files.slice(start, start + DELETE_BATCH);
      await this.#lock.exclusively(() => batch.forEach((file) => this.#deleteFile(file)));
    }
  }

  uri(key: string): string {
    return this.#fileOf(key);
  }

  #fileOf(key: string): string {
    checkKey(key);
    if (key === TEMP_FOLDER || key.startsWith(`${TEMP_FOLDER}/`)) throw new RangeError(`${JSON.stringify(key)} is no key of the lake: tmp/ is for scratch files`);
    return path.join(this.#root, ...key.split('/'));
  }

  async #openFile(key: string) {
    const file = this.#fileOf(key);
    try {
      const handle = await open(file, 'r');
      if ((await handle.stat()).isFile()) return handle;
      await handle.close();
    } catch (error) {
      if (!isAbsent(error)) throw describeStorageError(error, 'The object cannot be read', file);
    }
    return undefined;
  }

  async #moveIn(file: string, target: string, sizeBytes: number): Promise<number> {
    await syncToDisk(file);
    try {
      await this.#lock.exclusively(() => moveIntoPlace(file, target));
      return sizeBytes;
    } catch (error) {
      if (systemErrorCode(error) === 'EXDEV') return this.#copyIn(file, target);
      throw error;
    }
  }

  /** For files of another disk, and what a symbolic link points to: a rename would move the link. */
  async #copyIn(file: string, target: string): Promise<number> {
    const temp = await chooseTempFile(writesFolder(this.#root));
    try {
      await copyFile(file, temp, constants.COPYFILE_FICLONE);
      const { size } = await lstat(temp);
      return await this.#moveIn(temp, target, size);
    } finally {
      await rm(temp, { force: true });
    }
  }

  #deleteFile(file: string): void {
    try {
      unlinkSync(file);
    } catch (error) {
      if (!isAbsent(error) && inspectFile(file) !== undefined) throw describeStorageError(error, 'The object cannot be deleted', file);
      return;
    }
    removeEmptyFoldersAbove(file, this.#root);
  }

  /** Folders sort as their name with a `/`, which makes the walk's order the order of keys. */
  async *#walk(folderKey: string, prefix: string): AsyncGenerator<StoredObject> {
    for (const entry of await this.#readFolder(folderKey)) {
      const key = folderKey + entry;
      if (key.endsWith('/')) {
        if (key !== `${TEMP_FOLDER}/` && (key.startsWith(prefix) || prefix.startsWith(key))) yield* this.#walk(key, prefix);
      } else if (key.startsWith(prefix)) {
        const found = await describeListed(key, path.join(this.#root, key));
        if (found !== undefined) yield found;
      }
    }
  }

  async #readFolder(folderKey: string): Promise<string[]> {
    const folder = path.join(this.#root, folderKey);
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.map(nameInOrder).filter((name) => name !== undefined).sort(compareKeys);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw describeStorageError(error, 'The folder cannot be read', folder);
    }
  }
}

function nameInOrder(entry: Dirent): string | undefined {
  if (entry.isDirectory()) return `${entry.name}/`;
  return entry.isFile() ? entry.name : undefined;
}

/** The version is worked out when asked for: it may mean reading the file, and most who list want names and sizes. */
async function describeListed(key: string, file: string): Promise<StoredObject | undefined> {
  try {
    const stats = await lstat(file);
    return {
      key,
      sizeBytes: stats.size,
      lastModified: stats.mtime,
      get etag() {
        return inspectFile(file)?.etag ?? 'deleted';
      },
    };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw describeStorageError(error, 'The object cannot be read', file);
  }
}

function requireCondition(key: string, condition: WriteCondition, etag: string | undefined): void {
  if ('ifAbsent' in condition ? etag === undefined : etag === condition.ifMatch) return;
  throw new PreconditionFailedError({
    what: 'The object has changed since it was read',
    where: key,
    expected: 'ifAbsent' in condition ? 'no object' : `version ${condition.ifMatch}`,
    found: etag === undefined ? 'no object' : `version ${etag}`,
  });
}

function describeMissing(key: string, uri: string): PermanentError {
  return new PermanentError({ what: 'The lake has no such object', where: key, expected: `a file at ${uri}`, found: 'none' });
}

function attempt<T>(work: () => T, what: string, where: string): T {
  try {
    return work();
  } catch (error) {
    throw describeStorageError(error, what, where);
  }
}
