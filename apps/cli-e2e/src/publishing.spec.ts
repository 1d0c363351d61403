/** What becomes of releases once they are published: rolled back, collected, read, and told of. */
import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { readCder } from '@inlet/cder-dataset';
import type { Dataset } from '@inlet/dataset';
import { UnknownReleaseError } from '@inlet/errors';
import { combineSourceHashes } from '@inlet/hash';
import { readNsde } from '@inlet/nsde-dataset';
import { present, startFaultServer, status, type Behaviour, type FaultServer } from '@inlet/testing';
import { fixedClock } from '@inlet/time';
import { expectEveryRowAccounted, openTestLake, withConfig, withUrls, type TestLake } from './lake.test-support';
import { cderMembers, nsdeCsv, route, ROWS, serveVersion, writeNsde, writeText, writeZip } from './releases.test-support';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let nsde: Dataset;
let cder: Dataset;
let server: FaultServer;
let lake: TestLake;
let zips: Buffer[];
beforeAll(async () => {
  [nsde, cder, server] = await Promise.all([readNsde(), readCder(), startFaultServer()]);
  zips = await Promise.all([1, 2, 3, 4].map(async (release) => readFileSync(await writeNsde(nsdeCsv({ release })))));
});
afterAll(() => server.close());
beforeEach(() => {
  lake = openTestLake();
});
afterEach(() => lake.close());

const atServer = () => withUrls(nsde, server.url('/nsde.zip'));
const serveRelease = (release: number) => server.script(serveVersion(present(zips[release - 1]), `"v${release}"`));
const codes = () => lake.query('select item_code, proprietary_name from nsde.elements order by all');
const currentRunId = async () => (await lake.manifest('nsde')).current?.runId;

/** Publishes these releases one after the other; gives their run ids. */
async function publish(releases: readonly number[], dataset = atServer()): Promise<string[]> {
  const runIds: string[] = [];
  for (const release of releases) {
    serveRelease(release);
    const run = await lake.run(dataset);
    expect(run).toMatchObject({ outcome: 'published' });
    runIds.push(run.runId);
  }
  return runIds;
}

/** Every file that the manifest names is there, with its size: whatever is published or can be returned to is whole. */
async function expectReleasesWhole(dataset: string): Promise<void> {
  const { releases, current } = await lake.manifest(dataset);
  const files = [...releases, present(current)].flatMap(({ tables }) => tables).flatMap((table) => table.files);
  const found = await Promise.all(files.map(async ({ key }) => (await lake.store.head(key))?.sizeBytes));
  expect(found).toEqual(files.map(({ bytes }) => bytes));
}

