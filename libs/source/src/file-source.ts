/** Local files as sources: hashed where they lie, neither copied nor moved. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmptyBodyError, PermanentError, SourceNotFoundError, SourceRefusedError, SourceTooLargeError, SourceUnavailableError, UsageError } from '@inlet/errors';
import type { FetchedFile, FetchFileRequest, Source } from '@inlet/pipeline';
import { formatBytes } from '@inlet/time';
import { safeFileName } from './file-name';
import { expectsHtml, HTML_HEAD_BYTES, htmlError, looksLikeHtml } from './html-check';
import { throttleProgress } from './progress';

const CHUNK_BYTES = 1 << 20;

/**
 * Reads file URLs and absolute paths. Gives no validators: size and time of a file say nothing certain about its content, so a local file is always read.
 * Throws SourceNotFoundError, SourceRefusedError, UsageError, EmptyBodyError, SourceTooLargeError, HtmlInsteadOfDataError, and
 * SourceUnavailableError when the file changes under the reader.
 */
export function createFileSource(): Source {
  return { fetch: fetchLocalFile };
}

async function fetchLocalFile(request: FetchFileRequest): Promise<FetchedFile> {
  request.signal?.throwIfAborted();
  const file = toLocalPath(request.url);
  const handle = await openLocalFile(file);
  try {
    const before = await handle.stat();
    if (!before.isFile()) {
      const found = before.isDirectory() ? 'a directory' : 'a device or pipe';
      throw new UsageError({ what: 'The source is not a file', where: file, expected: 'a regular file', found, next: 'Name the file itself.' });
    }
    checkSize(before.size, file, request);
    const read = await hashContent(handle, file, request, before.size);
    const after = await handle.stat();
    if (read.sizeBytes !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new SourceUnavailableError({ what: 'The source changed while it was read', where: file, next: 'Run it again once the file is complete.' });
    }
    return { status: 'fetched', path: file, disposable: false, fileName: safeFileName(path.basename(file)), headers: {}, ...read };
  } finally {
    await handle.close();
  }
}

function toLocalPath(url: string): string {
  if (path.isAbsolute(url)) return path.normalize(url);
  try {
    return fileURLToPath(url);
  } catch {
    const next = 'Write file:///absolute/path, or the absolute path alone.';
    throw new UsageError({ what: 'The source is no local file', where: url, expected: 'a file URL or an absolute path', next });
  }
}

async function openLocalFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new SourceNotFoundError({ what: 'The source file does not exist', where: file, next: 'Check the path; relative paths count from the current directory.' });
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new SourceRefusedError({ what: 'The source file may not be read', where: file, found: code, next: 'Give the current user read permission.' });
    }
    throw new PermanentError({ what: 'The source file cannot be opened', where: file, found: code, cause: error });
  }
}

function checkSize(sizeBytes: number, file: string, request: FetchFileRequest): void {
  if (sizeBytes === 0) {
    throw new EmptyBodyError({ what: 'The source file is empty', where: file, expected: 'at least one byte', found: '0 bytes', next: 'Check how the file was made.' });
  }
  if (sizeBytes > request.maxBytes) {
    throw new SourceTooLargeError({
      what: 'The source file is larger than allowed',
      where: file,
      expected: `at most ${formatBytes(request.maxBytes)}`,
      found: formatBytes(sizeBytes),
      next: 'Raise limits.max_source_bytes in config/dataset.json if the size is right.',
    });
  }
}

async function hashContent(handle: FileHandle, file: string, request: FetchFileRequest, totalBytes: number) {
  const hash = createHash('sha256');
  const progress = throttleProgress(request.onProgress, () => performance.now());
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, totalBytes + 1));
  const fileName = path.basename(file);
  let sizeBytes = 0;
  for (;;) {
    request.signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, sizeBytes);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    if (sizeBytes === 0 && !expectsHtml(fileName) && looksLikeHtml(chunk.subarray(0, HTML_HEAD_BYTES))) {
      throw htmlError(fileName, file, 'a file that begins as HTML does');
    }
    hash.update(chunk);
    sizeBytes += bytesRead;
    progress.tell({ bytes: sizeBytes, totalBytes });
  }
  progress.flush();
  return { sha256: hash.digest('hex'), sizeBytes };
}
