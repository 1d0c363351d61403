import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { FetchedFile, FetchFileRequest } from '@inlet/pipeline';
import { raw, redirect, serve, serveGzipped, silence, startFaultServer, status, type FaultServer } from '@inlet/testing';
import { fixedClock, systemClock } from '@inlet/time';
import { createHttpSource, type HttpSourceOptions } from './index';

const FILE = randomBytes(300_000);
const OTHER = randomBytes(300_000);
const OLD = 'Mon, 02 Nov 2026 00:00:00 GMT';
const SECRET = 'l1cence-k3y';

let server: FaultServer;
let scratchDir: string;

beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.close());
beforeEach(() => {
  scratchDir = mkdtempSync(path.join(tmpdir(), 'http-source-'));
});
afterEach(() => rmSync(scratchDir, { recursive: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function newSource(options: HttpSourceOptions = {}) {
  return createHttpSource({ clock: fixedClock('2026-11-20T21:00:00Z'), random: () => 0.5, stallTimeoutMs: 2000, connectTimeoutMs: 2000, ...options });
}

function fetchFile(request: Partial<FetchFileRequest> = {}, options: HttpSourceOptions = {}): Promise<FetchedFile> {
  const url = server.url(`/files/data.zip?apiKey=${SECRET}`);
  return newSource(options).fetch({ url, headers: {}, maxBytes: 10_000_000, scratchDir, ...request });
}

/** The error, once it is known that it leaks nothing, teaches something, and leaves no file behind. */
async function failure(fetching: Promise<FetchedFile>): Promise<Error> {
  const error = await fetching.then(
    (result) => {
      throw new Error(`no failure but ${JSON.stringify(result)}`);
    },
    (reason: Error) => reason,
  );
  expect(JSON.stringify([error.message, error.stack, error.cause, error])).not.toContain(SECRET);
  expect(readdirSync(scratchDir)).toEqual([]);
  return error;
}

function expectFetched(result: FetchedFile, file: Buffer) {
  if (result.status !== 'fetched') throw new Error('not fetched');
  expect(sha256(readFileSync(result.path))).toBe(sha256(file));
  expect(result).toMatchObject({ sha256: sha256(file), sizeBytes: file.length, fileName: 'data.zip', disposable: true });
  expect(readdirSync(scratchDir).filter((name) => name.endsWith('.part'))).toEqual([]);
  return result;
}

describe('a download that goes well', () => {
  it('ends in the scratch folder with hash, validators and the headers worth keeping', async () => {
    server.script(serve(FILE, { etag: '"v1"', lastModified: OLD, headers: { 'set-cookie': 'a=b' } }));
    const result = expectFetched(await fetchFile(), FILE);
    expect(result).toMatchObject({ path: path.join(scratchDir, 'data.zip'), etag: '"v1"', lastModified: OLD });
    expect(Object.keys(result.headers).sort()).toEqual(['content-length', 'content-type', 'date', 'etag', 'last-modified']);
    expect(server.requests[0]!.headers).toMatchObject({ 'accept-encoding': 'identity' });
  });

  it('sends the configured headers, but keeps control of those that steer the transfer', async () => {
    server.script(serve(FILE));
    await fetchFile({ headers: { 'User-Agent': 'inlet/1 (+https://example.org)', From: 'data@example.org', Range: 'bytes=5-', 'Accept-Encoding': 'gzip' } });
    expect(server.requests[0]!.headers).toMatchObject({ 'user-agent': 'inlet/1 (+https://example.org)', from: 'data@example.org', 'accept-encoding': 'identity' });
    expect(server.requests[0]!.headers.range).toBeUndefined();
  });

  it('answers 304 to the published validators with not-modified, and keeps no file', async () => {
    server.script(status(304));
    expect(await fetchFile({ validators: { etag: 'W/"v1"', lastModified: OLD } })).toEqual({ status: 'not-modified' });
    expect(server.requests[0]!.headers).toMatchObject({ 'if-none-match': 'W/"v1"', 'if-modified-since': OLD });
    expect(readdirSync(scratchDir)).toEqual([]);
  });

  it('does not take the same ETag on a 200 for the same content', async () => {
    server.script(serve(OTHER, { etag: '"v1"' }));
    expectFetched(await fetchFile({ validators: { etag: '"v1"' } }), OTHER);
  });

  it('takes a chunked body of no announced length', async () => {
    server.script(serve(FILE, { chunked: true }));
    expectFetched(await fetchFile(), FILE);
  });

  it('unpacks a body that was compressed against its wish, and does not hold its length against it', async () => {
    const text = Buffer.from('a,b\n1,2\n'.repeat(10_000));
    server.script(serveGzipped(text));
    expectFetched(await fetchFile(), text);
  });

  it('reports progress with the total, the last report being complete', async () => {
    server.script(serve(FILE));
    const onProgress = jest.fn();
    await fetchFile({ onProgress }, { clock: systemClock });
    expect(onProgress).toHaveBeenLastCalledWith({ bytes: FILE.length, totalBytes: FILE.length });
    expect(onProgress.mock.calls.length).toBeLessThan(20);
  });

  it('gives two downloads of one name two files', async () => {
    server.script(serve(FILE), serve(OTHER));
    const results = await Promise.all([fetchFile(), fetchFile()]);
    const third = await fetchFile();
    const files = [...results, third].filter((result) => result.status === 'fetched');
    expect(new Set(files.map((file) => file.path)).size).toBe(3);
    for (const file of files) expect(sha256(readFileSync(file.path))).toBe(file.sha256);
  });
});

describe('a broken connection', () => {
  it('is resumed from where it broke when the ETag is strong', async () => {
    server.script(serve(FILE, { etag: '"v1"', breakAfter: 200_000, how: 'close' }), serve(FILE, { etag: '"v1"' }));
    const result = expectFetched(await fetchFile(), FILE);
    expect(server.requests[1]!.headers).toMatchObject({ range: 'bytes=200000-', 'if-range': '"v1"' });
    expect(result.headers['content-length']).toBe('300000');
  });

  it('is resumed on a Last-Modified that is old enough to be strong', async () => {
    server.script(serve(FILE, { lastModified: OLD, breakAfter: 100, how: 'close' }), serve(FILE, { lastModified: OLD }));
    expectFetched(await fetchFile(), FILE);
    expect(server.requests[1]!.headers).toMatchObject({ range: 'bytes=100-', 'if-range': OLD });
  });

  it.each([
    ['the ETag is weak', { etag: 'W/"v1"' }],
    ['there is no validator', {}],
    ['Last-Modified is as young as the response', { lastModified: new Date(Date.now() + 60_000).toUTCString() }],
    ['the server accepts no ranges', { etag: '"v1"', acceptRanges: 'none' }],
  ])('is begun again when %s', async (_why, options) => {
    server.script(serve(FILE, { ...options, breakAfter: 100_000, how: 'close' }), serve(FILE, options));
    expectFetched(await fetchFile(), FILE);
    expect(server.requests[1]!.headers.range).toBeUndefined();
  });

  it.each<[string, Parameters<typeof serve>[1]]>([
    ['ignores the range', { etag: '"v1"', honourRange: false }],
    ['has another version by now', { etag: '"v2"' }],
  ])('is begun again within one answer when the server %s', async (_why, options) => {
    server.script(serve(FILE, { etag: '"v1"', breakAfter: 100_000, how: 'close' }), serve(OTHER, options));
    expectFetched(await fetchFile(), OTHER);
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof serve>[1]]>([
    ['a wrong start', { etag: '"v1"', contentRange: 'bytes 5-299999/300000' }],
    ['another total', { etag: '"v1"', contentRange: 'bytes 100000-299999/300001' }],
    ['an unreadable Content-Range', { etag: '"v1"', contentRange: 'bites' }],
    ['an end before its start', { etag: '"v1"', contentRange: 'bytes 100000-5/300000' }],
    ['another version in spite of If-Range', { etag: '"v2"', ignoreIfRange: true }],
  ])('is begun again when the partial answer has %s', async (_why, options) => {
    server.script(serve(FILE, { etag: '"v1"', breakAfter: 100_000, how: 'close' }), serve(OTHER, options), serve(OTHER, { etag: '"v2"' }));
    expectFetched(await fetchFile(), OTHER);
    expect(server.requests[2]!.headers.range).toBeUndefined();
  });

  it('goes on when the server gives the rest in several parts', async () => {
    server.script(
      serve(FILE, { etag: '"v1"', breakAfter: 100_000, how: 'close' }),
      (_request, response) => {
        const headers = { etag: '"v1"', 'content-range': 'bytes 100000-149999/300000', 'content-length': '50000' };
        response.writeHead(206, headers).end(FILE.subarray(100_000, 150_000));
      },
      serve(FILE, { etag: '"v1"' }),
    );
    expectFetched(await fetchFile(), FILE);
    expect(server.requests[2]!.headers.range).toBe('bytes=150000-');
  });

  it('that stalls is given up after the stall timeout, and resumed', async () => {
    server.script(serve(FILE, { etag: '"v1"', breakAfter: 100_000, how: 'stall' }), serve(FILE, { etag: '"v1"' }));
    expectFetched(await fetchFile({}, { stallTimeoutMs: 100 }), FILE);
    expect(server.requests[1]!.headers.range).toBe('bytes=100000-');
  });

  it('of a server that never answers is tried again', async () => {
    server.script(silence(), serve(FILE));
    expectFetched(await fetchFile({}, { connectTimeoutMs: 100 }), FILE);
  });

  it('in a chunked body never passes for its end', async () => {
    server.script(serve(FILE, { chunked: true, breakAfter: 100_000, how: 'close' }), serve(FILE, { chunked: true }));
    expectFetched(await fetchFile(), FILE);
  });

  it('every time ends as SourceUnavailableError', async () => {
    server.script(serve(FILE, { breakAfter: 100_000, how: 'reset' }));
    const error = await failure(fetchFile({}, { maxAttempts: 3 }));
    expect(error.name).toBe('SourceUnavailableError');
    expect(error.message).toContain('3 attempts');
    expect(server.requests).toHaveLength(3);
  });

  it('where no server listens ends as SourceUnavailableError with the code', async () => {
    const gone = await startFaultServer();
    await gone.close();
    const error = await failure(fetchFile({ url: gone.url(`/data.zip?apiKey=${SECRET}`) }));
    expect(error.name).toBe('SourceUnavailableError');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('leaves the bytes and the hash of the final file, whatever came before', async () => {
    const brokenStep = fc.record({
      version: fc.constantFrom('a', 'b'),
      breakAfter: fc.integer({ min: 0, max: 299_999 }),
      how: fc.constantFrom('reset' as const, 'close' as const),
      honourRange: fc.boolean(),
      validator: fc.constantFrom('strong', 'weak', 'date', 'none'),
      chunked: fc.boolean(),
    });
    const fileOf = (version: string) => (version === 'a' ? FILE : OTHER);
    const options = ({ version, validator }: { version: string; validator: string }) => ({
      etag: validator === 'strong' ? `"${version}"` : validator === 'weak' ? 'W/"same"' : undefined,
      lastModified: validator === 'date' ? (version === 'a' ? OLD : 'Tue, 03 Nov 2026 00:00:00 GMT') : undefined,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(brokenStep, { maxLength: 4 }), brokenStep, async (steps, last) => {
        const broken = steps.map((step) => serve(fileOf(step.version), { ...options(step), breakAfter: step.breakAfter, how: step.how, honourRange: step.honourRange, chunked: step.chunked }));
        server.script(...broken, serve(fileOf(last.version), { ...options(last), honourRange: last.honourRange, chunked: last.chunked }));
        const result = expectFetched(await fetchFile({}, { maxAttempts: 6 }), fileOf(last.version));
        rmSync(result.path);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an answer that is not the file', () => {
  it.each([
    [404, 'SourceNotFoundError'],
    [410, 'SourceNotFoundError'],
    [401, 'SourceRefusedError'],
    [403, 'SourceRefusedError'],
    [400, 'SourceRefusedError'],
    [304, 'SourceRefusedError'],
    [206, 'SourceRefusedError'],
    [204, 'EmptyBodyError'],
  ])('of status %i is %s at once', async (code, name) => {
    server.script(status(code));
    const error = await failure(fetchFile());
    expect(error.name).toBe(name);
    expect(error.message).toContain(String(code));
    expect(error.message).toContain('/files/data.zip?apiKey=…');
    expect(server.requests).toHaveLength(1);
  });

  it('of status 403 says that the client can present itself otherwise', async () => {
    server.script(status(403));
    expect((await failure(fetchFile())).message).toMatch(/User-Agent and From/);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('of status %i is tried again', async (code) => {
    server.script(status(code), serve(FILE));
    expectFetched(await fetchFile(), FILE);
  });

  it('of status 503 for ever ends as SourceUnavailableError', async () => {
    server.script(status(503));
    const error = await failure(fetchFile());
    expect([error.name, server.requests.length]).toEqual(['SourceUnavailableError', 5]);
    expect(error.message).toContain('status 503');
  });

  it('is waited for with doubling, jittered delays, and as long as Retry-After says, within bounds', async () => {
    const clock = fixedClock('2026-11-20T21:00:00Z');
    const waits: number[] = [];
    const observed = { now: clock.now, sleep: (ms: number) => (waits.push(ms), clock.sleep(ms)) };
    const inTenSeconds = new Date('2026-11-20T21:00:18Z').toUTCString();
    server.script(status(503), status(503), status(429, { 'retry-after': '7' }), status(503, { 'retry-after': inTenSeconds }), status(429, { 'retry-after': '86400' }), serve(FILE));
    expectFetched(await fetchFile({}, { clock: observed, maxAttempts: 6 }), FILE);
    expect(waits).toEqual([500, 1000, 7000, 9500, 60_000]);
  });

  it('is HTML: with a Content-Type that says so', async () => {
    server.script(serve(FILE, { headers: { 'content-type': 'text/html; charset=utf-8' } }));
    expect((await failure(fetchFile())).name).toBe('HtmlInsteadOfDataError');
  });

  it.each(['<!DOCTYPE html><p>', '\ufeff \r\n<html lang="en">', '<!-- a --><!-- b -->\n<!doctype HTML>', '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', '<html></html>'])(
    'is HTML: a body that begins with %j',
    async (start) => {
      for (const rest of ['', ' '.repeat(5000)]) {
        server.script(serve(Buffer.from(start + rest)));
        expect((await failure(fetchFile())).name).toBe('HtmlInsteadOfDataError');
      }
    },
  );

  it('may be HTML when HTML was asked for', async () => {
    server.script(serve(Buffer.from('<!doctype html>'), { headers: { 'content-type': 'text/html' } }));
    expect(await fetchFile({ url: server.url('/page.html') })).toMatchObject({ status: 'fetched', fileName: 'page.html' });
  });

  it('is empty', async () => {
    server.script(serve(Buffer.alloc(0)));
    expect((await failure(fetchFile())).name).toBe('EmptyBodyError');
    server.script(serve(Buffer.alloc(0), { chunked: true }));
    expect((await failure(fetchFile())).name).toBe('EmptyBodyError');
  });

  it('says too much in Content-Length: ShortBodyError after all attempts, resumable or not', async () => {
    for (const etag of ['"v1"', undefined]) {
      server.script(serve(FILE, { etag, declaredLength: 300_500, how: 'close' }));
      const error = await failure(fetchFile());
      expect(error.name).toBe('ShortBodyError');
      expect(error.message).toContain('300500 bytes');
      expect(error.message).toContain('300000 bytes');
    }
  });

  it('says too much in Content-Length and then falls silent: SourceUnavailableError, for a stall may pass', async () => {
    server.script(serve(FILE, { declaredLength: 300_500, how: 'stall' }));
    expect((await failure(fetchFile({}, { stallTimeoutMs: 100, maxAttempts: 2 }))).name).toBe('SourceUnavailableError');
  });

  it('says too little in Content-Length: only the announced bytes count', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n';
    server.script(raw(head, FILE.subarray(0, 250)));
    expectFetched(await fetchFile(), FILE.subarray(0, 100));
  });

  it('is no HTTP: SourceUnavailableError', async () => {
    server.script(raw('SSH-2.0-OpenSSH_9.2\r\n'));
    expect((await failure(fetchFile())).name).toBe('SourceUnavailableError');
  });

  it('is too large by its announced length: not a byte is read', async () => {
    server.script(serve(FILE, { breakAfter: 10, how: 'stall' }));
    expect((await failure(fetchFile({ maxBytes: 299_999 }))).name).toBe('SourceTooLargeError');
    expectFetched(await (server.script(serve(FILE)), fetchFile({ maxBytes: 300_000 })), FILE);
  });

  it('is too large without saying so: stopped while it streams', async () => {
    server.script(async (_request, response) => {
      while (!response.destroyed) {
        response.write(OTHER);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
    expect((await failure(fetchFile({ maxBytes: 1_000_000 }))).name).toBe('SourceTooLargeError');
  });

  it('is too large once unpacked', async () => {
    server.script(serveGzipped(Buffer.alloc(2_000_000, 'a')));
    expect((await failure(fetchFile({ maxBytes: 1_000_000 }))).name).toBe('SourceTooLargeError');
  });
});

describe('a redirect', () => {
  it('is followed, and the file keeps the name that was asked for', async () => {
    server.script(redirect('/elsewhere/other.zip', 301), redirect('?b=2', 307), serve(FILE));
    expectFetched(await fetchFile(), FILE);
    expect(server.requests.map(({ path }) => path)).toEqual([`/files/data.zip?apiKey=${SECRET}`, '/elsewhere/other.zip', '/elsewhere/other.zip?b=2']);
  });

  it('is followed five times, not six', async () => {
    server.script(...Array.from({ length: 5 }, () => redirect('/loop')), serve(FILE));
    rmSync(expectFetched(await fetchFile(), FILE).path);
    server.script(redirect('/loop'));
    const error = await failure(fetchFile());
    expect([error.name, server.requests.length]).toEqual(['SourceRefusedError', 6]);
  });

  it.each([`file:///etc/passwd?key=${SECRET}`, `ftp://me:${SECRET}@127.0.0.1/x?key=${SECRET}`, 'http://'])('to %s is unsafe', async (location) => {
    server.script(redirect(location));
    expect((await failure(fetchFile())).name).toBe('UnsafeUrlError');
  });

  it('from https down to http is unsafe', async () => {
    const fetch = jest.fn(async () => new Response(null, { status: 302, headers: { location: `http://example.org/?apiKey=${SECRET}` } }));
    const error = await failure(fetchFile({ url: `https://example.org/data.zip?apiKey=${SECRET}` }, { fetch }));
    expect([error.name, fetch.mock.calls.length]).toEqual(['UnsafeUrlError', 1]);
  });

  it('without a Location is refused', async () => {
    server.script(status(302));
    expect((await failure(fetchFile())).name).toBe('SourceRefusedError');
  });

  it('to another origin does not carry what may be secret', async () => {
    const other = await startFaultServer();
    other.script(serve(FILE));
    server.script(redirect(other.url('/data.zip')));
    await fetchFile({ headers: { Authorization: `Bearer ${SECRET}`, 'X-Key': SECRET, 'User-Agent': 'inlet/1' } });
    expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(JSON.stringify(other.requests)).not.toContain(SECRET);
    expect(other.requests[0]!.headers['user-agent']).toBe('inlet/1');
    await other.close();
  });
});

describe('a request', () => {
  it('with user info in its URL authenticates by it, and never shows it', async () => {
    const url = server.url('/data.zip').replace('//', `//me%40x:${SECRET}@`);
    server.script(status(401));
    await failure(fetchFile({ url }));
    expect(server.requests[0]!.headers.authorization).toBe(`Basic ${Buffer.from(`me@x:${SECRET}`).toString('base64')}`);
  });

  it('with a header that cannot be sent is a ConfigError that names it', async () => {
    const error = await failure(fetchFile({ headers: { From: `a\n${SECRET}` } }));
    expect(error.name).toBe('ConfigError');
    expect(error.message).toContain('headers.From');
  });

  it('whose scratch folder cannot be written is a PermanentError, and is not sent again', async () => {
    server.script(serve(FILE));
    writeFileSync(path.join(scratchDir, 'file'), '');
    await expect(fetchFile({ scratchDir: path.join(scratchDir, 'file', 'below') })).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('ENOTDIR') });
    expect(server.requests).toHaveLength(0);
  });

  it('that is no http URL is an UnsafeUrlError', async () => {
    expect((await failure(fetchFile({ url: 'file:///etc/passwd' }))).name).toBe('UnsafeUrlError');
  });

  it('of a server with a certificate that nobody vouches for is refused at once', async () => {
    const fetch = jest.fn(() => Promise.reject(Object.assign(new TypeError(`fetch failed ${SECRET}`), { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })));
    const error = await failure(fetchFile({}, { fetch }));
    expect([error.name, fetch.mock.calls.length]).toEqual(['SourceRefusedError', 1]);
  });

  it('that is aborted before, during the answer, the body or a wait ends at once with the signal\'s reason', async () => {
    const reason = new Error('stop');
    const abortSoon = () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 50);
      return controller.signal;
    };
    expect(await failure(fetchFile({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    for (const behaviour of [silence(), serve(FILE, { breakAfter: 1000, how: 'stall' }), status(503, { 'retry-after': '50' })]) {
      server.script(behaviour);
      expect(await failure(fetchFile({ signal: abortSoon() }, { clock: systemClock }))).toBe(reason);
    }
  });
});
