/** Writes sample zips whose bytes depend on nothing but what is asked for. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface SampleMember {
  name: string;
  /** The member's bytes, asked for when its turn has come, so that one chunk at a time is in memory. */
  content: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export interface SampleZipOptions {
  /** Time of every member, read as UTC and kept to two seconds, as the format does. @default 2026-01-15T12:00:00Z */
  mtime?: Date;
  /** 0 (stored) to 9. Another level gives other bytes for the same members. @default 6 */
  compressionLevel?: number;
}

const CHUNK_BYTES = 1 << 20;
const SAMPLE_TIME = new Date('2026-01-15T12:00:00Z');

/**
 * Writes the members, in the order given, as a zip at `zipPath`; the file appears whole or not at all. Re-zipping the same members with another time, order or
 * compression level gives another file with the same content.
 */
export async function writeSampleZip(zipPath: string, members: readonly SampleMember[], options: SampleZipOptions = {}): Promise<void> {
  const { mtime = SAMPLE_TIME, compressionLevel = 6 } = options;
  const partPath = `${zipPath}.part`;
  await mkdir(path.dirname(zipPath), { recursive: true });
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  // The zip's output knows nothing of its own failures and its members'; ending it with their error ends the pipeline.
  const fail = (error: Error) => output.destroy(error);
  zip.on('error', fail);
  for (const { name, content } of members) {
    const memberOptions = { mtime: asLocalTime(mtime), forceDosTimestamp: true, compressionLevel, compress: compressionLevel > 0, mode: 0o100644 };
    zip.addReadStreamLazy(name, memberOptions, (done) => {
      done(null, Readable.from(content(), { objectMode: false, highWaterMark: CHUNK_BYTES }).on('error', fail));
    });
  }
  zip.end();
  try {
    await pipeline(output, createWriteStream(partPath));
    await rename(partPath, zipPath);
  } catch (error) {
    await rm(partPath, { force: true });
    throw error;
  }
}

/** A zip's DOS times are local ones; this is the date whose local reading is `utc`'s UTC reading, so that every time zone writes the same bytes. */
function asLocalTime(utc: Date): Date {
  return new Date(utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate(), utc.getUTCHours(), utc.getUTCMinutes(), utc.getUTCSeconds());
}
