/** Is it new? The four questions asked of real files and a real server, and what a run's record says of the answer. */
import { statSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readCder } from '@inlet/cder-dataset';
import type { Dataset } from '@inlet/dataset';
import { describeNsdeChanges } from '@inlet/nsde-samples';
import { readNsde } from '@inlet/nsde-dataset';
import { serve, startFaultServer, status, type FaultServer } from '@inlet/testing';
import { openTestLake, withConfig, withModel, withUrls, type TestLake } from './lake.test-support';
import { cderMembers, nsdeCsv, ROWS, SEED, serveVersion, writeNsde, writeText, writeZip } from './releases.test-support';

let nsde: Dataset;
let server: FaultServer;
let lake: TestLake;
beforeAll(async () => {
  nsde = await readNsde();
  server = await startFaultServer();
});
afterAll(() => server.close());
beforeEach(() => {
  lake = openTestLake();
});
afterEach(() => lake.close());

const release1 = nsdeCsv();
const release2 = nsdeCsv({ release: 2 });

/** Files that a release is made of, apart from what was fetched. */
const builtFiles = () => lake.files().filter((file) => /^(bronze|silver|gold|quarantine)\//.test(file));
const rawFiles = () => lake.files().filter((file) => file.startsWith('raw/') && !file.endsWith('.json'));
const atFile = (file: string) => withUrls(nsde, pathToFileURL(file).href);
const atServer = () => withUrls(nsde, server.url('/nsde.zip'));
const zipBytes = async (text: string) => readFileSync(await writeNsde(text));

/** Publishes the first release from a file, and returns that file. */
async function publishFirst(): Promise<string> {
  const file = await writeNsde(release1);
  const { outcome, change } = await lake.run(nsde, { sources: [file] });
  expect({ outcome, change }).toEqual({ outcome: 'published', change: 'It is the first release of this dataset.' });
  return file;
}

async function publishFirstFromServer(): Promise<Dataset> {
  server.script(serveVersion(await zipBytes(release1), '"v1"'));
  expect(await lake.run(atServer())).toMatchObject({ outcome: 'published' });
  return atServer();
}

/** A run that looked, found nothing, and woke nobody. */
async function expectUnchangedAtOnce(dataset: Dataset, sources: string[], reason: RegExp): Promise<void> {
  const [built, before] = [builtFiles(), await lake.manifest('nsde')];
  const run = await lake.run(dataset, { sources }, { withoutEngine: true });
  expect(run).toMatchObject({ outcome: 'unchanged', engine: null, tables: [], reason: expect.stringMatching(reason) });
  expect(run.change).toBeUndefined();
  expect(builtFiles()).toEqual(built);
  expect((await lake.manifest('nsde')).current).toEqual(before.current);
  expect((await lake.history('nsde'))[0]).toEqual(run);
}

describe('the same bytes', () => {
  it('are unchanged by their hash, from the same file, without an engine', async () => {
    const file = await publishFirst();
    await expectUnchangedAtOnce(nsde, [file], /bytes are the same \(SHA-256\)/);
    await expectUnchangedAtOnce(atFile(file), [], /bytes are the same \(SHA-256\)/);
  });

  it('are unchanged under another file name', async () => {
    await publishFirst();
    const renamed = await writeNsde(release1, { name: 'nsde-2026-11-20 (1).zip' });
    await expectUnchangedAtOnce(nsde, [renamed], /bytes are the same \(SHA-256\)/);
  });

  it('are unchanged by one conditional request, and nothing is downloaded', async () => {
    const dataset = await publishFirstFromServer();
    server.script(serveVersion(await zipBytes(release2), '"v1"'));
    await expectUnchangedAtOnce(dataset, [], /not modified \(HTTP 304\)/);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers['if-none-match']).toBe('"v1"');
    expect(rawFiles()).toHaveLength(1);
  });

  it('are unchanged by one conditional request where the address was given with --source', async () => {
    server.script(serveVersion(await zipBytes(release1), '"v1"'));
    expect(await lake.run(nsde, { sources: [server.url('/given.zip')] })).toMatchObject({ outcome: 'published' });
    server.requests.length = 0;
    await expectUnchangedAtOnce(nsde, [server.url('/given.zip')], /not modified \(HTTP 304\)/);
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual(['"v1"']);
  });

  it('are unchanged by their hash from a server that knows no conditions or has another ETag, which is then remembered', async () => {
    const dataset = await publishFirstFromServer();
    server.script(serve(await zipBytes(release1), { etag: '"v1-again"' }));
    await expectUnchangedAtOnce(dataset, [], /bytes are the same \(SHA-256\)/);
    expect((await lake.manifest('nsde')).observed?.sources[0]?.etag).toBe('"v1-again"');
    server.script(serveVersion(await zipBytes(release1), '"v1-again"'));
    await expectUnchangedAtOnce(dataset, [], /not modified \(HTTP 304\)/);
  });
});

