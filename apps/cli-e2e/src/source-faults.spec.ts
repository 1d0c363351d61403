/** Sources that fail in every way we know of: each run ends in the right outcome, under the right name, and what is published stays what it was. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Dataset } from '@inlet/dataset';
import type { RunRecord } from '@inlet/manifest';
import { NSDE_MEMBER_NAME } from '@inlet/nsde-samples';
import { readNsde } from '@inlet/nsde-dataset';
import { redirect, serve, silence, startFaultServer, status, tempDir, type Behaviour, type FaultServer } from '@inlet/testing';
import { inlet } from './cli.test-support';
import { openTestLake, QUICK_HTTP, withConfig, withUrls, type TestLake } from './lake.test-support';
import { craftZip, nsdeCsv, serveVersion, writeNsde, writeText, writeZip } from './releases.test-support';

const SECRET = 'k3y-that-nobody-may-see';
const PASSWORD = 'p4ss-that-nobody-may-see';
const HTML = Buffer.from('<!DOCTYPE html><html><body>Access denied</body></html>');
const TRIES = 4;
const ATTEMPTS = QUICK_HTTP.maxAttempts ?? NaN;

let nsde: Dataset;
let server: FaultServer;
let good: Buffer;
let next: Buffer;
beforeAll(async () => {
  nsde = await readNsde();
  server = await startFaultServer();
  good = readFileSync(await writeNsde(nsdeCsv()));
  next = readFileSync(await writeNsde(nsdeCsv({ release: 2 })));
});
afterAll(() => server.close());

const address = () => server.url(`/nsde.zip?api_key=${SECRET}`).replace('http://', `http://someone:${PASSWORD}@`);
const atServer = () => withUrls(nsde, address());

/** A run, and how often its first state was tried. */
async function runCounting(lake: TestLake, dataset: Dataset, sources: string[] = []): Promise<{ run: RunRecord; tries: number }> {
  let tries = 0;
  const run = await lake.run(dataset, { sources }, { observe: (event) => (tries += Number(event.type === 'state-entered' && event.state === 'FetchAndHash')) });
  return { run, tries };
}

/** Everything on disk that could tell a secret. */
function filesTelling(folder: string, secret: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => path.join(entry.parentPath, entry.name)).filter((file) => file.includes(secret) || readFileSync(file).includes(secret));
}

async function zipOf(...names: string[]): Promise<Buffer> {
  return readFileSync(await writeZip(names.map((name) => ({ name, content: nsdeCsv() }))));
}

