/** File names taken from addresses become object keys and local paths, so nothing in them may mean anything to either. */

const MAX_LENGTH = 150;
const FALLBACK = 'download';

/** The last segment of a URL's path, or of a local path, in `A-Za-z0-9._-`, 1 to 150 characters, never dots alone. Query and fragment play no part. */
export function safeFileName(address: string): string {
  const pathname = URL.parse(address)?.pathname ?? address;
  const segment = decodeSegment(pathname.split('/').filter(Boolean).at(-1) ?? '');
  const safe = segment.replace(/[^A-Za-z0-9._-]/g, '_');
  if (/^[._]*$/.test(safe)) return FALLBACK;
  if (safe.length <= MAX_LENGTH) return safe;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(safe)?.[0] ?? '';
  return safe.slice(0, MAX_LENGTH - extension.length) + extension;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
