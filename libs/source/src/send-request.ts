/** One request and its redirects, each of which is checked before it is followed. */
import { ConfigError, redactUrl, SourceRefusedError, UnsafeUrlError } from '@inlet/errors';

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);
/** What another origin may be told; anything else, Authorization above all, stays with the first one. */
const HEADERS_FOR_OTHER_ORIGINS = new Set(['user-agent', 'from', 'accept', 'accept-language', 'accept-encoding', 'range', 'if-range', 'if-none-match', 'if-modified-since']);

export interface OutgoingRequest {
  url: string;
  headers: Headers;
  signal: AbortSignal;
}

/**
 * The first response that is no redirect. Throws UnsafeUrlError for a redirect away from http and https or from https down to http,
 * and SourceRefusedError after five redirects.
 */
export async function sendRequest(fetch: typeof globalThis.fetch, request: OutgoingRequest): Promise<Response> {
  let { url, headers } = liftCredentials(request.url, request.headers);
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(url, { headers, signal: request.signal, redirect: 'manual' });
    const location = REDIRECT_STATUSES.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    if (redirects === MAX_REDIRECTS) {
      const where = redactUrl(request.url);
      throw new SourceRefusedError({ what: 'The source only leads from one address to the next', where, found: `more than ${MAX_REDIRECTS} redirects`, next: 'Correct source_url to the final address.' });
    }
    const next = checkRedirect(url, location);
    if (next.origin !== new URL(url).origin) headers = new Headers([...headers].filter(([name]) => HEADERS_FOR_OTHER_ORIGINS.has(name)));
    ({ url, headers } = liftCredentials(next.href, headers));
  }
}

function checkRedirect(from: string, location: string): URL {
  const next = URL.parse(location, from);
  const downgrade = from.startsWith('https:') && next?.protocol === 'http:';
  if (next && !downgrade && (next.protocol === 'http:' || next.protocol === 'https:')) return next;
  throw new UnsafeUrlError({
    what: 'The source redirects to an address that must not be followed',
    where: redactUrl(from),
    expected: from.startsWith('https:') ? 'an https address' : 'an http or https address',
    found: next ? redactUrl(next.href) : 'no URL',
    next: 'Check source_url in a browser; follow the move by hand if it is right.',
  });
}

/** fetch refuses URLs with user info; it travels as Basic authorization instead (RFC 7617). */
function liftCredentials(address: string, headers: Headers): { url: string; headers: Headers } {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return { url: address, headers };
  const lifted = new Headers(headers);
  const credentials = `${decodeUserInfo(url.username)}:${decodeUserInfo(url.password)}`;
  lifted.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  url.username = '';
  url.password = '';
  return { url: url.href, headers: lifted };
}

function decodeUserInfo(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Headers as configured; throws ConfigError naming the one that HTTP cannot carry, without its value. */
export function toHeaders(configured: Readonly<Record<string, string>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(configured)) {
    try {
      headers.set(name, value);
    } catch {
      throw new ConfigError({ what: 'A request header cannot be sent', where: `headers.${name}`, expected: 'a token as its name, and no line breaks in its value', next: 'Correct the source\'s headers in config/dataset.json.' });
    }
  }
  return headers;
}