describe('a published release', () => {
  let lake: TestLake;
  let published: string;
  let observedEtag: string | undefined;
  beforeAll(async () => {
    lake = openTestLake();
    server.script(serveVersion(good, '"v1"'));
    expect(await lake.run(atServer())).toMatchObject({ outcome: 'published' });
    published = lake.manifestText('nsde') ?? '';
    observedEtag = (await lake.manifest('nsde')).observed?.sources[0]?.etag;
  });
  afterAll(() => lake.close());

  /** Fails under this name, after so many tries of the state and requests in all, and touches nothing that was there. */
  async function expectFailure(behaviour: Behaviour, expected: { name: string; tries?: number; requests?: number }, dataset = atServer()): Promise<RunRecord> {
    server.script(behaviour);
    const { run, tries } = await runCounting(lake, dataset);
    expect(run).toMatchObject({ outcome: 'failed', error: { name: expected.name, message: run.reason }, tables: [], engine: null });
    expect(run.error?.message.length).toBeGreaterThan(20);
    expect({ tries, requests: server.requests.length }).toEqual({ tries: expected.tries ?? 1, requests: expected.requests ?? 1 });
    expect(await lake.recordedRun('nsde', run.runId)).toEqual(run);
    expect((await lake.history('nsde'))[0]).toEqual(run);
    expect(lake.manifestText('nsde')).toBe(published);
    expect(server.requests[0]?.headers['if-none-match']).toBe(observedEtag);
    return run;
  }

  describe('stays while the source may come back, and the source is tried as often as is agreed', () => {
    const transient = { name: 'SourceUnavailableError', tries: TRIES, requests: TRIES * ATTEMPTS };
    it.each<[string, () => Behaviour]>([
      ['is reset in the middle', () => serve(next, { breakAfter: 300 })],
      ['is reset before its first byte', () => serve(next, { breakAfter: 0 })],
      ['stalls in the middle', () => serve(next, { breakAfter: 300, how: 'stall' })],
      ['never answers', () => silence()],
      ['answers 429', () => status(429, { 'retry-after': '0' })],
      ['answers 500', () => status(500)],
      ['answers 503', () => status(503)],
    ])('when it %s', async (_what, behaviour) => {
      await expectFailure(behaviour(), transient);
    });
  });

  describe('stays when the source is wrong, and it is not tried again', () => {
    it.each<[string, string, number, () => Behaviour]>([
      ['answers 403', 'SourceRefusedError', 1, () => status(403)],
      ['answers 404', 'SourceNotFoundError', 1, () => status(404)],
      ['answers 410', 'SourceNotFoundError', 1, () => status(410)],
      ['answers 200 with HTML', 'HtmlInsteadOfDataError', 1, () => serve(HTML, { headers: { 'content-type': 'text/html; charset=utf-8' } })],
      ['answers 200 with HTML that it calls a zip', 'HtmlInsteadOfDataError', 1, () => serve(HTML, { headers: { 'content-type': 'application/zip' } })],
      ['sends an empty body', 'EmptyBodyError', 1, () => serve(Buffer.alloc(0))],
      ['answers 204', 'EmptyBodyError', 1, () => status(204)],
      ['ends before its announced length', 'ShortBodyError', ATTEMPTS, () => serve(next, { breakAfter: 300, how: 'close' })],
      ['announces more than it sends', 'ShortBodyError', ATTEMPTS, () => serve(next, { declaredLength: next.length + 100, how: 'close' })],
      ['redirects to a file', 'UnsafeUrlError', 1, () => redirect(`file:///etc/passwd?token=${SECRET}`)],
      ['redirects for ever', 'SourceRefusedError', 6, () => redirect(`/nsde.zip?api_key=${SECRET}`)],
      ['is cut without saying so', 'CorruptArchiveError', 1, () => serve(next.subarray(0, next.length - 50), { chunked: true })],
      ['is no zip', 'CorruptArchiveError', 1, () => serve(Buffer.from('Item Code,NDC11\n'))],
      ['is a zip with other bytes in its middle', 'CorruptArchiveError', 1, () => serve(Buffer.concat([next.subarray(0, 400), Buffer.alloc(200, 0xaa), next.subarray(600)]))],
      ['is an empty zip', 'CorruptArchiveError', 1, () => serve(Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]))],
      ['is compressed with gzip', 'UnsupportedFormatError', 1, () => serve(gzipSync(nsdeCsv()))],
    ])('when it %s: %s', async (_what, name, requests, behaviour) => {
      await expectFailure(behaviour(), { name, requests });
    });

    it.each<[string, string, () => Promise<Buffer>]>([
      ['climbs out of its folder', 'UnsafeEntryPathError', async () => craftZip({ name: '../../escaped.csv', content: nsdeCsv() })],
      ['has an absolute path', 'UnsafeEntryPathError', async () => craftZip({ name: '/tmp/escaped.csv', content: nsdeCsv() })],
      ['is encrypted', 'UnsupportedFormatError', async () => craftZip({ name: NSDE_MEMBER_NAME, content: nsdeCsv(), flags: 1 })],
      ['is larger than it says', 'CorruptArchiveError', async () => craftZip({ name: NSDE_MEMBER_NAME, content: Buffer.alloc(5_000_000), declaredBytes: 1000 })],
      ['is named like no table', 'MissingMemberError', async () => zipOf('readme.txt')],
      ['is not the only one for the table', 'AmbiguousMemberError', async () => zipOf('a.csv', 'b.csv')],
    ])('when a member of the zip %s: %s', async (_what, name, bytes) => {
      await expectFailure(serve(await bytes()), { name });
      expect(existsSync(path.join(lake.root, '../escaped.csv')) || existsSync('/tmp/escaped.csv')).toBe(false);
    });
  });

  describe('stays when the source is beyond the dataset\'s limits', () => {
    const limited = (limits: Partial<Dataset['config']['limits']>) => withConfig(atServer(), { limits: { ...nsde.config.limits, ...limits } });

    it('by its announced length, before a byte is read', async () => {
      await expectFailure(serve(next), { name: 'SourceTooLargeError' }, limited({ max_source_bytes: 1000 }));
    });
    it('by what has come so far, where no length was announced', async () => {
      await expectFailure(serve(next, { chunked: true }), { name: 'SourceTooLargeError' }, limited({ max_source_bytes: 1000 }));
    });
    it('by what it would expand to', async () => {
      const run = await expectFailure(serve(craftZip({ name: NSDE_MEMBER_NAME, content: Buffer.alloc(5_000_000) })), { name: 'ArchiveTooLargeError' }, limited({ max_expanded_bytes: 1_000_000 }));
      expect(run.reason).toContain('limits.max_expanded_bytes');
    });
    it('by how far it would expand', async () => {
      const noise = Buffer.from(Array.from({ length: 40_000 }, (_, n) => createHash('sha256').update(String(n)).digest('hex')).join(''), 'hex');
      const bomb = await writeZip([{ name: 'noise.bin', content: noise }, { name: NSDE_MEMBER_NAME, content: Buffer.alloc(6_000_000) }]);
      expect(statSync(bomb).size).toBeGreaterThan(1_000_000);
      const run = await expectFailure(serve(readFileSync(bomb)), { name: 'ArchiveTooLargeError' }, limited({ max_expansion_ratio: 4 }));
      expect(run.reason).toContain('limits.max_expansion_ratio');
    });
    it('by the number of its members', async () => {
      await expectFailure(serve(await zipOf('a.txt', 'b.txt', 'c.csv')), { name: 'ArchiveTooLargeError' }, limited({ max_members: 2 }));
    });
  });

  it('gives way to the next release as soon as the source is well again', async () => {
    server.script(serveVersion(next, '"v2"'));
    expect(await lake.run(atServer())).toMatchObject({ outcome: 'published' });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual(['"v1"']);
    expect(lake.files().filter((file) => file.startsWith('tmp/'))).toEqual([]);
  });

  it('has no file beside it that tells a secret of the address', () => {
    expect(filesTelling(lake.root, SECRET)).toEqual([]);
    expect(filesTelling(lake.root, PASSWORD)).toEqual([]);
    expect(filesTelling(lake.root, 'api_key=…').length).toBeGreaterThan(20);
  });
});

