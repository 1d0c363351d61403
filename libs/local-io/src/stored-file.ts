/** What is known of one file of the lake, and the few file-system steps that must be durable or atomic. */
import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, rmdirSync, type BigIntStats } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { isAbsent, systemErrorCode } from './storage-error';

/**
 * Up to this size a version is named by its content, so that no clock or reused inode can make two versions look like one. Conditions
 * are for documents, which stay far below it.
 */
export const CONTENT_ETAG_MAX_BYTES = 16 * 1024 * 1024;

export interface StoredFile {
  sizeBytes: number;
  etag: string;
  lastModified: Date;
}

export function contentEtag(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Of a file too big to read for its version: files of the lake are replaced, never rewritten, so another version is another inode or time. */
export function statEtag(stats: BigIntStats): string {
  return `${stats.size}-${stats.mtimeNs}-${stats.ino}`;
}

/** undefined when there is no such file; a folder is none. */
export function inspectFile(file: string): StoredFile | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) return undefined;
    const etag = stats.size <= CONTENT_ETAG_MAX_BYTES ? contentEtag(readFileSync(descriptor)) : statEtag(stats);
    return { sizeBytes: Number(stats.size), etag, lastModified: stats.mtime };
  } finally {
    closeSync(descriptor);
  }
}

/** A new name in `folder`, which is made if need be. */
export async function chooseTempFile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return path.join(folder, `${process.pid}-${randomUUID()}`);
}

/** Writes a new file, waits until the disk has it, and returns its version, which stays the same when the file is moved. */
export async function writeDurably(file: string, body: Uint8Array): Promise<string> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(body);
    await handle.sync();
    return body.length <= CONTENT_ETAG_MAX_BYTES ? contentEtag(body) : statEtag(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

/** Waits until the disk has what was written to a file, or the names in a folder. */
export async function syncToDisk(fileOrFolder: string): Promise<void> {
  const handle = await open(fileOrFolder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As syncToDisk, for the folders from a file up to `root`; one that is gone, or that this system cannot sync, is passed over. */
export async function syncFoldersAbove(file: string, root: string): Promise<void> {
  for (const folder of foldersAbove(file, root)) {
    try {
      await syncToDisk(folder);
    } catch (error) {
      if (!UNSYNCABLE.has(systemErrorCode(error) ?? '')) throw error;
    }
  }
}

/** Windows answers EPERM or EISDIR when a folder is opened to be synced. */
const UNSYNCABLE = new Set(['ENOENT', 'ENOTDIR', 'EPERM', 'EISDIR', 'EINVAL', 'EACCES']);

/** Puts a file where `target` is, making the folders above; readers see what was there before or the new file. */
export function moveIntoPlace(file: string, target: string): void {
  mkdirSync(path.dirname(target), { recursive: true });
  renameSync(file, target);
}

/** Removes the folders above a deleted file, as far as they are empty, but never `root`. */
export function removeEmptyFoldersAbove(file: string, root: string): void {
  for (const folder of foldersAbove(file, root)) {
    if (folder === root) return;
    try {
      rmdirSync(folder);
    } catch (error) {
      if (!isAbsent(error)) return;
    }
  }
}

function foldersAbove(file: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = path.dirname(file); folder.length >= root.length; folder = path.dirname(folder)) {
    folders.push(folder);
    if (folder === path.dirname(folder)) break;
  }
  return folders;
}