describe('rollback', () => {
  it('returns to the release before, step by step, and readers see it at once', async () => {
    await publish([1]);
    const first = await codes();
    await publish([2]);
    const second = await codes();
    await publish([3]);
    const [runId3, runId2, runId1] = (await lake.manifest('nsde')).releases.map(({ runId }) => runId);
    expect(await lake.rollback('nsde')).toEqual({ from: runId3, to: runId2 });
    expect(await codes()).toEqual(second);
    expect(await lake.rollback('nsde')).toEqual({ from: runId2, to: runId1 });
    expect(await codes()).toEqual(first);
    const before = lake.manifestText('nsde');
    await expect(lake.rollback('nsde')).rejects.toThrow(UnknownReleaseError);
    expect(lake.manifestText('nsde')).toBe(before);
    const { releases, events } = await lake.manifest('nsde');
    expect(releases.map(({ runId }) => runId)).toEqual([runId3, runId2, runId1]);
    expect(events.map(({ action, runId, previousRunId }) => [action, runId, previousRunId])).toEqual([
      ['rollback', runId1, runId2],
      ['rollback', runId2, runId3],
      ['publish', runId3, runId2],
      ['publish', runId2, runId1],
      ['publish', runId1, null],
    ]);
  });

  it('goes to the release that is named, backward and forward', async () => {
    const [runId1 = '', , runId3 = ''] = await publish([1, 2, 3]);
    await lake.rollback('nsde', runId1);
    expect(await currentRunId()).toBe(runId1);
    await lake.rollback('nsde', runId3);
    expect(await currentRunId()).toBe(runId3);
  });

  it('refuses a run that is unknown, current, unchanged or rejected, and names those it can return to', async () => {
    const [runId1 = '', runId2 = ''] = await publish([1, 2]);
    const unchanged = await lake.run(atServer());
    const rejected = await lake.run(nsde, { sources: [writeText('empty.csv', nsdeCsv({ rows: 0 }))] });
    expect([unchanged.outcome, rejected.outcome]).toEqual(['unchanged', 'rejected']);
    const before = lake.manifestText('nsde');
    for (const runId of ['20200101T000000Z-000000000000', 'no run id', runId2, unchanged.runId, rejected.runId]) {
      await expect(lake.rollback('nsde', runId)).rejects.toThrow(`nsde cannot be rolled back to ${runId} (manifests/nsde/manifest.json): expected one of ${runId1}, found ${runId}. \`inlet history nsde\``);
    }
    expect(lake.manifestText('nsde')).toBe(before);
  });

  it.each<[string, (file: string) => void]>([
    ['gone', (file) => rmSync(file)],
    ['cut', (file) => truncateSync(file, 10)],
  ])('refuses a release of which a file is %s', async (_what, damage) => {
    await publish([1, 2]);
    const first = present((await lake.manifest('nsde')).releases[1]);
    const { key } = present(first.tables.find(({ layer }) => layer === 'silver')?.files[0]);
    damage(path.join(lake.root, key));
    const before = lake.manifestText('nsde');
    await expect(lake.rollback('nsde')).rejects.toThrow(`The release ${first.runId} of nsde is no longer whole (${key})`);
    expect(lake.manifestText('nsde')).toBe(before);
  });

  it('sticks until the source has something newer', async () => {
    const [runId1] = await publish([1, 2]);
    await lake.rollback('nsde');
    expect(await lake.run(atServer(), {}, { withoutEngine: true })).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('304') });
    server.script(serveVersion(present(zips[1]), '"another tag of the same bytes"'));
    expect(await lake.run(atServer(), {}, { withoutEngine: true })).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('SHA-256') });
    expect(await currentRunId()).toBe(runId1);
    const [runId3] = await publish([3]);
    expect(await currentRunId()).toBe(runId3);
    const [event] = (await lake.manifest('nsde')).events;
    expect(event).toMatchObject({ action: 'publish', runId: runId3, previousRunId: runId1 });
  });

  it('is undone by --force', async () => {
    await publish([1, 2]);
    const second = await codes();
    await lake.rollback('nsde');
    expect(await lake.run(atServer(), { force: true })).toMatchObject({ outcome: 'published' });
    expect(await codes()).toEqual(second);
  });

  it('is refused where nothing was published, and makes no manifest', async () => {
    await expect(lake.rollback('nsde')).rejects.toThrow(UnknownReleaseError);
    expect(lake.manifestText('nsde')).toBeUndefined();
  });
});

