/** The plainest quick way from a zip to its file: the raw deflate stream through zlib with large chunks, the same technique as Inlet's. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, type ZlibOptions } from 'node:zlib';
import { openPromise } from 'yauzl';

const CHUNK_BYTES = 1 << 20;

/** Writes the zip's first member to `target`; its name. Checks nothing. */
export async function unzipFirstMember(zipPath: string, target: string): Promise<string> {
  const zip = await openPromise(zipPath, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const compressed = await zip.openReadStreamPromise(entry, { decodeFileData: false });
      const options: ZlibOptions & { readableHighWaterMark: number } = { chunkSize: CHUNK_BYTES, readableHighWaterMark: 2 * CHUNK_BYTES };
      await pipeline(compressed, createInflateRaw(options), createWriteStream(target));
      return entry.fileName;
    }
  } finally {
    zip.close();
  }
  throw new RangeError(`${zipPath} is empty`);
}
