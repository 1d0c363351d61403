/** Which keys the lake takes: the same on a disk and in a bucket, so that a lake can move from one to the other. */

const NUL = String.fromCharCode(0);

/** Throws a RangeError unless the key is relative, `/`-separated, and free of `.`, `..` and empty segments, backslashes and NUL. */
export function checkKey(key: string): void {
  const reason = findKeyFault(key);
  if (reason !== undefined) throw new RangeError(`${JSON.stringify(key)} is no key of the lake: ${reason}`);
}

/** As checkKey, for the beginning of a key: '' and a trailing `/` are allowed. */
export function checkPrefix(prefix: string): void {
  const whole = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (prefix !== '') checkKey(whole);
}

/** The order in which S3 lists: by UTF-8 bytes, which differs from JavaScript's own order beyond the basic plane. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function findKeyFault(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (key.startsWith('/') || /^[A-Za-z]:\//.test(key)) return 'it is an absolute path';
  if (key.includes('\\')) return 'it has a backslash';
  if (key.includes(NUL)) return 'it has a NUL character';
  if (!key.isWellFormed()) return 'it is not valid Unicode';
  const segments = key.split('/');
  if (segments.includes('')) return 'it has an empty segment';
  if (segments.includes('.') || segments.includes('..')) return "it has a segment '.' or '..'";
  return undefined;
}
