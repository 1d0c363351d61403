/** Errors that several steps of reading an archive share. */
import { CorruptArchiveError, UnsupportedFormatError } from '@inlet/errors';

export function corruptError(where: string, found: string): CorruptArchiveError {
  return new CorruptArchiveError({ what: 'The archive is damaged', where, found, next: 'Fetch it again; if it is damaged at its source too, the publisher must mend it.' });
}

export function unsupportedError(where: string, expected: string, found: string): UnsupportedFormatError {
  const next = 'Unpack or convert it, or name another source.';
  return new UnsupportedFormatError({ what: 'The file is of a format that Inlet does not read', where, expected, found: `what looks like ${found}`, next });
}
