/** Bounds on what an archive may grow into, checked on its own word first and on the facts while it expands. */
import { ArchiveTooLargeError } from '@inlet/errors';
import type { ArchiveLimits, ArchiveMember } from '@inlet/pipeline';
import { formatBytes } from '@inlet/time';

/** Small archives may expand by any factor: it cannot hurt. */
const RATIO_EXEMPT_BYTES = 1_000_000;

export interface LimitedArchive {
  archiveBytes: number;
  limits: ArchiveLimits;
  fileName: string;
}

/** Throws ArchiveTooLargeError. */
export function checkLimits(members: readonly ArchiveMember[], { archiveBytes, limits, fileName }: LimitedArchive): void {
  checkMemberCount(members.length, limits, fileName);
  const expandedBytes = members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (expandedBytes > limits.maxExpandedBytes) throw tooManyBytesError(formatBytes(expandedBytes), limits, fileName);
  if (archiveBytes < RATIO_EXEMPT_BYTES || expandedBytes <= archiveBytes * limits.maxExpansionRatio) return;
  throw new ArchiveTooLargeError({
    what: 'The archive expands too far',
    where: fileName,
    expected: `at most ${limits.maxExpansionRatio} times its size`,
    found: `${Math.ceil(expandedBytes / archiveBytes)} times`,
    next: 'Raise limits.max_expansion_ratio in config/dataset.json if the archive is sound.',
  });
}

export function checkMemberCount(count: number, limits: ArchiveLimits, fileName: string): void {
  if (count <= limits.maxMembers) return;
  throw new ArchiveTooLargeError({
    what: 'The archive has too many members',
    where: fileName,
    expected: `at most ${limits.maxMembers}`,
    found: String(count),
    next: 'Raise limits.max_members in config/dataset.json if the archive is sound.',
  });
}

export function tooManyBytesError(found: string, limits: ArchiveLimits, fileName: string): ArchiveTooLargeError {
  return new ArchiveTooLargeError({
    what: 'The archive is too large once expanded',
    where: fileName,
    expected: `at most ${formatBytes(limits.maxExpandedBytes)}`,
    found,
    next: 'Raise limits.max_expanded_bytes in config/dataset.json if the archive is sound.',
  });
}
