/** The command as a person meets it: real processes, a small dataset of their own, a lake on disk. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

const launcher = path.resolve(__dirname, '../bin/inlet.mjs');

const config = {
  dataset: 'notes',
  owner: 'tests',
  cost_center: 'tests',
  source_url: 'http://127.0.0.1:1/notes.csv',
  schedule: { expression: 'rate(1 day)' },
  tables: [{ name: 'notes', members: ['*.csv'], columns: [{ name: 'id', source: 'id' }, { name: 'text', source: 'text' }] }],
  models: [{ name: 'notes', key: ['id'], parent: 'notes' }],
  samples: ['samples/one.csv', 'samples/two.csv'],
  bronze_job_name: 'b',
  silver_job_name: 's',
  bronze_crawler_name: 'c',
  database_name: 'notes',
};

let root: string;
let lake: string;
beforeAll(() => {
  // The first start may build; the tests after it measure what they mean to.
  spawnSync(process.execPath, [launcher, '--version']);
}, 60_000);
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'inlet-cli-'));
  lake = path.join(root, '.inlet');
  const domain = path.join(root, 'domains/notes');
  for (const folder of ['config', 'models', 'samples']) mkdirSync(path.join(domain, folder), { recursive: true });
  writeFileSync(path.join(root, 'nx.json'), '{}');
  writeFileSync(path.join(domain, 'config/dataset.json'), JSON.stringify(config));
  writeFileSync(path.join(domain, 'models/notes.sql'), 'select cast(id as integer) as id, text, _source, _member, _line from bronze.notes');
  writeFileSync(path.join(domain, 'samples/one.csv'), 'id,text\n1,one\n2,two\n');
  writeFileSync(path.join(domain, 'samples/two.csv'), 'id,text\n1,one\n2,"two, and more"\n3,three\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const environment = () => ({ ...process.env, INLET_LAKE: '', NO_COLOR: '' });

function inlet(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [launcher, ...args], { cwd: root, encoding: 'utf8', env: environment() });
  return { stdout, stderr, status, json: () => JSON.parse(stdout) };
}

/** No stack, no colour, and nothing on the result's stream. */
function expectPlainComplaint({ stdout, stderr }: { stdout: string; stderr: string }): void {
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('\x1b');
}

describe('inlet --help', () => {
  it('loads the launcher, the entry and commander, and nothing that a command needs', () => {
    const hook = path.join(root, 'hook.mjs');
    writeFileSync(
      hook,
      `import { registerHooks } from 'node:module';
       const loaded = [];
       registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
       process.on('exit', () => console.error('LOADED ' + JSON.stringify(loaded.filter((url) => url.startsWith('file:')))));`,
    );
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', hook, launcher, '--help'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: inlet');
    const loaded = JSON.parse(/LOADED (.*)/.exec(stderr)?.[1] ?? '[]').map((url: string) => path.basename(url).replace(/-\w+\.mjs$/, '.mjs'));
    expect(loaded.slice(0, 3)).toEqual(['inlet.mjs', 'freshness.mjs', 'main.mjs']);
    expect(new Set(loaded.slice(3))).toEqual(new Set(['chunk.mjs']));
    expect(loaded.length).toBeLessThan(6);
  });

  it('goes to stdout for --help and help, and to stderr with code 2 for no command at all', () => {
    expect(inlet('help', 'run').stdout).toContain('--source <path|url>');
    const nothing = inlet();
    expect(nothing).toMatchObject({ status: 2, stdout: '' });
    expect(nothing.stderr).toContain('Usage: inlet');
  });
});

describe('wrong usage', () => {
  it.each([
    [['rnu', 'notes'], /Did you mean run\?/],
    [['run', 'notes', '--smaple'], /Did you mean --sample\?/],
    [['run', 'ntoes'], /did you mean "notes"\?/],
    [['run', 'notes', '--sample', '--source', 'x.csv'], /--sample and --source exclude each other/],
    [['run', 'notes', '--engine', 'spark'], /Spark engine is not available/],
    [['run', 'notes', '--source', 'ftp://host/x'], /http, https or file/],
    [['query', 'select 1', '--rows', '5', '--format', 'csv'], /--rows is for tables only/],
    [['show', 'latest'], /There is no such run/],
  ])('%j ends with 2 and says why', (args, message) => {
    const result = inlet(...args);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(message);
    expectPlainComplaint(result);
  });

  it('is a JSON document too, when asked', () => {
    expect(inlet('run', 'ntoes', '--json').json().error.name).toBe('ConfigError');
    expect(inlet('run', 'notes', '--smaple', '--json').json().error).toMatchObject({ name: 'UsageError', message: expect.stringContaining('--smaple') });
    expect(inlet('query', 'select 1', '--json', '--format', 'csv').json().error.message).toContain('--json and --format disagree');
  });

  it('shows every problem of a broken config, and ends with 2', () => {
    writeFileSync(path.join(root, 'domains/notes/config/dataset.json'), JSON.stringify({ ...config, owner: 7, colour: 'red' }));
    const result = inlet('run', 'notes', '--sample');
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/owner: expected .*\n.*colour|colour.*\n.*owner: expected/s);
    expectPlainComplaint(result);
  });
});

