/** One text for one value, whatever the order of its keys, so that equal configs have equal fingerprints. */
import { createHash } from 'node:crypto';

/** JSON with keys sorted at every level and `undefined` members left out. Throws a TypeError on cycles, as JSON.stringify does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isPlainObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/** SHA-256 (hex) of the UTF-8 text. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 (hex) of the canonical JSON. */
export function hashCanonicalJson(value: unknown): string {
  return hashText(canonicalJson(value));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