describe('gc', () => {
  const keepTwo = () => withConfig(atServer(), { retention: { releases: 2, raw_days: 365, quarantine_days: 30 } });
  const later = (ms: number) => fixedClock(new Date(Date.now() + ms).toISOString());
  const runsOn = (layer: string) => [...new Set(lake.files().filter((file) => file.startsWith(`${layer}/`)).map((file) => /run=([^/]+)/.exec(file)?.[1]))].sort();

  it('keeps the releases of the retention, whole, and deletes older ones once nobody can be reading them', async () => {
    const runIds = await publish([1, 2, 3, 4], keepTwo());
    const before = lake.files();
    expect(await lake.gc(keepTwo(), {})).toMatchObject({ deletedKeys: [] });
    const dry = await lake.gc(keepTwo(), { dryRun: true, clock: later(2 * HOUR_MS) });
    expect(dry.deletedKeys.length).toBeGreaterThan(0);
    expect(lake.files()).toEqual(before);
    const report = await lake.gc(keepTwo(), { clock: later(2 * HOUR_MS) });
    expect(report).toEqual(dry);
    expect(lake.files()).toEqual(before.filter((file) => !report.deletedKeys.includes(file)));
    expect([runsOn('bronze'), runsOn('silver')]).toEqual([runIds.slice(2), runIds.slice(2)]);
    expect(lake.files().filter((file) => file.startsWith('raw/') && file.endsWith('.zip'))).toHaveLength(4);
    await expectReleasesWhole('nsde');
    expect(await lake.query('select count(*)::int as n from nsde.elements')).toEqual([{ n: ROWS }]);
    await lake.rollback('nsde');
    expect(await lake.query('select count(*)::int as n from nsde.elements')).toEqual([{ n: ROWS }]);
    expect((await lake.history('nsde')).map(({ runId }) => runId).reverse()).toEqual(runIds);
    expect(runIds.every((runId) => existsSync(path.join(lake.root, `manifests/nsde/runs/${runId}.json`)))).toBe(true);
  });

  it('deletes what a rejected run built, and keeps its quarantine, and its bronze for a replay, for their days; an unchanged run has cleared up itself', async () => {
    const [runId1] = await publish([1]);
    const unchanged = await lake.run(nsde, { sources: [await writeNsde(nsdeCsv({ reversed: true }))] });
    const wrecked = nsdeCsv({ release: 2 }).replaceAll(/,(19|20)\d{6},/g, ',never,');
    const rejected = await lake.run(nsde, { sources: [await writeNsde(wrecked)] });
    expect([unchanged.outcome, unchanged.engine, rejected.outcome]).toEqual(['unchanged', 'duckdb', 'rejected']);
    expect(runsOn('bronze')).toEqual([runId1, rejected.runId]);
    await lake.gc(nsde, { clock: later(2 * HOUR_MS) });
    expect([runsOn('bronze'), runsOn('silver'), runsOn('quarantine')]).toEqual([[runId1, rejected.runId], [runId1], [rejected.runId]]);
    expect(await lake.quarantine('nsde', rejected.runId, 'elements')).toHaveLength(ROWS);
    await lake.gc(nsde, { clock: later(31 * DAY_MS) });
    expect([runsOn('bronze'), runsOn('quarantine')]).toEqual([[runId1], []]);
    await expectReleasesWhole('nsde');
  });

  it('keeps raw files for their days, and those that a kept release came from for ever', async () => {
    await publish([1, 2, 3], keepTwo());
    const rawOf = async () => new Set([...(await lake.manifest('nsde')).releases.flatMap(({ sources }) => sources.map(({ rawKey }) => rawKey))]);
    const kept = [...(await rawOf())].flatMap((key) => [key, `${key}.json`]).sort();
    await lake.gc(keepTwo(), { clock: later(364 * DAY_MS) });
    expect(lake.files().filter((file) => file.startsWith('raw/'))).toHaveLength(6);
    await lake.gc(keepTwo(), { clock: later(3650 * DAY_MS) });
    expect(lake.files().filter((file) => file.startsWith('raw/'))).toEqual(kept);
    serveRelease(4);
    expect(await lake.run(keepTwo())).toMatchObject({ outcome: 'published' });
  });

  it('keeps a release that was rolled back to, and what the next run compares with', async () => {
    const [runId1] = await publish([1, 2], keepTwo());
    await lake.rollback('nsde');
    await lake.gc(keepTwo(), { clock: later(3650 * DAY_MS) });
    expect(await currentRunId()).toBe(runId1);
    await expectReleasesWhole('nsde');
    expect(await lake.run(atServer(), {}, { withoutEngine: true })).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('304') });
  });

  it('touches no other dataset of the lake', async () => {
    await publish([1]);
    await lake.run(cder, { sources: [await writeZip(cderMembers().finished)] });
    const others = lake.files().filter((file) => file.includes('/cder/'));
    await publish([2, 3, 4], withConfig(atServer(), { retention: { releases: 1, raw_days: 1, quarantine_days: 1 } }));
    const report = await lake.gc(nsde, { clock: later(400 * DAY_MS) });
    expect(report.deletedKeys.length).toBeGreaterThan(0);
    expect(lake.files().filter((file) => file.includes('/cder/'))).toEqual(others);
    await expectReleasesWhole('cder');
  });
});

