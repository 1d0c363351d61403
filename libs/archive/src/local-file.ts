/** One handle on the archive for everything that is read of it, in large pieces. */
import { open, type FileHandle } from 'node:fs/promises';
import { PermanentError } from '@inlet/errors';

const READ_BYTES = 1 << 20;

export interface LocalFile {
  path: string;
  handle: FileHandle;
  sizeBytes: number;
}

export async function openLocalFile(path: string): Promise<LocalFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new PermanentError({ what: 'The file cannot be opened', where: path, found: (cause as NodeJS.ErrnoException).code, cause });
  }
  try {
    return { path, handle, sizeBytes: (await handle.stat()).size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Bytes from `start`, in chunks of at most 1 MiB, each a buffer of its own. Ends early where the file does. */
export async function* readRange({ handle }: LocalFile, { start, length }: { start: number; length: number }): AsyncGenerator<Buffer, void, void> {
  for (let offset = 0; offset < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, length - offset));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start + offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The first bytes of the file. */
export async function readHead(file: LocalFile, length: number): Promise<Buffer> {
  for await (const chunk of readRange(file, { start: 0, length })) return chunk;
  return Buffer.alloc(0);
}
