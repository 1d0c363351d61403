/** The two wildcards of member patterns: `*` for any run of characters, `?` for one. Case does not count. */

/** Whether a member matches; a pattern without `/` is compared with the last segment of the member's name. */
export function matchesGlob(pattern: string, member: string): boolean {
  const subject = pattern.includes('/') ? member : (member.split('/').at(-1) ?? member);
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is').test(subject);
}

export function matchesAny(patterns: readonly string[], member: string): boolean {
  return patterns.some((pattern) => matchesGlob(pattern, member));
}