describe('the same members', () => {
  it.each([
    ['another time', { mtime: new Date('2026-03-01T00:00:00Z') }],
    ['no compression', { compressionLevel: 0 }],
    ['other compression', { compressionLevel: 1 }],
  ])('are unchanged in a zip with %s, without an engine', async (_what, options) => {
    await publishFirst();
    const repacked = await writeNsde(release1, options);
    await expectUnchangedAtOnce(nsde, [repacked], /packed anew, and its members are the same/);
    await expectUnchangedAtOnce(nsde, [repacked], /bytes are the same \(SHA-256\)/);
  });

  it('are unchanged in another order', async () => {
    const cder = await readCder();
    const { unfinished } = cderMembers({ products: 400 });
    expect(await lake.run(cder, { sources: [await writeZip(unfinished)] })).toMatchObject({ outcome: 'published' });
    const run = await lake.run(cder, { sources: [await writeZip([...unfinished].reverse())] }, { withoutEngine: true });
    expect(run).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('packed anew') });
  });

  it('make a new release when one of them has another name', async () => {
    await publishFirst();
    const run = await lake.run(nsde, { sources: [await writeZip([{ name: 'elements.csv', content: release1 }])] }, { withoutEngine: true });
    expect(run).toMatchObject({ outcome: 'failed', error: { name: 'EngineStarted' } });
  });
});

describe('the same content', () => {
  it.each([
    ['rows in another order', nsdeCsv({ reversed: true })],
    ['CRLF instead of LF', nsdeCsv({ lineEnding: '\r\n' })],
    ['the name that a column used to have', nsdeCsv({ header: 'monograph' })],
    ['no newline at the end', release1.trimEnd()],
    ['a byte order mark', `\ufeff${release1}`],
    ['a plain file instead of a zip', undefined],
  ])('is found unchanged after silver with %s, and is known from then on', async (_what, text) => {
    await publishFirst();
    const [built, before] = [builtFiles(), await lake.manifest('nsde')];
    const file = text === undefined ? writeText('elements.csv', release1) : await writeNsde(text);
    const run = await lake.run(nsde, { sources: [file] });
    expect(run).toMatchObject({ outcome: 'unchanged', engine: 'duckdb', reason: expect.stringContaining('content hashes'), change: expect.stringContaining('content has changed') });
    expect(builtFiles()).toEqual(built);
    const after = await lake.manifest('nsde');
    expect({ current: after.current, releases: after.releases }).toEqual({ current: before.current, releases: before.releases });
    expect(after.observed).toMatchObject({ runId: run.runId, sources: [{ sha256: run.release?.sha256 }] });
    await expectUnchangedAtOnce(nsde, [file], /bytes are the same/);
  });
});