describe('inlet run', () => {
  it('publishes sample after sample, then finds nothing new', () => {
    const first = inlet('run', 'notes', '--sample', '--json');
    expect(first.status).toBe(0);
    expect(first.json()).toMatchObject({
      dataset: 'notes',
      outcome: 'published',
      engine: 'duckdb',
      reason: null,
      release: { sources: [{ bytes: 20 }] },
      tables: [
        { name: 'notes', layer: 'bronze', rows: 2, quarantined: 0, superseded: 0 },
        { name: 'notes', layer: 'silver', rows: 2, quarantined: 0, superseded: 0 },
      ],
    });
    expect(Object.keys(first.json()).sort()).toEqual(['dataset', 'durationMs', 'engine', 'outcome', 'quality', 'reason', 'release', 'runId', 'tables']);
    const second = inlet('run', 'notes', '--sample');
    expect(second.stdout).toMatch(/^notes published on duckdb in /);
    expect(second.stdout).toMatch(/notes +silver +3 /);
    const third = inlet('run', 'notes', '--sample');
    expect(third.status).toBe(0);
    expect(third.stdout).toMatch(/^notes unchanged in .*\n {2}\w.*\./);
    expect(inlet('history', 'notes', '--json').json().runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['unchanged', 'published', 'published']);
  });

  it('reports progress as plain lines on stderr, also with --json, and none with --quiet', () => {
    const { stderr } = inlet('run', 'notes', '--sample', '--json');
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toBe('Running notes');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}✓ FetchAndHash +\d+ ms {2}/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}✓ Silver +\d+ ms {2}2 rows$/));
    expect(stderr).not.toMatch(/[\r\x1b]/); // eslint-disable-line no-control-regex
    expect(inlet('run', 'notes', '--sample', '--quiet').stderr).toBe('');
  });

  it('ends with 3 when a gate says no, and the published release stays', () => {
    inlet('run', 'notes', '--sample');
    writeFileSync(path.join(root, 'other.csv'), 'id,words\n1,x\n');
    const rejected = inlet('run', 'notes', '--source', 'other.csv', '--json');
    expect(rejected.status).toBe(3);
    expect(rejected.json()).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('words') });
    expect(inlet('query', 'select count(*) as n from notes.notes', '--json').json()).toEqual([{ n: 2 }]);
    expect(inlet('status').stdout).toContain(`npx inlet show ${rejected.json().runId}`);
  });

  it('masks by hash with the salt of the environment, and refuses to without one', () => {
    const models = config.models.map((model) => ({ ...model, masks: { text: { method: 'hash' } } }));
    writeFileSync(path.join(root, 'domains/notes/config/dataset.json'), JSON.stringify({ ...config, models }));
    const refused = inlet('run', 'notes', '--sample', '--json');
    expect(refused.status).not.toBe(0);
    expect(`${refused.stdout}${refused.stderr}`).toContain('INLET_MASK_SALT');
    const salt = 'a salt of the tests';
    const published = spawnSync(process.execPath, [launcher, 'run', 'notes', '--sample', '--json'], { cwd: root, env: { ...environment(), INLET_MASK_SALT: salt }, encoding: 'utf8' });
    expect(published.status).toBe(0);
    expect(`${published.stdout}${published.stderr}`).not.toContain(salt);
    const [row] = inlet('query', 'select text from notes.notes order by id', '--json').json();
    expect(row.text).toBe(createHash('sha256').update(`${salt}one`).digest('hex'));
  });

  it('takes a release of any size on DuckDB: the size that calls for Spark is Lambda\'s', () => {
    writeFileSync(path.join(root, 'domains/notes/config/dataset.json'), JSON.stringify({ ...config, engine: { duckdb_max_bytes: 1 } }));
    expect(inlet('run', 'notes', '--sample', '--json').json()).toMatchObject({ outcome: 'published', engine: 'duckdb' });
    expect(inlet('run', 'notes', '--sample', '--engine', 'spark')).toMatchObject({ status: 2, stderr: expect.stringContaining('Spark engine is not available') });
  });

  it('ends with 1 when it fails, with the reason in the record, and no stack', () => {
    const failed = inlet('run', 'notes', '--source', 'missing.csv', '--json');
    expect(failed.status).toBe(1);
    expect(failed.json()).toMatchObject({ outcome: 'failed', error: { name: 'SourceNotFoundError', message: expect.stringContaining(path.join(root, 'missing.csv')) } });
    expect(failed.stderr).not.toMatch(/^\s+at /m);
    expect(inlet('show', failed.json().runId, '--json').json()).toMatchObject({ outcome: 'failed', startedAt: expect.any(String) });
  });

  it('stops in good order at a signal: recorded as failed, nothing published, no scratch left, and the next run succeeds', async () => {
    const { server, url } = await serveSlowly();
    try {
      const child = spawn(process.execPath, [launcher, 'run', 'notes', '--source', `${url}/notes.csv`, '--json'], { cwd: root, env: environment() });
      await server.firstRequest;
      child.kill('SIGINT');
      const { stdout, stderr, code } = await collect(child);
      expect(code).toBe(1);
      expect(stderr).toContain('Stopping, and recording the run as failed.');
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', error: { name: 'InterruptedError' } });
    } finally {
      await server.stop();
    }
    expect(inlet('history', 'notes', '--json').json().runs).toMatchObject([{ outcome: 'failed' }]);
    expect(readdirSync(path.join(lake, 'tmp/runs'))).toEqual([]);
    expect(inlet('run', 'notes', '--sample').status).toBe(0);
  });
});

