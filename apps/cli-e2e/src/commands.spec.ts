/** The commands around a lake in processes of their own: the shapes of their JSON, their exit codes, and lakes with awkward names. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { keys, RunRecordSchema, type RunRecord } from '@inlet/manifest';
import { startFaultServer, tempDir, type FaultServer } from '@inlet/testing';
import { copyWorkspace, inlet, type CliResult } from './cli.test-support';
import { cderMembers, nsdeCsv, ROWS, serveVersion, writeNsde, writeText, writeZip } from './releases.test-support';

type Command = (...args: string[]) => Promise<CliResult>;

const on = (lakeRoot: string): Command => (...args) => inlet([...args, '--lake', lakeRoot]);

/** The only JSON document of a command that ended well. */
async function json<T>(result: Promise<CliResult>, code = 0): Promise<T> {
  const ended = await result;
  expect(ended).toMatchObject({ code });
  return ended.json() as T;
}

describe('a lake with a release of each kind', () => {
  const lakeRoot = path.join(tempDir(), 'lake');
  const command = on(lakeRoot);
  const records: RunRecord[] = [];
  beforeAll(async () => {
    const first = await writeNsde(nsdeCsv());
    const runs: [string, number][] = [
      [first, 0],
      [first, 0],
      [writeText('empty.csv', nsdeCsv({ rows: 0 })), 3],
      ['/nowhere/nsde.zip', 1],
      [await writeNsde(nsdeCsv({ release: 2 })), 0],
    ];
    for (const [source, code] of runs) records.push(await json<RunRecord>(command('run', 'nsde', '--source', source, '--json', '--quiet'), code));
  });

  it('prints of each run what the contract says, and no more', () => {
    expect(records.map(({ outcome }) => outcome)).toEqual(['published', 'unchanged', 'rejected', 'failed', 'published']);
    for (const record of records) {
      const printed = ['dataset', 'runId', 'outcome', 'engine', 'durationMs', 'release', 'tables', 'quality', 'reason', ...(record.outcome === 'failed' ? ['error'] : [])];
      expect(Object.keys(record)).toEqual(printed);
      expect(record.reason === null).toBe(record.outcome === 'published');
    }
    expect(records[0]?.tables).toEqual([
      { name: 'elements', layer: 'bronze', rows: ROWS, quarantined: 0, superseded: 0 },
      { name: 'elements', layer: 'silver', rows: ROWS, quarantined: 0, superseded: 0 },
    ]);
    expect(records[3]?.error).toEqual({ name: 'SourceNotFoundError', message: records[3]?.reason });
  });

  it('shows and lists whole records, as they lie in the lake', async () => {
    const { dataset, runs } = await json<{ dataset: string; runs: RunRecord[] }>(command('history', 'nsde', '--json'));
    expect(dataset).toBe('nsde');
    expect(runs.map(({ runId }) => runId)).toEqual(records.map(({ runId }) => runId).reverse());
    for (const run of runs) {
      expect(RunRecordSchema.strict().parse(run)).toEqual(run);
      expect(JSON.parse(readFileSync(path.join(lakeRoot, keys.runRecordKey('nsde', run.runId)), 'utf8'))).toEqual(run);
      expect(run).toMatchObject(records.find(({ runId }) => runId === run.runId) ?? {});
    }
    expect(await json(command('show', String(runs[1]?.runId), '--json'))).toEqual(runs[1]);
    expect((await json<{ runs: RunRecord[] }>(command('history', 'nsde', '--limit', '2', '--json'))).runs).toEqual(runs.slice(0, 2));
  });

  it('tells in its history why each run ended as it did', async () => {
    const { stdout } = await command('history', 'nsde');
    const reasons = stdout.split('\n').filter((line) => line.startsWith('    ')).map((line) => line.trim());
    expect(reasons).toEqual([
      'The content has changed: nsde.',
      expect.stringMatching(/^The source file does not exist/),
      expect.stringMatching(/RowCount > 0 \(the table is empty\)/),
      'The bytes are the same (SHA-256).',
      'It is the first release of this dataset.',
    ]);
  });

  it('has a status that names the release, its rows and the last run of every dataset', async () => {
    const { lake, datasets } = await json<{ lake: string; datasets: Record<string, unknown>[] }>(command('status', '--json'));
    expect(lake).toBe(lakeRoot);
    expect(datasets.map(({ dataset }) => dataset)).toEqual(expect.arrayContaining(['cder', 'nsde']));
    const last = records[4];
    expect(datasets.find(({ dataset }) => dataset === 'nsde')).toMatchObject({
      release: { runId: last?.runId, sha256: last?.release?.sha256, rows: ROWS, tables: [{ name: 'elements', layer: 'silver', rows: ROWS }] },
      lastRun: { runId: last?.runId, outcome: 'published' },
      running: false,
    });
    expect(datasets.find(({ dataset }) => dataset === 'cder')).toMatchObject({ release: null, lastRun: null });
  });

  it('rolls back by command, says what it cannot do with code 2, and collects without losing a release', async () => {
    const before = readFileSync(path.join(lakeRoot, keys.manifestKey('nsde')), 'utf8');
    const unknown = await command('rollback', 'nsde', '--to', '20200101T000000Z-000000000000', '--json');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be rolled back') });
    expect(unknown.json()).toMatchObject({ error: { name: 'UnknownReleaseError' } });
    expect(readFileSync(path.join(lakeRoot, keys.manifestKey('nsde')), 'utf8')).toBe(before);
    expect(await json(command('rollback', 'nsde', '--json'))).toEqual({ dataset: 'nsde', from: records[4]?.runId, to: records[0]?.runId });
    const dry = await json<{ dryRun: boolean; datasets: { dataset: string; keptReleases: string[] }[] }>(command('gc', '--dry-run', '--json'));
    expect(dry).toMatchObject({ dryRun: true, datasets: expect.arrayContaining([expect.objectContaining({ dataset: 'nsde', deletedKeys: [], keptReleases: expect.arrayContaining([records[0]?.runId, records[4]?.runId]) })]) });
    expect(await json(command('gc', '--json'))).toMatchObject({ dryRun: false });
    expect(await json(command('query', 'select count(*) as n from nsde.elements', '--json'))).toEqual([{ n: ROWS }]);
    expect((await command('doctor')).code).toBe(0);
  });
});

