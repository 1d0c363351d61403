/** status, history, show, rollback, gc and doctor on a real local lake, without a run: the lake is written by hand. */
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keys, type Manifest, type Release, type RunRecord } from '@inlet/manifest';
import { captureContext, type CapturedContext } from '../capture.test-support';
import { openStore, withLedger } from '../local-lake';
import { runCommandLine } from '../main';

const OLD = '20261119T210000Z-aaaaaaaaaaaa';
const NEW = '20261120T210000Z-bbbbbbbbbbbb';
const sha256 = 'a'.repeat(64);

let root: string;
let lake: string;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'lake-commands-'));
  lake = path.join(root, '.inlet');
  writeFileSync(path.join(root, 'nx.json'), '{}');
  for (const id of ['nsde', 'cder']) {
    mkdirSync(path.join(root, 'domains', id, 'config'), { recursive: true });
    writeFileSync(path.join(root, 'domains', id, 'config/dataset.json'), '{}');
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const fileKey = (runId: string) => `${keys.modelPrefix('silver', 'nsde', '2026-11-20', runId)}elements/part-0.parquet`;

function releaseOf(runId: string): Release {
  return {
    runId,
    version: '2026-11-20',
    sha256,
    bytes: 100,
    publishedAt: '2026-11-20T21:00:01.000Z',
    fingerprint: sha256,
    sources: [{ name: 'elements', url: 'https://host/x.zip', rawKey: 'raw/nsde/x', sha256, bytes: 100, membersSha256: sha256 }],
    tables: [{ name: 'elements', layer: 'silver', rows: 450_000, files: [{ key: fileKey(runId), rows: 450_000, bytes: 4 }], columns: [{ name: 'a', type: 'VARCHAR' }], quarantined: 0, superseded: 0 }],
    schemaChanges: [],
  };
}

function recordOf(runId: string, overrides: Partial<RunRecord> = {}): RunRecord {
  const startedAt = `${runId.slice(0, 4)}-${runId.slice(4, 6)}-${runId.slice(6, 8)}T21:00:00.000Z`;
  return { dataset: 'nsde', runId, outcome: 'published', engine: 'duckdb', startedAt, endedAt: startedAt, durationMs: 812, release: null, tables: [], quality: [], reason: null, schemaChanges: [], ...overrides };
}

async function fillLake(records: RunRecord[] = [recordOf(OLD), recordOf(NEW)]): Promise<void> {
  const store = openStore(lake);
  const [current, older] = [releaseOf(NEW), releaseOf(OLD)];
  const manifest: Manifest = { formatVersion: 1, dataset: 'nsde', current, observed: null, releases: [current, older], events: [] };
  for (const { runId } of [current, older]) await store.write(fileKey(runId), 'PAR1');
  await store.write(keys.manifestKey('nsde'), JSON.stringify(manifest));
  await withLedger(lake, async (ledger) => {
    for (const record of records) {
      const owner = { executionId: record.runId, host: 'here', pid: process.pid };
      await ledger.beginRun({ dataset: record.dataset, owner, requestedAt: new Date(record.startedAt) });
      await ledger.endRun(owner.executionId, record);
    }
  });
}

async function inlet(...argv: string[]): Promise<CapturedContext> {
  const context = captureContext({ cwd: root, installRoot: root });
  await runCommandLine(context, argv);
  return context;
}

describe('inlet status', () => {
  it('shows each dataset\'s release, last run and next step', async () => {
    await fillLake([recordOf(OLD), recordOf(NEW, { outcome: 'rejected', reason: 'Row count fell by 60 %.' })]);
    const { stdout, exitCode } = await inlet('status');
    expect(exitCode).toBe(0);
    expect(stdout.text).toMatch(/^cder\n {2}release {3}none yet\n {2}next {6}npx inlet run cder\n/);
    expect(stdout.text).toContain(`release   ${NEW}, published 2026-11-20 21:00:01 UTC`);
    expect(stdout.text).toContain('elements 450,000');
    expect(stdout.text).toMatch(/last run {2}rejected.*\n.*Row count fell by 60 %\./);
    expect(stdout.text).toContain(`npx inlet show ${NEW}`);
  });

  it('is one document with --json, and makes no lake where there is none', async () => {
    const { stdout } = await inlet('status', '--json');
    expect(JSON.parse(stdout.text).datasets.map(({ dataset, release }: { dataset: string; release: unknown }) => [dataset, release])).toEqual([['cder', null], ['nsde', null]]);
    expect(() => unlinkSync(path.join(lake, 'ledger.sqlite'))).toThrow(/ENOENT/);
  });

  it('says which manifest is damaged, and still shows the others', async () => {
    await fillLake();
    await openStore(lake).write(keys.manifestKey('cder'), '{"formatVersion":');
    const { stdout, exitCode } = await inlet('status');
    expect(exitCode).toBe(1);
    expect(stdout.text).toMatch(/cder\n {2}problem/);
    expect(stdout.text).toContain(NEW);
  });
});

describe('inlet history', () => {
  it('lists runs newest first, with the reason', async () => {
    await fillLake([recordOf(OLD), recordOf(NEW, { outcome: 'unchanged', reason: 'The source answered 304.' })]);
    const { stdout } = await inlet('history', 'nsde');
    const lines = stdout.text.trimEnd().split('\n');
    expect(lines).toEqual([
      `2026-11-20 21:00:00 UTC  unchanged    812 ms  ${NEW}`,
      '    The source answered 304.',
      `2026-11-19 21:00:00 UTC  published    812 ms  ${OLD}`,
    ]);
    expect((await inlet('history', 'nsde', '--limit', '1')).stdout.text).not.toContain(OLD);
  });

  it('names the dataset that was probably meant, and ends with 2', async () => {
    const { stderr, exitCode } = await inlet('history', 'ndse');
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain('did you mean "nsde"?');
  });
});

describe('inlet show', () => {
  it('prints the whole record', async () => {
    await fillLake();
    expect((await inlet('show', NEW)).stdout.text).toContain('nsde published on duckdb');
    expect(JSON.parse((await inlet('show', NEW, '--json')).stdout.text)).toEqual(recordOf(NEW));
  });
  it('refuses an unknown run, and names the newest', async () => {
    await fillLake();
    const { stderr, exitCode } = await inlet('show', '20200101T000000Z-000000000000');
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain(NEW);
    expect((await inlet('show', 'latest')).exitCode).toBe(2);
  });
});

describe('inlet rollback', () => {
  it('prints from where to where', async () => {
    await fillLake();
    expect(JSON.parse((await inlet('rollback', 'nsde', '--json')).stdout.text)).toEqual({ dataset: 'nsde', from: NEW, to: OLD });
    expect((await inlet('rollback', 'nsde', '--to', NEW)).stdout.text).toBe(`nsde rolled back from ${OLD} to ${NEW}\n`);
  });
  it('ends with 2 when there is no such release', async () => {
    await fillLake();
    const { stderr, exitCode } = await inlet('rollback', 'nsde', '--to', '20200101T000000Z-000000000000');
    expect(exitCode).toBe(2);
    expect(stderr.text).toContain(OLD);
  });
});

describe('inlet gc', () => {
  it('goes on past a config that it cannot read, says which, and ends with 1', async () => {
    await fillLake();
    const { exitCode, stdout } = await inlet('gc', '--dry-run', '--json');
    const { datasets } = JSON.parse(stdout.text) as { datasets: { dataset: string; problem?: string }[] };
    expect(datasets.map(({ dataset, problem }) => [dataset, problem !== undefined])).toEqual([['cder', true], ['nsde', true]]);
    expect(exitCode).toBe(1);
    expect((await inlet('gc')).stdout.text).toMatch(/^cder: nothing deleted\. .*\n(.*\n)*nsde: nothing deleted\. /m);
  });
});

describe('inlet doctor', () => {
  const findingsOf = ({ stdout }: CapturedContext): Record<string, { status: string; message: string; next?: string }> =>
    Object.fromEntries(JSON.parse(stdout.text).findings.map((finding: { check: string }) => [finding.check, finding]));

  it('finds a lake in order, and every broken config', async () => {
    await fillLake();
    const context = await inlet('doctor', '--json');
    const findings = findingsOf(context);
    expect(findings['engine']).toMatchObject({ status: 'ok' });
    expect(findings['lake folder']).toMatchObject({ status: 'ok' });
    expect(findings['ledger']).toMatchObject({ status: 'ok', message: `newest run ${NEW}` });
    expect(findings['release nsde']).toMatchObject({ status: 'ok' });
    expect(findings['config nsde']).toMatchObject({ status: 'fail' });
    expect(context.exitCode).toBe(1);
  });

  it('finds a file of the release that is missing or has another size, and says how to mend it', async () => {
    await fillLake();
    writeFileSync(path.join(lake, fileKey(NEW)), 'PAR1+');
    expect(findingsOf(await inlet('doctor', '--json'))['release nsde']).toMatchObject({ status: 'fail', message: expect.stringContaining('has 5 bytes, not 4'), next: expect.stringContaining('inlet run nsde --force') });
    unlinkSync(path.join(lake, fileKey(NEW)));
    const text = (await inlet('doctor')).stdout.text;
    expect(text).toMatch(/fail {2}release nsde .*is missing/);
    expect(text).toMatch(/checks? failed\.\n$/);
  });

  it('finds a ledger that is no database', async () => {
    mkdirSync(lake);
    writeFileSync(path.join(lake, 'ledger.sqlite'), 'not a database, and long enough to be read as the header of one, '.repeat(20));
    expect(findingsOf(await inlet('doctor', '--json'))['ledger']).toMatchObject({ status: 'fail' });
  });
});
