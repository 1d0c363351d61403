/** How long to wait before a source is asked again: exponential backoff with full jitter, and the server's own word where it gives one. */

const MAX_BACKOFF_MS = 30_000;
/** A server may ask for more; a run does not wait longer than this. */
export const MAX_RETRY_AFTER_MS = 60_000;

export interface BackoffInput {
  /** The attempt that just failed, from 1. */
  attempt: number;
  baseDelayMs: number;
  random: () => number;
  retryAfterMs?: number;
}

/** Milliseconds to wait. */
export function backoffDelayMs({ attempt, baseDelayMs, random, retryAfterMs }: BackoffInput): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, baseDelayMs * 2 ** (attempt - 1));
  const jittered = Math.round(random() * ceiling);
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/** Retry-After (RFC 9110, 10.2.3): seconds, or a date. Milliseconds from `now`; undefined for anything else. */
export function parseRetryAfter(value: string | null, now: Date): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