describe('a source that recovers', () => {
  let lake: TestLake;
  beforeEach(() => {
    lake = openTestLake();
  });
  afterEach(() => lake.close());
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

  it('is resumed where it broke off, within one try of the state', async () => {
    server.script(serve(good, { etag: '"v1"', breakAfter: 1000, how: 'close' }), serve(good, { etag: '"v1"' }));
    const { run, tries } = await runCounting(lake, atServer());
    expect(run).toMatchObject({ outcome: 'published', release: { sha256: sha256(good), bytes: good.length } });
    expect(tries).toBe(1);
    expect(server.requests[1]?.headers).toMatchObject({ range: expect.stringMatching(/^bytes=\d+-$/), 'if-range': '"v1"' });
  });

  it('is fetched anew by the state machine once its own attempts are used up', async () => {
    server.script(status(503), status(503), serve(good, { breakAfter: 500 }), status(500), serve(good));
    const { run, tries } = await runCounting(lake, atServer());
    expect(run).toMatchObject({ outcome: 'published', release: { sha256: sha256(good) } });
    expect({ tries, requests: server.requests.length }).toEqual({ tries: 3, requests: 5 });
  });

  it.each([
    ['says so', {}],
    ['sends the rest of the new file for the old one', { ignoreIfRange: true }],
  ])('is fetched whole when the file changes in the middle and the server %s', async (_what, options) => {
    server.script(serve(good, { etag: '"v1"', breakAfter: 1000, how: 'close' }), serve(next, { etag: '"v2"', ...options }));
    const { run } = await runCounting(lake, atServer());
    expect(run).toMatchObject({ outcome: 'published', release: { sha256: sha256(next), bytes: next.length } });
    expect((await lake.manifest('nsde')).observed?.sources[0]?.etag).toBe('"v2"');
  });
});

