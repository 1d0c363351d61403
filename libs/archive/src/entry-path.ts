/** Member names come from strangers and end up as paths: those that climb are refused, the others made into one flat file name each. */
import { createHash } from 'node:crypto';
import { UnsafeEntryPathError } from '@inlet/errors';

const MAX_FILE_NAME_BYTES = 200;

/** Throws UnsafeEntryPathError for a name that is empty, absolute, climbs with `..`, or holds a backslash, a drive letter or NUL. */
export function checkEntryPath(name: string, fileName: string): void {
  const found = findDanger(name);
  if (found === undefined) return;
  throw new UnsafeEntryPathError({
    what: 'The archive has a member whose path is not safe to write',
    where: `${fileName}: ${JSON.stringify(name)}`,
    expected: 'a relative path within the archive',
    found,
    next: 'Do not unpack it by hand; ask the publisher what it is.',
  });
}

function findDanger(name: string): string | undefined {
  if (name === '') return 'an empty name';
  if (name.startsWith('/')) return 'an absolute path';
  if (/^[A-Za-z]:/.test(name)) return 'a drive letter';
  if (name.includes('\\')) return 'a backslash';
  if (name.includes('\0')) return 'a NUL character';
  return name.split('/').includes('..') ? 'a `..` segment' : undefined;
}

/** File names for members, in order: `/` becomes `__`, and names that would meet on a disk that ignores case are numbered apart. */
export function assignFileNames(members: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  const assigned = new Map<string, string>();
  for (const member of members) {
    const flat = flattenPath(member);
    let name = flat;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${number}~${flat}`;
    taken.add(name.toLowerCase());
    assigned.set(member, name);
  }
  return assigned;
}

function flattenPath(member: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  const flat = member.replace(/\//g, '__').replace(/[\x00-\x1f\x7f<>:"\\|?*]/g, '_');
  if (/^\.+$/.test(flat)) return flat.replace(/\./g, '_');
  if (Buffer.byteLength(flat) <= MAX_FILE_NAME_BYTES) return flat;
  const digest = createHash('sha256').update(member).digest('hex').slice(0, 16);
  return `${digest}-${Buffer.from(flat).subarray(-100).toString('latin1').replace(/[^\w.-]/g, '_')}`;
}
