/** What a response's headers say about the file behind it, read once and strictly. */

/** A representation of the file, as a 200 response describes it. */
export interface FileFacts {
  etag?: string;
  lastModified?: string;
  /** Length of the file; unknown when chunked or compressed on the way. */
  totalBytes?: number;
  /** For If-Range: present only when a broken download may be resumed. */
  resumeValidator?: string;
  /** The headers worth keeping. */
  headers: Record<string, string>;
}

const KEPT_HEADERS = ['etag', 'last-modified', 'content-length', 'content-type', 'date'];

export function readFileFacts(headers: Headers): FileFacts {
  const encoded = isEncoded(headers);
  const etag = headers.get('etag') ?? undefined;
  const lastModified = headers.get('last-modified') ?? undefined;
  const resumable = !encoded && headers.get('accept-ranges')?.trim().toLowerCase() !== 'none';
  return {
    etag,
    lastModified,
    totalBytes: encoded ? undefined : parseLength(headers.get('content-length')),
    resumeValidator: resumable ? strongValidator(headers) : undefined,
    headers: Object.fromEntries(KEPT_HEADERS.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : []))),
  };
}

/** A strong ETag, else a Last-Modified that RFC 9110 (8.8.2.2) lets count as strong: at least a second before the response's Date. */
function strongValidator(headers: Headers): string | undefined {
  const etag = headers.get('etag');
  if (etag !== null) return etag.startsWith('"') ? etag : undefined;
  const lastModified = headers.get('last-modified');
  const age = Date.parse(headers.get('date') ?? '') - Date.parse(lastModified ?? '');
  return lastModified !== null && age >= 1000 ? lastModified : undefined;
}

export function isEncoded(headers: Headers): boolean {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase();
  return encoding !== undefined && encoding !== '' && encoding !== 'identity';
}

export function parseLength(value: string | null): number | undefined {
  return value !== null && /^\d{1,15}$/.test(value.trim()) ? Number(value) : undefined;
}

/** `bytes 5-9/10` (RFC 9110, 14.4); total undefined for `*`. undefined for anything else. */
export function parseContentRange(value: string | null): { start: number; end: number; totalBytes?: number } | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(value?.trim() ?? '');
  if (!match) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2])];
  const totalBytes = match[3] === '*' ? undefined : Number(match[3]);
  return end < start || (totalBytes !== undefined && end >= totalBytes) ? undefined : { start, end, totalBytes };
}

/** Why a 206 response does not continue the file from `receivedBytes`; undefined when it does. */
export function findResumeMismatch(headers: Headers, file: FileFacts, receivedBytes: number): string | undefined {
  const range = parseContentRange(headers.get('content-range'));
  if (!range) return 'a partial answer without a readable Content-Range';
  if (range.start !== receivedBytes) return `a part from byte ${range.start} when byte ${receivedBytes} was due`;
  if (file.totalBytes !== undefined && range.totalBytes !== undefined && range.totalBytes !== file.totalBytes) return 'a part of a file of another length';
  if (isEncoded(headers)) return 'a compressed part';
  // RFC 9110 (15.3.7) obliges a 206 to repeat the ETag that a 200 would carry, but not Last-Modified.
  if (file.etag !== undefined && headers.get('etag') !== file.etag) return 'a part of another version of the file';
  const lastModified = headers.get('last-modified');
  if (lastModified !== null && file.lastModified !== undefined && lastModified !== file.lastModified) return 'a part of another version of the file';
  return undefined;
}
