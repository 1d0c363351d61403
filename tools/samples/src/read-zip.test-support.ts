/** Reads a small zip whole, with another library than the one that wrote it. */
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

export interface ZipEntry {
  name: string;
  content: Buffer;
  /** As the entry's DOS fields say it, without a time zone. */
  dosTime: string;
}

/** The entries of a zip, in its order. */
export async function readZip(zipPath: string): Promise<ZipEntry[]> {
  const zip = await openPromise(zipPath);
  const entries: ZipEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry));
    entries.push({ name: entry.fileName, content, dosTime: readDosTime(entry.lastModFileDate, entry.lastModFileTime) });
  }
  return entries;
}

function readDosTime(date: number, time: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)}`;
  return `${day}T${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`;
}