describe('a dataset of several sources', () => {
  const NAMES = ['finished', 'unfinished', 'excluded'] as const;
  let files: Record<(typeof NAMES)[number], Buffer[]>;
  const atThree = () => withUrls(cder, ...NAMES.map((name) => server.url(`/${name}.zip`)));
  const zip = async (members: ReturnType<typeof cderMembers>, name: (typeof NAMES)[number]) => readFileSync(await writeZip(members[name]));
  beforeAll(async () => {
    const releases = [1, 2].map((release) => cderMembers({ products: 400, release }));
    files = { finished: [], unfinished: [], excluded: [] };
    for (const name of NAMES) for (const members of releases) files[name].push(await zip(members, name));
  });
  const serveAll = (versions: Record<(typeof NAMES)[number], number>) =>
    route(Object.fromEntries(NAMES.map((name) => [`/${name}.zip`, serveVersion(present(files[name][versions[name] - 1]), `"${name}-${versions[name]}"`)])));

  /** Answers nobody until all three have asked: who asks one after the other waits for ever. */
  function onceAllHaveAsked(behaviour: Behaviour): Behaviour {
    const waiting: (() => void)[] = [];
    return (request, response) => {
      waiting.push(() => void behaviour(request, response));
      if (waiting.length === NAMES.length) for (const answer of waiting) answer();
    };
  }

  it('fetches them side by side and publishes them as one release', async () => {
    server.script(onceAllHaveAsked(serveAll({ finished: 1, unfinished: 1, excluded: 1 })));
    const run = await lake.run(atThree(), {}, { http: { connectTimeoutMs: 2000, maxAttempts: 1 } });
    expect(run).toMatchObject({ outcome: 'published' });
    expectEveryRowAccounted(cder, run);
    const sources = present(run.release).sources;
    expect(sources.map(({ name }) => name)).toEqual([...NAMES]);
    expect(run.release?.sha256).toBe(combineSourceHashes([...sources].reverse()));
    expect(run.runId.endsWith(String(run.release?.sha256.slice(0, 12)))).toBe(true);
    expect(await lake.query('select directory, count(*)::int as n from cder.products group by all order by 1')).toEqual([
      { directory: 'excluded', n: 20 },
      { directory: 'finished', n: 400 },
      { directory: 'unfinished', n: 60 },
    ]);
    expect(await lake.query('select _source, _member, min(_line)::int as first, max(_line)::int as last from cder.products group by all order by 1')).toEqual([
      { _source: 'excluded', _member: 'Products_excluded.txt', first: 2, last: 21 },
      { _source: 'finished', _member: 'product.txt', first: 2, last: 401 },
      { _source: 'unfinished', _member: 'unfinished_product.txt', first: 2, last: 61 },
    ]);
  });

  it('builds a release from what has changed and the raw bytes of what has not', async () => {
    server.script(serveAll({ finished: 1, unfinished: 1, excluded: 1 }));
    const first = await lake.run(atThree());
    server.script(serveAll({ finished: 2, unfinished: 1, excluded: 1 }));
    const run = await lake.run(atThree());
    expect(run).toMatchObject({ outcome: 'published', change: 'The content has changed: finished.' });
    expect(server.requests.map(({ path: asked, headers }) => [asked, headers['if-none-match']]).sort()).toEqual(NAMES.map((name) => [`/${name}.zip`, `"${name}-1"`]).sort());
    expect(run.release?.sources.slice(1)).toEqual(first.release?.sources.slice(1));
    expect(run.release?.sources[0]?.sha256).not.toBe(first.release?.sources[0]?.sha256);
    expectEveryRowAccounted(cder, run);
    expect(await lake.query('select count(distinct directory)::int as n from cder.products')).toEqual([{ n: 3 }]);
    expect(lake.files().filter((file) => file.startsWith('raw/') && file.endsWith('.zip'))).toHaveLength(4);
    expect(await lake.run(atThree(), {}, { withoutEngine: true })).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('304') });
  });

  it('fails as a whole when one of them fails, and remembers nothing of the others', async () => {
    server.script(serveAll({ finished: 1, unfinished: 1, excluded: 1 }));
    await lake.run(atThree());
    const before = lake.manifestText('cder');
    const broken = serveAll({ finished: 2, unfinished: 2, excluded: 1 });
    server.script((request, response) => (request.url === '/excluded.zip' ? status(404) : broken)(request, response));
    expect(await lake.run(atThree())).toMatchObject({ outcome: 'failed', error: { name: 'SourceNotFoundError', message: expect.stringContaining('/excluded.zip') } });
    expect(lake.manifestText('cder')).toBe(before);
    server.script(serveAll({ finished: 2, unfinished: 2, excluded: 1 }));
    expect(await lake.run(atThree())).toMatchObject({ outcome: 'published', change: 'The content has changed: finished, unfinished.' });
  });

  it('takes the same three as files in any order, and finds them unchanged', async () => {
    const members = cderMembers({ products: 400 });
    const paths = await Promise.all(NAMES.map((name) => writeZip(members[name], { name: `${name}.zip` })));
    expect(await lake.run(cder, { sources: paths })).toMatchObject({ outcome: 'published' });
    expect(await lake.run(cder, { sources: [...paths].reverse() }, { withoutEngine: true })).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('bytes are the same') });
    expect(await lake.run(cder, { sources: paths.slice(1) })).toMatchObject({ outcome: 'published', change: 'The content has changed: finished (gone).' });
  });
});