describe('other content', () => {
  it('is published when one cell has changed, and nothing else has', async () => {
    await publishFirst();
    const { changed } = describeNsdeChanges({ rows: ROWS, seed: SEED, from: 1, to: 2 });
    const cell = changed.find(({ column, to }) => column === 'Proprietary Name' && !/[",]/.test(to));
    if (cell === undefined) throw new Error('release 2 changes no name');
    const lines = release1.split('\n').map((line) => (line.startsWith(`${cell.itemCode},`) ? line.replace(cell.from, cell.to) : line));
    expect(lines.filter((line, index) => line !== release1.split('\n')[index])).toHaveLength(1);
    const before = await lake.query('select * exclude (_source, _member, _line) from nsde.elements order by item_code');
    const run = await lake.run(nsde, { sources: [await writeNsde(lines.join('\n'))] });
    expect(run).toMatchObject({ outcome: 'published', reason: null, change: 'The content has changed: nsde.' });
    const after = await lake.query('select * exclude (_source, _member, _line) from nsde.elements order by item_code');
    expect(after).toEqual(before.map((row) => (row['item_code'] === cell.itemCode ? { ...row, proprietary_name: cell.to } : row)));
    expect((await lake.history('nsde'))[0]?.change).toBe('The content has changed: nsde.');
  });

  it('is published when a doubled row has become two', async () => {
    await publishFirst();
    const lines = release1.trimEnd().split('\n');
    const other = String(lines.at(-1)).replace(/^[^,]*,[^,]*/, '0009-0190-09,00009019009');
    expect(await lake.run(nsde, { sources: [await writeNsde([...lines, other].join('\n'))] })).toMatchObject({ outcome: 'published' });
    expect(await lake.query('select count(*)::int as n from nsde.elements')).toEqual([{ n: ROWS + 1 }]);
  });
});

describe('another pipeline over the same bytes', () => {
  const upperNames = { from: 'clean(proprietary_name) as proprietary_name', to: 'upper(clean(proprietary_name)) as proprietary_name' };

  it('is published from the raw bytes at hand, with one conditional request and no download', async () => {
    const dataset = await publishFirstFromServer();
    const [rawFile = ''] = rawFiles();
    const rawBefore = statSync(path.join(lake.root, rawFile));
    server.requests.length = 0;
    const run = await lake.run(withModel(dataset, 'elements', upperNames));
    expect(run).toMatchObject({ outcome: 'published', change: 'The config, the models or the rules have changed.' });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual(['"v1"']);
    expect(rawFiles()).toEqual([rawFile]);
    expect(statSync(path.join(lake.root, rawFile))).toMatchObject({ ino: rawBefore.ino, mtimeMs: rawBefore.mtimeMs });
    const [names] = await lake.query('select count(*) filter (proprietary_name <> upper(proprietary_name))::int as mixed, count(proprietary_name)::int as n from nsde.elements');
    expect(names).toEqual({ mixed: 0, n: ROWS });
  });

  it('asks for the bytes again when they are no longer in raw', async () => {
    const dataset = await publishFirstFromServer();
    await lake.store.delete(rawFiles());
    server.requests.length = 0;
    expect(await lake.run(withModel(dataset, 'elements', upperNames))).toMatchObject({ outcome: 'published' });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined]);
    expect(rawFiles()).toHaveLength(1);
  });

  it('is published when a config key that shapes tables changes them', async () => {
    const dataset = await publishFirstFromServer();
    const shaped = withConfig(dataset, { format: { ...dataset.config.format, null_tokens: ['', 'EA'] } });
    expect(await lake.run(shaped)).toMatchObject({ outcome: 'published', change: 'The config, the models or the rules have changed.' });
    expect(await lake.query("select count(*)::int as n from nsde.elements where billing_unit = 'EA'")).toEqual([{ n: 0 }]);
    expect(await lake.run(shaped, {}, { withoutEngine: true })).toMatchObject({ outcome: 'unchanged' });
  });

  it('is found unchanged after silver when the tables stay the same, and is known from then on', async () => {
    const dataset = await publishFirstFromServer();
    const stricter = withConfig(dataset, { data_quality: { ...dataset.config.data_quality, max_quarantined_share: 0.005 } });
    expect(await lake.run(stricter)).toMatchObject({ outcome: 'unchanged', engine: 'duckdb', reason: expect.stringContaining('content hashes') });
    await expectUnchangedAtOnce(stricter, [], /HTTP 304/);
  });

  it('is unchanged at once when only an operational key changes', async () => {
    const dataset = await publishFirstFromServer();
    await expectUnchangedAtOnce(withConfig(dataset, { owner: 'another-team', retention: { ...dataset.config.retention, releases: 3 } }), [], /HTTP 304/);
  });
});

