/** Turns what the operating system says into errors that name the file and what to do about it. */
import { InletError, PermanentError, TransientError } from '@inlet/errors';

const MAY_PASS = new Set(['EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'ETIMEDOUT', 'EINTR']);

const NEXT_STEPS: Record<string, string> = {
  ENOSPC: 'Free some disk space, then run it again.',
  EDQUOT: 'Free some of the disk quota, then run it again.',
  EACCES: 'Give this user the right to read and write there, then run it again.',
  EPERM: 'Give this user the right to read and write there, then run it again.',
  EROFS: 'Use a lake on a disk that can be written: --lake <dir>.',
  ENOTDIR: 'An object cannot lie below another object: move the file that stands where a folder is needed.',
  EEXIST: 'An object cannot lie below another object: move the file that stands where a folder is needed.',
  EISDIR: 'An object cannot stand where a folder is: move the folder.',
  ENAMETOOLONG: 'Use shorter names: most file systems allow 255 bytes between two slashes.',
};

/** The error code of a failed system call; undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** True when the error says that there is no such file, or that a part of its path is no folder. */
export function isAbsent(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Inlet's own errors and faults of the caller (RangeError) come back as they are. */
export function describeStorageError(error: unknown, what: string, where: string): Error {
  if (error instanceof InletError || error instanceof RangeError) return error;
  const code = systemErrorCode(error);
  const found = messageOf(error);
  if (code !== undefined && MAY_PASS.has(code)) return new TransientError({ what, where, found, next: 'Run it again.', cause: error });
  return new PermanentError({ what, where, found, next: NEXT_STEPS[code ?? ''], cause: error });
}

/** The text of anything thrown; errors of Node itself are not always `instanceof` this realm's Error. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
