/** The file that a member becomes: one write under way while the next chunk is prepared. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { PermanentError } from '@inlet/errors';

export class TextFile {
  #underWay: Promise<void> = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Replaces what was there. */
  static async create(path: string): Promise<TextFile> {
    return new TextFile(path, await onDisk(path, () => open(path, 'w')));
  }

  /** Resolves once the write before this one is done. The chunk must not change any more. */
  async write(chunk: Buffer): Promise<void> {
    await this.#underWay;
    this.#underWay = onDisk(this.path, () => this.#writeAll(chunk));
    // Its failure is reported by the next write or by close; until then it is no unhandled rejection.
    this.#underWay.catch(() => undefined);
  }

  async close(): Promise<void> {
    try {
      await this.#underWay;
    } finally {
      await this.handle.close();
    }
  }

  /** Removes the file. */
  async discard(): Promise<void> {
    await this.close().catch(() => undefined);
    await rm(this.path, { force: true });
  }

  async #writeAll(chunk: Buffer): Promise<void> {
    for (let offset = 0; offset < chunk.length; ) {
      offset += (await this.handle.write(chunk, offset, chunk.length - offset)).bytesWritten;
    }
  }
}

async function onDisk<T>(where: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code;
    throw new PermanentError({ what: 'The expanded text cannot be written', where, found, next: 'Check that the disk has room and the folder may be written.', cause });
  }
}
