/** The file that a download is building up over one or several connections, and the hash that grows with it. */
import { createHash, type Hash } from 'node:crypto';
import { access, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { PermanentError } from '@inlet/errors';
import { HTML_HEAD_BYTES } from './html-check';
import type { FileFacts } from './response-facts';

const WRITE_BYTES = 1 << 20;
const MAX_SAME_NAMES = 1000;

/** Bytes wait until there is 1 MiB of them; what has been appended counts as received whether or not it is on disk yet. */
export class PartialDownload {
  receivedBytes = 0;
  /** The first bytes, for a look at what kind of file this is. */
  head: Buffer = Buffer.alloc(0);
  /** Undefined until a 200 response has described the file. */
  facts?: FileFacts;
  #hash: Hash = createHash('sha256');
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writtenBytes = 0;

  private constructor(
    private readonly handle: FileHandle,
    private readonly finalPath: string,
    private readonly partPath: string,
  ) {}

  /** Takes `<folder>/<fileName>.part`, or a numbered neighbour where another download already has that name. */
  static async create(folder: string, fileName: string): Promise<PartialDownload> {
    await onDisk(folder, () => mkdir(folder, { recursive: true }));
    for (let number = 1; number <= MAX_SAME_NAMES; number += 1) {
      const finalPath = path.join(folder, number === 1 ? fileName : `${number}-${fileName}`);
      const partPath = `${finalPath}.part`;
      const handle = await onDisk(partPath, () => openNew(partPath));
      if (!handle) continue;
      if (!(await exists(finalPath))) return new PartialDownload(handle, finalPath, partPath);
      await handle.close();
      await rm(partPath);
    }
    throw new PermanentError({ what: 'The download has nowhere to go', where: folder, found: `${MAX_SAME_NAMES} files named ${fileName}` });
  }

  /** Forgets what came so far, and begins the file that `facts` describes. */
  async restart(facts?: FileFacts): Promise<void> {
    this.receivedBytes = 0;
    this.head = Buffer.alloc(0);
    this.facts = facts;
    this.#hash = createHash('sha256');
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#writtenBytes = 0;
    await onDisk(this.partPath, () => this.handle.truncate(0));
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    if (this.head.length < HTML_HEAD_BYTES) this.head = Buffer.concat([this.head, chunk.subarray(0, HTML_HEAD_BYTES - this.head.length)]);
    this.receivedBytes += chunk.length;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= WRITE_BYTES) await this.#write();
  }

  /** Moves the file to its final name. */
  async finish(): Promise<{ path: string; sha256: string; sizeBytes: number }> {
    await this.#write();
    await this.handle.close();
    await onDisk(this.partPath, () => rename(this.partPath, this.finalPath));
    return { path: this.finalPath, sha256: this.#hash.digest('hex'), sizeBytes: this.receivedBytes };
  }

  /** Removes what there is. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.partPath, { force: true });
  }

  async #write(): Promise<void> {
    const buffer = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    for (let offset = 0; offset < buffer.length; ) {
      const { bytesWritten } = await onDisk(this.partPath, () => this.handle.write(buffer, offset, buffer.length - offset, this.#writtenBytes));
      offset += bytesWritten;
      this.#writtenBytes += bytesWritten;
    }
  }
}

async function onDisk<T>(where: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code;
    throw new PermanentError({ what: 'The download cannot be written', where, found, next: 'Check that the disk has room and the folder may be written.', cause });
  }
}

async function openNew(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