describe('a lake whose path is awkward', () => {
  it.each([
    ['spaces and quotes', 'my "lake" isn\'t here'],
    ['characters beyond ASCII', 'jezioro Śniardwy 湖 🦆'],
    ['what URLs and globs take for more than a name', 'a%20b#c?d[1]{2}*=&;$x'],
    ['what looks like a partition', 'run=7/version=1'],
  ])('with %s runs, is queried, rolled back and collected like any other', async (_what, name) => {
    const folder = path.join(tempDir(), name);
    mkdirSync(folder, { recursive: true });
    const command = on(path.join(folder, 'lake'));
    const moved = async (file: Promise<string>) => {
      const target = path.join(folder, path.basename(await file));
      renameSync(await file, target);
      return target;
    };
    const sources = [await moved(writeNsde(nsdeCsv(), { name: '1 of 2.zip' })), await moved(writeNsde(nsdeCsv({ release: 2 }), { name: '2 of 2.zip' }))];
    const runs: RunRecord[] = [];
    for (const source of sources) runs.push(await json<RunRecord>(command('run', 'nsde', '--source', source, '--json', '--quiet')));
    expect(runs.map(({ outcome }) => outcome)).toEqual(['published', 'published']);
    expect(await json(command('query', 'select count(*) as n, min(_line) as first from nsde.elements', '--json'))).toEqual([{ n: ROWS, first: 2 }]);
    expect(await json(command('rollback', 'nsde', '--json'))).toMatchObject({ to: runs[0]?.runId });
    expect(await json(command('gc', '--json'))).toMatchObject({ dryRun: false });
    expect(await json(command('query', 'select count(*) as n from nsde_bronze.elements', '--json'))).toEqual([{ n: ROWS }]);
    expect(await json<RunRecord>(command('run', 'nsde', '--source', String(sources[1]), '--json', '--quiet'))).toMatchObject({ outcome: 'unchanged' });
  });

  it('and a dataset of several sources publishes there as well', async () => {
    const folder = path.join(tempDir(), "it's \"here\" 湖");
    mkdirSync(folder, { recursive: true });
    const members = cderMembers();
    const zips = await Promise.all((['finished', 'unfinished'] as const).map((name) => writeZip(members[name], { folder, name: `${name} 'x'.zip` })));
    const command = on(path.join(folder, 'lake'));
    expect(await json(command('run', 'cder', ...zips.flatMap((zip) => ['--source', zip]), '--json', '--quiet'))).toMatchObject({ outcome: 'published' });
    expect(await json(command('query', 'select directory, count(*) as n from cder.products group by all order by 1', '--json'))).toEqual([
      { directory: 'finished', n: 60 },
      { directory: 'unfinished', n: 9 },
    ]);
  });
});

