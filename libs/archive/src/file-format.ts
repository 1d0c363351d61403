/** What a file is by its first bytes, because names lie. */
import { CorruptArchiveError } from '@inlet/errors';
import { unsupportedError } from './archive-errors';
import { readHead, type LocalFile } from './local-file';

/** Bytes of a file's beginning that are needed to tell formats apart: up to the end of a tar's signature. */
export const HEAD_BYTES = 512;

const ZIP_MEMBER = [0x50, 0x4b, 0x03, 0x04];
const ZIP_END = [0x50, 0x4b, 0x05, 0x06];

interface Signature {
  looksLike: string;
  bytes: readonly number[];
  offset?: number;
}

const text = (signature: string) => [...Buffer.from(signature, 'latin1')];

const FOREIGN_SIGNATURES: readonly Signature[] = [
  { looksLike: 'a gzip file', bytes: [0x1f, 0x8b, 0x08] },
  { looksLike: 'an xz file', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { looksLike: 'a zstd file', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { looksLike: 'an lz4 file', bytes: [0x04, 0x22, 0x4d, 0x18] },
  { looksLike: 'a 7z archive', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { looksLike: 'a RAR archive', bytes: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07] },
  { looksLike: 'a tar archive', bytes: text('ustar'), offset: 257 },
  { looksLike: 'one part of a zip that was split over several files', bytes: [0x50, 0x4b, 0x07, 0x08] },
  { looksLike: 'an Excel 97-2003 workbook or another OLE file', bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] },
  { looksLike: 'a Parquet file', bytes: [...text('PAR1'), 0x15] },
  { looksLike: 'a SQLite database', bytes: text('SQLite format 3\0') },
  { looksLike: 'a PDF', bytes: text('%PDF-') },
];

/** `BZh`, a digit and the block's own signature: three letters alone might begin a text. */
const BZIP2 = /^BZh[1-9]1AY&SY/;

function matches(head: Uint8Array, bytes: readonly number[], offset = 0): boolean {
  return bytes.every((byte, index) => head[offset + index] === byte);
}

/** The name of a known format that is not text, for a file that begins like this. A zip counts only where none is due. */
export function findForeignFormat(head: Buffer, { zipIsForeign }: { zipIsForeign: boolean }): string | undefined {
  if (zipIsForeign && (matches(head, ZIP_MEMBER) || matches(head, ZIP_END))) return 'a zip archive (or an Excel workbook, which is one)';
  if (BZIP2.test(head.toString('latin1', 0, 10))) return 'a bzip2 file';
  return FOREIGN_SIGNATURES.find(({ bytes, offset }) => matches(head, bytes, offset))?.looksLike;
}

/** Whether the file is a zip or one plain file. Throws CorruptArchiveError for what is only named .zip or has no members, UnsupportedFormatError for other formats. */
export async function detectArchive(file: LocalFile, fileName: string): Promise<'zip' | 'plain'> {
  const head = await readHead(file, HEAD_BYTES);
  if (matches(head, ZIP_MEMBER)) return 'zip';
  if (matches(head, ZIP_END)) {
    throw new CorruptArchiveError({ what: 'The zip is empty', where: fileName, expected: 'at least one member', found: 'none', next: 'Ask the publisher for the file again.' });
  }
  const foreign = findForeignFormat(head, { zipIsForeign: false });
  if (foreign) throw unsupportedError(fileName, 'a zip or a text file', foreign);
  if (/\.zip$/i.test(fileName)) {
    const found = head.length === 0 ? 'an empty file' : `a file that begins with ${JSON.stringify(head.toString('latin1', 0, 8))}`;
    throw new CorruptArchiveError({ what: 'The file is no zip, whatever its name says', where: fileName, expected: 'a zip', found, next: 'Fetch it again, and look into it.' });
  }
  return 'plain';
}