describe('--force', () => {
  it('publishes the same bytes again, and asks for them without conditions', async () => {
    const dataset = await publishFirstFromServer();
    const before = await lake.manifest('nsde');
    server.requests.length = 0;
    const run = await lake.run(dataset, { force: true });
    expect(run).toMatchObject({ outcome: 'published', reason: null, change: 'The run was forced.' });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined]);
    const after = await lake.manifest('nsde');
    expect(after.current?.runId).toBe(run.runId);
    expect(after.current?.tables.map(({ contentHash }) => contentHash)).toEqual(before.current?.tables.map(({ contentHash }) => contentHash));
  });
});

describe('what was observed', () => {
  it('stays as it was after a run that failed while fetching, and the same version is then fetched and published', async () => {
    const dataset = await publishFirstFromServer();
    const { observed } = await lake.manifest('nsde');
    const good = await zipBytes(release2);
    server.script(serve(Buffer.concat([good.subarray(0, 200), Buffer.alloc(300), good.subarray(500)]), { etag: '"v2"' }));
    expect(await lake.run(dataset)).toMatchObject({ outcome: 'failed', error: { name: 'CorruptArchiveError' } });
    expect((await lake.manifest('nsde')).observed).toEqual(observed);
    server.script(serveVersion(good, '"v2"'));
    expect(await lake.run(dataset)).toMatchObject({ outcome: 'published' });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual(['"v1"']);
  });

  it('stays as it was after a run that failed while building, and the same bytes are then published', async () => {
    const dataset = await publishFirstFromServer();
    const { observed } = await lake.manifest('nsde');
    server.script(serveVersion(await zipBytes(release2), '"v2"'));
    const failed = await lake.run(dataset, {}, { withoutEngine: true });
    expect(failed).toMatchObject({ outcome: 'failed', error: { name: 'EngineStarted' }, change: 'The content has changed: nsde.' });
    expect((await lake.manifest('nsde')).observed).toEqual(observed);
    expect(await lake.run(dataset)).toMatchObject({ outcome: 'published', change: 'The content has changed: nsde.' });
  });

  it('stays as it was after a run that was rejected', async () => {
    const dataset = await publishFirstFromServer();
    const { observed } = await lake.manifest('nsde');
    server.script(serveVersion(await zipBytes(release2.split('\n').slice(0, 60).join('\n')), '"v2"'));
    expect(await lake.run(dataset)).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('RowCount') });
    expect((await lake.manifest('nsde')).observed).toEqual(observed);
    server.script(status(304));
    await expectUnchangedAtOnce(dataset, [], /HTTP 304/);
  });
});

describe('the history of a dataset', () => {
  it('says of every run why it ended as it did, newest first', async () => {
    const file = await publishFirst();
    await lake.run(nsde, { sources: [file] });
    await lake.run(nsde, { sources: [await writeNsde(release1, { compressionLevel: 1 })] });
    await lake.run(nsde, { sources: [await writeNsde(nsdeCsv({ reversed: true }))] });
    await lake.run(nsde, { sources: [await writeNsde(release2)] });
    await lake.run(nsde, { sources: ['/nowhere/nsde.zip'] });
    const told = (await lake.history('nsde')).reverse().map(({ outcome, reason, change }) => `${outcome}: ${reason ?? change}`);
    expect(told).toEqual([
      'published: It is the first release of this dataset.',
      'unchanged: The bytes are the same (SHA-256).',
      'unchanged: The archive was packed anew, and its members are the same (SHA-256 of each).',
      'unchanged: Every table has the same content as the published release (content hashes).',
      'published: The content has changed: nsde.',
      expect.stringMatching(/^failed: The source file does not exist \(\/nowhere\/nsde.zip\)/),
    ]);
  });
});
