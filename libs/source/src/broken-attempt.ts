/** One attempt at a download that ended badly, but need not be the last. */
import { ShortBodyError, SourceRefusedError, SourceUnavailableError, type InletError } from '@inlet/errors';

/** Never leaves the source: the last one becomes a SourceUnavailableError or a ShortBodyError. */
export class BrokenAttempt extends Error {
  constructor(
    /** What went wrong, fit for an error's `found`. */
    readonly found: string,
    readonly details: { retryAfterMs?: number; hopeless?: boolean; shortOf?: { receivedBytes: number; totalBytes: number } } = {},
  ) {
    super(found);
  }
}

/** What is left to say when the attempts are used up. */
export function finalError(broken: BrokenAttempt, where: string, attempts: number): InletError {
  const { shortOf } = broken.details;
  if (shortOf) {
    return new ShortBodyError({
      what: 'The download ended before the file did',
      where,
      expected: `${shortOf.totalBytes} bytes, as Content-Length says`,
      found: `${shortOf.receivedBytes} bytes after ${attempts} attempts`,
      next: 'Fetch the address by hand; if the length differs there too, its publisher must mend it.',
    });
  }
  return new SourceUnavailableError({
    what: 'The source could not be fetched',
    where,
    found: `${broken.found}, ${broken.details.hopeless ? 'and no point in asking again at once' : `the last of ${attempts} attempts`}`,
    next: 'Run it again later; if it goes on, check that the address answers from this machine.',
  });
}

/** A server with a bad certificate stays bad however often it is asked. */
const CERTIFICATE_CODE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** undici's code for a connection that the other side closed in an orderly way. */
const CLOSED_CODE = 'UND_ERR_SOCKET';
/** The name does not resolve, or no network leads there: asking again within seconds tells nothing new. The state machine tries again later. */
const UNREACHABLE_CODES = ['ENOTFOUND', 'ENETUNREACH', 'EHOSTUNREACH'];

/**
 * What a failed fetch or body read means. Uses codes only: messages of the network stack may quote headers or addresses, and those may hold secrets.
 */
export function classifyNetworkError(error: unknown, where: string): { broken: BrokenAttempt; closed: boolean } {
  const code = findCode(error);
  if (code && CERTIFICATE_CODE.test(code)) {
    throw new SourceRefusedError({ what: 'The server\'s certificate is not trusted', where, found: code, next: 'Check the address, and this machine\'s clock and CA certificates.' });
  }
  const closed = code === CLOSED_CODE;
  const hopeless = code !== undefined && UNREACHABLE_CODES.includes(code);
  return { broken: new BrokenAttempt(closed ? 'a connection closed early' : `a broken connection${code ? ` (${code})` : ''}`, { hopeless }), closed };
}

function findCode(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  return findCode(cause ?? errors?.[0], depth + 1);
}