describe('before the first release', () => {
  it('an answer of "not modified" to an unconditional question is a refusal, and nothing is published', async () => {
    const lake = openTestLake();
    server.script(status(304));
    const { run } = await runCounting(lake, atServer());
    expect(run).toMatchObject({ outcome: 'failed', error: { name: 'SourceRefusedError' } });
    expect(lake.manifestText('nsde')).toBeUndefined();
    await lake.close();
  });

  it.each<[string, string, () => string | Promise<string>]>([
    ['is not there', 'SourceNotFoundError', () => '/nowhere/nsde.zip'],
    ['is a folder', 'UsageError', () => tempDir()],
    ['is empty', 'EmptyBodyError', () => writeText('nsde.zip', '')],
    ['is a web page', 'HtmlInsteadOfDataError', () => writeText('nsde.zip', HTML)],
    ['is no zip', 'CorruptArchiveError', () => writeText('nsde.zip', 'no zip')],
    ['is a folder in a zip', 'CorruptArchiveError', () => writeText('nsde.zip', craftZip({ name: 'folder/', content: '' }))],
  ])('a file that %s is a failure: %s', async (_what, name, file) => {
    const lake = openTestLake();
    const { run, tries } = await runCounting(lake, nsde, [await file()]);
    expect(run).toMatchObject({ outcome: 'failed', error: { name } });
    expect(tries).toBe(1);
    expect(await lake.recordedRun('nsde', run.runId)).toEqual(run);
    expect(lake.manifestText('nsde')).toBeUndefined();
    await lake.close();
  });
});

describe('inlet run', () => {
  it('says what went wrong without the secret of the address, as text and as JSON, and exits with 1', async () => {
    const lakeRoot = path.join(tempDir(), 'lake');
    server.script(status(403));
    for (const options of [[], ['--json'], ['--verbose']]) {
      const { code, stdout, stderr } = await inlet(['run', 'nsde', '--source', address(), '--lake', lakeRoot, ...options]);
      expect(code).toBe(1);
      expect(stdout).toContain('The server refuses to give the source (http://127.0.0.1');
      expect(stdout).toContain('api_key=…');
      expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
      if (options[0] === '--json') expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', error: { name: 'SourceRefusedError' } });
      for (const secret of [SECRET, PASSWORD]) expect(stdout + stderr).not.toContain(secret);
    }
    for (const secret of [SECRET, PASSWORD]) expect(filesTelling(lakeRoot, secret)).toEqual([]);
  });

  it('publishes from an address with a secret, and tells it nowhere', async () => {
    const lakeRoot = path.join(tempDir(), 'lake');
    server.script(serve(good, { etag: '"v1"' }));
    const { code, stdout, stderr } = await inlet(['run', 'nsde', '--source', address(), '--lake', lakeRoot, '--json']);
    expect({ code, outcome: (JSON.parse(stdout) as RunRecord).outcome }).toEqual({ code: 0, outcome: 'published' });
    const told = await Promise.all([inlet(['history', 'nsde', '--json', '--lake', lakeRoot]), inlet(['status', '--lake', lakeRoot]), inlet(['doctor', '--lake', lakeRoot])]);
    for (const secret of [SECRET, PASSWORD]) {
      expect(stdout + stderr + told.map((result) => result.stdout + result.stderr).join('')).not.toContain(secret);
      expect(filesTelling(lakeRoot, secret)).toEqual([]);
    }
  });
});