describe('inlet query', () => {
  beforeEach(() => {
    inlet('run', 'notes', '--sample');
    inlet('run', 'notes', '--sample');
  });

  it('prints a table, CSV or JSON of the current release', () => {
    const sql = 'select id, text from notes.notes order by id';
    expect(inlet('query', sql).stdout.split('\n')).toEqual(['id  text', '──  ─────────────', ' 1  one', ' 2  two, and more', ' 3  three', '(3 rows)', '']);
    expect(parse(inlet('query', sql, '--format', 'csv').stdout)).toEqual([['id', 'text'], ['1', 'one'], ['2', 'two, and more'], ['3', 'three']]);
    expect(inlet('query', `${sql} limit 1`, '--json').json()).toEqual([{ id: 1, text: 'one' }]);
    expect(inlet('rollback', 'notes').status).toBe(0);
    expect(inlet('query', 'select count(*) as n from notes.notes', '--json').json()).toEqual([{ n: 2 }]);
  });

  it('asks what a rejected run set aside', () => {
    writeFileSync(path.join(root, 'bad.csv'), 'id,text\n1,one\n,nameless\n');
    const rejected = inlet('run', 'notes', '--source', 'bad.csv', '--json');
    expect(rejected.status).toBe(3);
    const sql = 'select _reason, text, _line from notes_quarantine.notes';
    expect(inlet('query', sql, '--quarantine-of', rejected.json().runId, '--json').json()).toEqual([{ _reason: 'the key column id is empty', text: 'nameless', _line: 3 }]);
    const nothing = inlet('query', sql, '--quarantine-of', '20261120T210000Z-0f3a5c7d9e1b');
    expect(nothing).toMatchObject({ status: 1, stderr: expect.stringContaining('expected a dataset of which 20261120T210000Z-0f3a5c7d9e1b set rows aside') });
    expect(inlet('query', sql, '--quarantine-of', 'latest')).toMatchObject({ status: 2, stderr: expect.stringContaining('--quarantine-of takes a run id') });
  });

  it('says what is wrong with the SQL and ends with 1', () => {
    const result = inlet('query', 'from notes.noets');
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('noets');
    expectPlainComplaint(result);
  });

  it('ends quietly when the reader has seen enough', async () => {
    const child = spawn(process.execPath, [launcher, 'query', 'select i, repeat(\'x\', 100) from range(3000000) t(i)', '--format', 'csv'], { cwd: root, env: environment() });
    child.stdout.once('data', () => child.stdout.destroy());
    const { stderr, code } = await collect(child);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

describe('inlet gc and doctor', () => {
  it('find nothing to do on a healthy lake', () => {
    inlet('run', 'notes', '--sample');
    expect(inlet('gc', '--dry-run').stdout).toBe('notes: nothing to delete, 1 release kept\n');
    const doctor = inlet('doctor', '--json');
    expect(doctor.json().findings.filter(({ status }: { status: string }) => status === 'fail')).toEqual([]);
    expect(doctor.status).toBe(0);
  });
});

/** A server on loopback that begins an answer and never ends it. */
async function serveSlowly() {
  let announce: () => void = () => undefined;
  const firstRequest = new Promise<void>((resolve) => (announce = resolve));
  const http = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv', 'content-length': '1000000' });
    response.write('id,text\n1,one\n');
    announce();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise((resolve) => {
      http.closeAllConnections();
      http.close(resolve);
    });
  return { server: { firstRequest, stop }, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

function collect(child: ChildProcess): Promise<{ stdout: string; stderr: string; code: number | null }> {
  return new Promise((resolve) => {
    const text = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk: Buffer) => (text.stdout += String(chunk)));
    child.stderr?.on('data', (chunk: Buffer) => (text.stderr += String(chunk)));
    child.on('close', (code) => resolve({ ...text, code }));
  });
}
