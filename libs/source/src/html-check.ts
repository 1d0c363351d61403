/** Servers that refuse a client often answer with an apology page and status 200; such a page must never pass for data. */
import { HtmlInsteadOfDataError } from '@inlet/errors';

/** Bytes of a file's beginning that the check wants to see. */
export const HTML_HEAD_BYTES = 512;

const HTML_START = /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;
const HTML_TYPE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i;

export function isHtmlType(contentType: string | null | undefined): boolean {
  return HTML_TYPE.test(contentType ?? '');
}

/** Whether a file that begins like this is a web page. Byte order mark and white space before it do not hide it. */
export function looksLikeHtml(head: Uint8Array): boolean {
  return HTML_START.test(Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1'));
}

/** Whether a web page is what was asked for. */
export function expectsHtml(fileName: string): boolean {
  return /\.html?$/i.test(fileName);
}

export function htmlError(fileName: string, where: string, found: string): HtmlInsteadOfDataError {
  return new HtmlInsteadOfDataError({
    what: `A web page came instead of ${fileName}`,
    where,
    expected: 'a data file',
    found,
    next: 'Open the address in a browser to read the page. Servers such as FDA\'s refuse some clients: User-Agent and From can be set under `headers` of the source.',
  });
}
