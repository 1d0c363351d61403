/** Zips, read strictly: what central directory and local headers disagree on, or what a reader cannot prove, is refused rather than guessed. */
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { InletError, UnsafeEntryPathError, UnsupportedFormatError } from '@inlet/errors';
import type { ArchiveLimits } from '@inlet/pipeline';
import { fromRandomAccessReaderPromise, getFileNameLowLevel, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { corruptError } from './archive-errors';
import { checkMemberCount } from './archive-limits';
import { checkEntryPath } from './entry-path';
import type { OpenMember } from './expand-members';
import { readRange, type LocalFile } from './local-file';

const STORED = 0;
const DEFLATED = 8;
/** Large chunks: with zlib's default of 16 kB, a 68 MB member takes more than twice as long. */
const MAX_INFLATE_CHUNK_BYTES = 1 << 20;
const MIN_INFLATE_CHUNK_BYTES = 1 << 12;
const UTF8_FLAG = 0x800;
const ENCRYPTED_FLAGS = 0x2041;
const FILE_TYPE_MASK = 0o170000;
const SYMLINK = 0o120000;
/** What may follow the last entry: the end record, plain or zip64, or a digital signature. */
const AFTER_DIRECTORY = new Set([0x06054b50, 0x06064b50, 0x05054b50]);

/** yauzl's way to the file's bytes: bounds are checked here, because a damaged offset must become an error and not an exception in a callback. */
class HandleReader extends RandomAccessReader {
  constructor(private readonly file: LocalFile) {
    super();
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null, bytesRead?: number) => void): void {
    if (!Number.isSafeInteger(position) || position < 0 || position + length > this.file.sizeBytes) {
      callback(new Error('an offset beyond the end of the file'));
      return;
    }
    this.file.handle.read(buffer, offset, length, position).then(
      ({ bytesRead }) => callback(null, bytesRead),
      (error: Error) => callback(error),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readRange(this.file, { start, length: end - start }));
  }

  /** The handle belongs to whoever opened it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

/** The zip's members in archive order, directories left out. */
export async function openZip(file: LocalFile, fileName: string, limits: ArchiveLimits): Promise<OpenMember[]> {
  const found = new Map<string, OpenMember>();
  try {
    const zip = await fromRandomAccessReaderPromise(new HandleReader(file), file.sizeBytes, { decodeStrings: false, autoClose: false });
    checkMemberCount(zip.entryCount, limits, fileName);
    for await (const entry of zip.eachEntry()) {
      const name = readName(entry);
      checkEntryPath(name, fileName);
      checkKind(entry, name, fileName);
      if (name.endsWith('/')) continue;
      if (found.has(name)) throw corruptError(fileName, `two members named ${JSON.stringify(name)}`);
      found.set(name, { name, sizeBytes: entry.uncompressedSize, crc32: entry.crc32, open: () => openEntry({ zip, file, fileName, name }, entry) });
    }
    await checkDirectoryEnd(zip, file, fileName);
  } catch (error) {
    throw error instanceof InletError ? error : translateError(error, fileName);
  }
  if (found.size === 0) throw corruptError(fileName, 'no member that is a file');
  return [...found.values()];
}

/** yauzl leaves names as bytes here, so that unsafe ones become this project's error. */
function readName(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

function checkKind(entry: Entry, name: string, fileName: string): void {
  const where = `${fileName}: ${name}`;
  if ((entry.generalPurposeBitFlag & ENCRYPTED_FLAGS) !== 0) {
    throw new UnsupportedFormatError({ what: 'The archive has an encrypted member', where, next: 'Ask the publisher for it without a password.' });
  }
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) === SYMLINK) {
    throw new UnsafeEntryPathError({ what: 'The archive has a symbolic link', where, expected: 'files only', next: 'Do not unpack it by hand; ask the publisher what it is.' });
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    const found = `method ${entry.compressionMethod}`;
    throw new UnsupportedFormatError({ what: 'The archive is compressed in a way that Inlet does not read', where, expected: 'stored or deflated members', found, next: 'Repack it with an ordinary zip program.' });
  }
}

/** An entry count that is too low would hide members; then another entry stands where the directory should end. */
async function checkDirectoryEnd(zip: ZipFile, file: LocalFile, fileName: string): Promise<void> {
  const signature = Buffer.alloc(4);
  // A byte offset, whatever the published types say.
  await file.handle.read(signature, 0, 4, Number(zip.readEntryCursor));
  if (!AFTER_DIRECTORY.has(signature.readUInt32LE(0))) throw corruptError(fileName, `more than the ${zip.entryCount} members that it counts`);
}

interface EntryPlace {
  zip: ZipFile;
  file: LocalFile;
  fileName: string;
  name: string;
}

/** The entry's content, inflated where it is deflated. */
async function openEntry({ zip, file, fileName, name }: EntryPlace, entry: Entry): Promise<AsyncIterable<Buffer>> {
  const where = `${fileName}: ${name}`;
  let start: number;
  try {
    const header = await zip.readLocalFileHeaderPromise(entry);
    const agrees =
      header.fileName.equals(entry.fileNameRaw) &&
      header.compressionMethod === entry.compressionMethod &&
      (header.generalPurposeBitFlag & UTF8_FLAG) === (entry.generalPurposeBitFlag & UTF8_FLAG);
    if (!agrees) throw corruptError(where, 'a member whose two headers disagree');
    start = header.fileDataStart;
  } catch (error) {
    throw error instanceof InletError ? error : translateError(error, where);
  }
  const compressed = readRange(file, { start, length: entry.compressedSize });
  return entry.compressionMethod === STORED ? compressed : inflate(compressed, entry.uncompressedSize, where);
}

async function* inflate(compressed: AsyncIterable<Buffer>, sizeBytes: number, where: string): AsyncGenerator<Buffer, void, void> {
  const source = Readable.from(compressed, { objectMode: true, highWaterMark: 2 });
  // Two chunks ahead of the reader, so that inflating (on zlib's thread) and hashing (on this one) go on side by side.
  const chunkSize = Math.min(MAX_INFLATE_CHUNK_BYTES, Math.max(MIN_INFLATE_CHUNK_BYTES, sizeBytes + 1));
  const inflated = createInflateRaw({ chunkSize, readableHighWaterMark: 2 * chunkSize } as object);
  source.on('error', (error) => inflated.destroy(error));
  source.pipe(inflated);
  try {
    for await (const chunk of inflated) yield chunk as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? corruptError(where, `compressed data that does not expand (${code})`) : error;
  } finally {
    source.destroy();
    inflated.destroy();
  }
}

/** yauzl's errors have no types: all but one are about a damaged file. */
function translateError(error: unknown, where: string): InletError {
  const { message, code } = error as NodeJS.ErrnoException;
  if (message === 'strong encryption is not supported') {
    return new UnsupportedFormatError({ what: 'The archive has an encrypted member', where, next: 'Ask the publisher for it without a password.' });
  }
  if (code !== undefined && !code.startsWith('ERR_')) throw error;
  return corruptError(where, message);
}