describe('two datasets of one lake', () => {
  it('run at the same time, each to its own record', async () => {
    const [a, b] = await Promise.all([lake.run(nsde, { sources: ['/nowhere/nsde.zip'] }), lake.run(cder, { sources: ['/nowhere/cder.zip'] })]);
    expect([a, b].map(({ dataset, outcome, reason }) => [dataset, outcome, /nowhere\/\w+/.exec(String(reason))?.[0]])).toEqual([
      ['nsde', 'failed', 'nowhere/nsde'],
      ['cder', 'failed', 'nowhere/cder'],
    ]);
    const runs = await Promise.all([lake.run(nsde, { sources: [await writeNsde(nsdeCsv())] }), lake.run(cder, { sources: [await writeZip(cderMembers().finished)] })]);
    expect(runs.map(({ dataset, outcome }) => [dataset, outcome])).toEqual([['nsde', 'published'], ['cder', 'published']]);
    for (const run of [a, b, ...runs]) expect(await lake.recordedRun(run.dataset, run.runId)).toEqual(run);
    expect((await lake.history('nsde')).every(({ dataset }) => dataset === 'nsde')).toBe(true);
    expect(await lake.query('select (select count(*) from nsde.elements)::int as elements, (select count(*) from cder.products)::int as products')).toEqual([{ elements: ROWS, products: 60 }]);
  });
});

describe('lineage', () => {
  it('leads from every published row to its line in the source', async () => {
    const text = nsdeCsv({ rows: 300, quirks: true });
    const run = await lake.run(withConfig(nsde, { data_quality: { ...nsde.config.data_quality, max_quarantined_share: 0.1 } }), { sources: [await writeNsde(text)] });
    expect(run).toMatchObject({ outcome: 'published' });
    const lines = text.split('\n');
    const rows = await lake.query('select item_code, _line::int as line, _source, _member from nsde.elements');
    expect(rows.map(({ line }) => String(lines[Number(line) - 1]?.split(',')[0]).trim())).toEqual(rows.map(({ item_code: code }) => code));
    expect(new Set(rows.map(({ _source, _member }) => `${_source} ${_member}`))).toEqual(new Set(['nsde Comprehensive_NDC_SPL_Data_Elements_File.csv']));
    const quarantined = await lake.query('select item_code, _line::int as line from nsde_quarantine.elements');
    expect(quarantined.map(({ line }) => lines[Number(line) - 1]?.split(',')[0])).toEqual(quarantined.map(({ item_code: code }) => code));
    expect(quarantined.length).toBeGreaterThan(0);
    const bronze = await lake.query('select item_code, _line::int as line from nsde_bronze.elements order by _line');
    expect(bronze.map(({ line }) => line)).toEqual(Array.from({ length: 300 }, (_, index) => index + 2));
  });
});