describe('a workspace with a dataset of its own', () => {
  let server: FaultServer;
  beforeAll(async () => {
    server = await startFaultServer();
  });
  afterAll(() => server.close());

  it('asks its configured source conditionally, builds anew when its model is edited, and complains of its config with code 2', async () => {
    const cwd = copyWorkspace({ nsde: { source_url: server.url('/nsde.zip') } });
    const run = (...args: string[]) => inlet(['run', 'nsde', '--json', '--quiet', ...args], { cwd });
    server.script(serveVersion(readFileSync(await writeNsde(nsdeCsv())), '"v1"'));
    expect(await json(run())).toMatchObject({ outcome: 'published', release: { sources: [{ name: 'nsde', url: server.url('/nsde.zip') }] } });
    expect(await json(run())).toMatchObject({ outcome: 'unchanged', engine: null, reason: 'The source says that it was not modified (HTTP 304).' });

    const model = path.join(cwd, 'domains/nsde/models/elements.sql');
    writeFileSync(model, readFileSync(model, 'utf8').replace('clean(proprietary_name) as proprietary_name', 'lower(clean(proprietary_name)) as proprietary_name'));
    expect(await json(run())).toMatchObject({ outcome: 'published', engine: 'duckdb' });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"', '"v1"']);
    const asked = await inlet(['query', 'select count(*) as n from nsde.elements where proprietary_name <> lower(proprietary_name)', '--json'], { cwd });
    expect(asked.json()).toEqual([{ n: 0 }]);

    const config = path.join(cwd, 'domains/nsde/config/dataset.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('"owner"', '"ownr"'));
    const wrong = await run();
    expect(wrong.code).toBe(2);
    expect(wrong.json()).toMatchObject({ error: { name: 'ConfigError', message: expect.stringContaining('ownr') } });
    expect(server.requests).toHaveLength(3);
    expect((await inlet(['query', 'select count(*) as n from nsde.elements', '--json'], { cwd })).json()).toEqual([{ n: ROWS }]);
  });

  it('ends as failed, and not as a crash, when its model is no SQL', async () => {
    const cwd = copyWorkspace({ nsde: { source_url: server.url('/nsde.zip') } });
    writeFileSync(path.join(cwd, 'domains/nsde/models/elements.sql'), 'selekt * from bronze.elements');
    server.script(serveVersion(readFileSync(await writeNsde(nsdeCsv())), '"v1"'));
    const ran = await inlet(['run', 'nsde', '--json'], { cwd });
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ outcome: 'failed', error: { name: 'ModelError', message: expect.stringContaining('models/elements.sql') } });
    expect(ran.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});
