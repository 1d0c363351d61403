/** Hashes over several parts that do not depend on the order in which the parts arrived. */
import { hashText } from './canonical-json';

export interface NamedHash {
  name: string;
  sha256: string;
}

/** The identity of a release: its only source's hash, or the hash over names and hashes of several. */
export function combineSourceHashes(sources: readonly NamedHash[]): string {
  const [only, ...others] = sources;
  if (only === undefined) throw new RangeError('a release has at least one source');
  return others.length === 0 ? only.sha256 : hashNamed(sources);
}

/** What an archive contains, whatever its compression, timestamps and order. */
export function combineMemberHashes(members: readonly NamedHash[]): string {
  return hashNamed(members);
}

function hashNamed(parts: readonly NamedHash[]): string {
  const lines = parts.map(({ name, sha256 }) => `${JSON.stringify(name)} ${sha256}\n`);
  return hashText(lines.sort().join(''));
}
