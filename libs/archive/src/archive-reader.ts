/** Archives as the pipeline sees them: a zip, or a plain file that counts as an archive of one. */
import type { ArchiveLimits, ArchiveReader, ExtractedMember, ExtractRequest, LocalArchive } from '@inlet/pipeline';
import { checkLimits } from './archive-limits';
import { checkEncoding } from './decode-text';
import { expandMembers, type OpenMember } from './expand-members';
import { detectArchive } from './file-format';
import { openLocalFile, readRange, type LocalFile } from './local-file';
import { openZip } from './zip-archive';

/**
 * Reads zips (stored and deflated members, zip64) and plain files. Both methods throw CorruptArchiveError, ArchiveTooLargeError, UnsafeEntryPathError and
 * UnsupportedFormatError; `extract` also MissingMemberError, and the signal's reason when aborted. Encodings: utf-8, windows-1252, latin-1, utf-16le.
 * `lines` of a member that is not kept counts the newline bytes of the original.
 */
export function createArchiveReader(): ArchiveReader {
  return {
    listMembers: (archive, limits) => withArchive(archive, limits, async (members) => members.map(({ name, sizeBytes }) => ({ name, sizeBytes }))),
    extract: (archive, request) => extract(archive, request),
  };
}

async function extract(archive: LocalArchive, request: ExtractRequest): Promise<ExtractedMember[]> {
  request.signal?.throwIfAborted();
  const encoding = checkEncoding(request.encoding, archive.fileName);
  return withArchive(archive, request.limits, (members) => expandMembers(members, { ...request, encoding, fileName: archive.fileName }));
}

async function withArchive<T>(archive: LocalArchive, limits: ArchiveLimits, use: (members: OpenMember[]) => Promise<T>): Promise<T> {
  const file = await openLocalFile(archive.path);
  try {
    const format = await detectArchive(file, archive.fileName);
    const members = format === 'zip' ? await openZip(file, archive.fileName, limits) : [plainMember(file, archive)];
    checkLimits(members, { archiveBytes: file.sizeBytes, limits, fileName: archive.fileName });
    return await use(members);
  } finally {
    await file.handle.close();
  }
}

function plainMember(file: LocalFile, archive: LocalArchive): OpenMember {
  const { sizeBytes } = file;
  return { name: archive.fileName, sizeBytes, originalPath: archive.path, open: async () => readRange(file, { start: 0, length: sizeBytes }) };
}
