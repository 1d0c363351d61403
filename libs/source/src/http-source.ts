/** HTTP as it really behaves: servers that reset, stall, lie and change their mind, and a file that is whole or not there. */
import { InletError, redactUrl, UnsafeUrlError } from '@inlet/errors';
import type { FetchedFile, FetchFileRequest, Source } from '@inlet/pipeline';
import { systemClock, type Clock } from '@inlet/time';
import { backoffDelayMs } from './backoff';
import { BrokenAttempt, classifyNetworkError, finalError } from './broken-attempt';
import { safeFileName } from './file-name';
import { PartialDownload } from './partial-download';
import { throttleProgress } from './progress';
import { acceptResponse, checkEnd, checkProgress, findShortBody } from './response-checks';
import { sendRequest, toHeaders } from './send-request';
import { StallGuard } from './stall-guard';
import type { Transfer } from './transfer';

export interface HttpSourceOptions {
  /** @default Node's own */
  fetch?: typeof globalThis.fetch;
  /** @default systemClock */
  clock?: Clock;
  /** From 0 to 1, for the jitter. @default Math.random */
  random?: () => number;
  /** @default 5 */
  maxAttempts?: number;
  /** Longest silence in the middle of a body. @default 30000 */
  stallTimeoutMs?: number;
  /** Longest wait for the first byte of an answer. @default 30000 */
  connectTimeoutMs?: number;
  /** Ceiling of the first wait between attempts; doubles with each. @default 1000 */
  baseDelayMs?: number;
}

type Settings = Required<HttpSourceOptions>;

/**
 * Downloads http and https URLs to `<scratchDir>/<file name>`, hashing on the way. Retries resets, stalls, 408, 425, 429 and 5xx, and resumes where the
 * server vouches for the file being the same. Throws SourceNotFoundError, SourceRefusedError, SourceTooLargeError, EmptyBodyError, ShortBodyError,
 * HtmlInsteadOfDataError, UnsafeUrlError, and SourceUnavailableError once the attempts are used up; aborted, it throws the signal's reason.
 */
export function createHttpSource(options: HttpSourceOptions = {}): Source {
  const settings: Settings = {
    fetch: options.fetch ?? globalThis.fetch,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    maxAttempts: options.maxAttempts ?? 5,
    stallTimeoutMs: options.stallTimeoutMs ?? 30_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 30_000,
    baseDelayMs: options.baseDelayMs ?? 1000,
  };
  return { fetch: (request) => fetchOverHttp(settings, request) };
}

async function fetchOverHttp(settings: Settings, request: FetchFileRequest): Promise<FetchedFile> {
  request.signal?.throwIfAborted();
  const where = redactUrl(request.url);
  const protocol = URL.parse(request.url)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new UnsafeUrlError({ what: 'The source is not on the web', where, expected: 'an http or https URL', found: protocol ?? 'no URL' });
  }
  const fileName = safeFileName(request.url);
  const download = await PartialDownload.create(request.scratchDir, fileName);
  try {
    const status = await attemptRepeatedly(settings, { request, download, fileName, where, now: () => settings.clock.now() });
    if (status === 'not-modified') {
      await download.discard();
      return { status };
    }
    const { etag, lastModified, headers = {} } = download.facts ?? {};
    return { status: 'fetched', disposable: true, fileName, etag, lastModified, headers, ...(await download.finish()) };
  } catch (error) {
    await download.discard();
    throw error;
  }
}

async function attemptRepeatedly(settings: Settings, transfer: Transfer): Promise<'fetched' | 'not-modified'> {
  const { clock, maxAttempts, baseDelayMs, random } = settings;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(settings, transfer);
    } catch (error) {
      if (!(error instanceof BrokenAttempt)) throw error;
      if (attempt >= maxAttempts || error.details.hopeless) throw finalError(error, transfer.where, attempt);
      await clock.sleep(backoffDelayMs({ attempt, baseDelayMs, random, retryAfterMs: error.details.retryAfterMs }), transfer.request.signal);
      transfer.request.signal?.throwIfAborted();
    }
  }
}

async function attemptOnce(settings: Settings, transfer: Transfer): Promise<'fetched' | 'not-modified'> {
  const { request, where } = transfer;
  const guard = new StallGuard(request.signal);
  let receiving = false;
  try {
    guard.expect('no answer', settings.connectTimeoutMs);
    const headers = buildHeaders(transfer);
    const response = await sendRequest(settings.fetch, { url: request.url, headers, signal: guard.signal });
    const verdict = await acceptResponse(response, headers.has('range'), transfer);
    if (verdict === 'not-modified') return verdict;
    receiving = true;
    await receiveBody(response, guard, settings, transfer);
    return 'fetched';
  } catch (error) {
    request.signal?.throwIfAborted();
    if (guard.stalled) throw guard.stalled;
    if (error instanceof InletError || error instanceof BrokenAttempt) throw error;
    const { broken, closed } = classifyNetworkError(error, where);
    throw (closed && receiving && findShortBody(transfer)) || broken;
  } finally {
    guard.stop();
  }
}

/** Continues a download whose server vouches for it, else asks from the beginning, on condition that something is new. */
function buildHeaders({ request, download }: Transfer): Headers {
  const headers = toHeaders(request.headers);
  headers.set('accept-encoding', 'identity');
  for (const name of ['range', 'if-range', 'if-none-match', 'if-modified-since']) headers.delete(name);
  const validator = download.facts?.resumeValidator;
  if (download.receivedBytes > 0 && validator !== undefined) {
    headers.set('range', `bytes=${download.receivedBytes}-`);
    headers.set('if-range', validator);
    return headers;
  }
  if (request.validators?.etag !== undefined) headers.set('if-none-match', request.validators.etag);
  if (request.validators?.lastModified !== undefined) headers.set('if-modified-since', request.validators.lastModified);
  return headers;
}

async function receiveBody(response: Response, guard: StallGuard, settings: Settings, transfer: Transfer): Promise<void> {
  const { request, download } = transfer;
  const progress = throttleProgress(request.onProgress, () => settings.clock.now().getTime());
  const totalBytes = download.facts?.totalBytes;
  guard.expect('no bytes', settings.stallTimeoutMs);
  for await (const chunk of response.body ?? []) {
    guard.expect('no bytes', settings.stallTimeoutMs);
    await download.append(chunk);
    checkProgress(transfer);
    progress.tell({ bytes: download.receivedBytes, totalBytes });
  }
  checkEnd(transfer);
  progress.flush();
}
