import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FetchFileRequest } from '@inlet/pipeline';
import { createFileSource, createSource } from './index';

const BYTES = randomBytes(3_000_000);
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'file-source-'));
  file = path.join(folder, 'my data.zip');
  writeFileSync(file, BYTES);
});
afterEach(() => rmSync(folder, { recursive: true }));

const fetchFile = (url: string, request: Partial<FetchFileRequest> = {}) =>
  createFileSource().fetch({ url, headers: {}, maxBytes: 10_000_000, scratchDir: '/nowhere', ...request });

describe('a local file', () => {
  it.each([
    ['a path', () => file],
    ['a file URL', () => pathToFileURL(file).href],
  ])('is hashed where it lies when given as %s, and has no validators', async (_how, address) => {
    const onProgress = jest.fn();
    const result = await fetchFile(address(), { onProgress, validators: { etag: '"x"' } });
    expect(result).toEqual({
      status: 'fetched',
      path: file,
      disposable: false,
      fileName: 'my_data.zip',
      sha256: createHash('sha256').update(BYTES).digest('hex'),
      sizeBytes: BYTES.length,
      headers: {},
    });
    expect(onProgress).toHaveBeenLastCalledWith({ bytes: BYTES.length, totalBytes: BYTES.length });
    expect(readdirSync(folder)).toEqual(['my data.zip']);
  });

  it('that is missing is a SourceNotFoundError', async () => {
    await expect(fetchFile(`${file}x`)).rejects.toMatchObject({ name: 'SourceNotFoundError', message: expect.stringContaining('Check the path') });
    await expect(fetchFile(`${file}/x`)).rejects.toMatchObject({ name: 'SourceNotFoundError' });
  });

  it('that is a directory or a device is a UsageError', async () => {
    mkdirSync(path.join(folder, 'd'));
    await expect(fetchFile(path.join(folder, 'd'))).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining('a directory') });
    await expect(fetchFile('/dev/zero')).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('that is empty is an EmptyBodyError', async () => {
    writeFileSync(file, '');
    await expect(fetchFile(file)).rejects.toMatchObject({ name: 'EmptyBodyError' });
  });

  it('over the limit is a SourceTooLargeError, at the limit is not', async () => {
    await expect(fetchFile(file, { maxBytes: BYTES.length - 1 })).rejects.toMatchObject({ name: 'SourceTooLargeError' });
    await expect(fetchFile(file, { maxBytes: BYTES.length })).resolves.toMatchObject({ status: 'fetched' });
  });

  it('that holds a web page is an HtmlInsteadOfDataError, unless named so', async () => {
    writeFileSync(file, '\ufeff\n<!DOCTYPE html>');
    await expect(fetchFile(file)).rejects.toMatchObject({ name: 'HtmlInsteadOfDataError' });
    const page = path.join(folder, 'page.HTM');
    writeFileSync(page, '<!DOCTYPE html>');
    await expect(fetchFile(page)).resolves.toMatchObject({ fileName: 'page.HTM' });
  });

  it('that grows while it is read is a SourceUnavailableError', async () => {
    let grown = false;
    const onProgress = () => {
      if (!grown) appendFileSync(file, 'more');
      grown = true;
    };
    await expect(fetchFile(file, { onProgress })).rejects.toMatchObject({ name: 'SourceUnavailableError' });
  });

  it('stops at an abort with the signal\'s reason', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    await expect(fetchFile(file, { signal: controller.signal, onProgress: () => controller.abort(reason) })).rejects.toBe(reason);
  });

  it('on another host or by a relative path is a UsageError', async () => {
    await expect(fetchFile('file://host/share/a.zip')).rejects.toMatchObject({ name: 'UsageError' });
    await expect(fetchFile('a.zip')).rejects.toMatchObject({ name: 'UsageError' });
  });
});

describe('createSource', () => {
  const fetch = jest.fn(async () => new Response('a,b\n', { headers: { 'content-type': 'text/csv' } }));
  const source = createSource({ fetch });
  const request = (url: string) => ({ url, headers: {}, maxBytes: 10_000_000, scratchDir: path.join(folder, 'scratch') });

  it('reads paths and file URLs from disk, and asks the network for http and https', async () => {
    expect(await source.fetch(request(file))).toMatchObject({ path: file });
    expect(await source.fetch(request(pathToFileURL(file).href))).toMatchObject({ path: file });
    expect(fetch).not.toHaveBeenCalled();
    expect(await source.fetch(request('https://example.org/a.csv'))).toMatchObject({ fileName: 'a.csv', sizeBytes: 4, disposable: true });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it.each(['ftp://host/a.zip?key=s3cret', 's3://bucket/key', 'a.zip', ''])('refuses %j by name', async (url) => {
    const error = await source.fetch(request(url)).catch((reason: Error) => reason);
    expect(error).toMatchObject({ name: 'UnsafeUrlError' });
    expect(String(error)).not.toContain('s3cret');
  });
});
