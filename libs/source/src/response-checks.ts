/** Which answers are the file, which may become it, and which never will. */
import { EmptyBodyError, SourceNotFoundError, SourceRefusedError, SourceTooLargeError } from '@inlet/errors';
import { formatBytes } from '@inlet/time';
import { parseRetryAfter } from './backoff';
import { BrokenAttempt } from './broken-attempt';
import { expectsHtml, HTML_HEAD_BYTES, htmlError, isHtmlType, looksLikeHtml } from './html-check';
import { findResumeMismatch, readFileFacts } from './response-facts';
import type { Transfer } from './transfer';

const RETRIED_STATUSES = new Set([408, 425, 429]);

/** Prepares the download for the response's body. Throws BrokenAttempt where another attempt may help, else a named error. */
export async function acceptResponse(response: Response, resuming: boolean, transfer: Transfer): Promise<'not-modified' | 'body'> {
  const { status, headers } = response;
  const { request, download, fileName, where } = transfer;
  const conditional = !resuming && (request.validators?.etag !== undefined || request.validators?.lastModified !== undefined);
  if (status === 304 && conditional) return 'not-modified';
  if (status === 206 && resuming && download.facts) {
    const mismatch = findResumeMismatch(headers, download.facts, download.receivedBytes);
    if (mismatch === undefined) return 'body';
    await download.restart();
    throw new BrokenAttempt(mismatch);
  }
  if (status === 416 && resuming) {
    const { receivedBytes, facts } = download;
    await download.restart();
    const shortOf = facts?.totalBytes === undefined ? undefined : { receivedBytes, totalBytes: facts.totalBytes };
    throw new BrokenAttempt('status 416, the rest of the file is not there', { shortOf });
  }
  if (status !== 200) throw statusError(response, transfer);
  if (isHtmlType(headers.get('content-type')) && !expectsHtml(fileName)) throw htmlError(fileName, where, 'Content-Type text/html');
  const facts = readFileFacts(headers);
  if (facts.totalBytes !== undefined && facts.totalBytes > request.maxBytes) throw tooLargeError(facts.totalBytes, transfer);
  await download.restart(facts);
  return 'body';
}

function statusError(response: Response, { where, now }: Transfer): Error {
  const found = `status ${response.status}`;
  const { status } = response;
  if (RETRIED_STATUSES.has(status) || status >= 500) {
    return new BrokenAttempt(found, { retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), now()) });
  }
  if (status === 404 || status === 410) {
    return new SourceNotFoundError({ what: 'The source is not there', where, found, next: 'Look up where the file is published now, and correct source_url.' });
  }
  if (status === 204) return emptyError(where, found);
  return new SourceRefusedError({
    what: 'The server refuses to give the source',
    where,
    expected: 'status 200',
    found,
    next: 'Some servers, FDA\'s among them, refuse clients that are no browser: set User-Agent and From under `headers` of the source in config/dataset.json.',
  });
}

/** While bytes arrive: neither too many, nor those of a web page. Throws SourceTooLargeError, HtmlInsteadOfDataError or BrokenAttempt. */
export function checkProgress(transfer: Transfer): void {
  const { request, download } = transfer;
  if (download.receivedBytes > request.maxBytes) throw tooLargeError(undefined, transfer);
  if (download.head.length >= HTML_HEAD_BYTES) checkHead(transfer);
}

/** At the end of a body: all of it, some of it, and no web page. Throws EmptyBodyError, HtmlInsteadOfDataError or BrokenAttempt. */
export function checkEnd(transfer: Transfer): void {
  const { download, where } = transfer;
  const { receivedBytes } = download;
  const totalBytes = download.facts?.totalBytes;
  const short = findShortBody(transfer);
  if (short) throw short;
  if (totalBytes !== undefined && receivedBytes > totalBytes) {
    throw new BrokenAttempt(`a body of ${receivedBytes} bytes where ${totalBytes} were announced`);
  }
  if (receivedBytes === 0) throw emptyError(where, '0 bytes');
  checkHead(transfer);
}

/** The failure of a body that has ended, when less came than was announced. */
export function findShortBody({ download: { receivedBytes, facts } }: Transfer): BrokenAttempt | undefined {
  const totalBytes = facts?.totalBytes;
  if (totalBytes === undefined || receivedBytes >= totalBytes) return undefined;
  return new BrokenAttempt(`a body of ${receivedBytes} bytes where ${totalBytes} were announced`, { shortOf: { receivedBytes, totalBytes } });
}

function checkHead({ download, fileName, where }: Transfer): void {
  if (!expectsHtml(fileName) && looksLikeHtml(download.head)) throw htmlError(fileName, where, 'a body that begins as HTML does');
}

function emptyError(where: string, found: string): EmptyBodyError {
  return new EmptyBodyError({ what: 'The server sent nothing', where, expected: 'at least one byte', found, next: 'Run it again later; if it goes on, ask the publisher.' });
}

function tooLargeError(totalBytes: number | undefined, { request, where }: Transfer): SourceTooLargeError {
  return new SourceTooLargeError({
    what: 'The source is larger than allowed',
    where,
    expected: `at most ${formatBytes(request.maxBytes)}`,
    found: totalBytes === undefined ? 'more than that' : formatBytes(totalBytes),
    next: 'Raise limits.max_source_bytes in config/dataset.json if the size is right.',
  });
}
