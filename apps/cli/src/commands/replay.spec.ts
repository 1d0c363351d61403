/** replay on a real local lake, with a small dataset of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLocalDeadLetters } from '@inlet/local-io';
import { tempDir } from '@inlet/testing';
import { captureContext } from '../capture.test-support';
import { openStore } from '../local-lake';
import { runCommandLine } from '../main';

const config = (dataset: string) => ({
  dataset,
  owner: 'tests',
  cost_center: 'tests',
  source_url: 'http://127.0.0.1:1/notes.csv',
  schedule: { expression: 'rate(1 day)' },
  tables: [{ name: 'notes', members: ['*.csv'], columns: [{ name: 'id', source: 'id' }] }],
  models: [{ name: 'notes', key: ['id'], parent: 'notes' }],
  bronze_job_name: 'b',
  silver_job_name: 's',
  bronze_crawler_name: 'c',
  database_name: dataset,
});
const model = (id: string) => `select try_cast(${id} as integer) as id, case when try_cast(${id} as integer) is null then 'the id is no number' end as _problem, _source, _member, _line from bronze.notes`;

function setUp() {
  const root = tempDir();
  writeFileSync(path.join(root, 'nx.json'), '{}');
  for (const dataset of ['notes', 'other']) {
    for (const folder of ['config', 'models']) mkdirSync(path.join(root, 'domains', dataset, folder), { recursive: true });
    writeFileSync(path.join(root, 'domains', dataset, 'config/dataset.json'), JSON.stringify(config(dataset)));
    writeFileSync(path.join(root, 'domains', dataset, 'models/notes.sql'), model('id'));
  }
  const source = path.join(root, 'notes.csv');
  writeFileSync(source, 'id\n1\n#2\n3\n');
  const inlet = async (...args: string[]) => {
    const context = captureContext({ cwd: root });
    await runCommandLine(context, args);
    return { code: context.exitCode, stdout: context.stdout.text, stderr: context.stderr.text };
  };
  const mend = () => writeFileSync(path.join(root, 'domains/notes/models/notes.sql'), model(`replace(id, '#', '')`));
  return { inlet, mend, root, source, letters: createLocalDeadLetters(openStore(path.join(root, '.inlet'))) };
}

describe('inlet replay', () => {
  it('publishes, after the model is mended, what was rejected, without its source', async () => {
    const { inlet, mend, source } = setUp();
    const rejected = await inlet('run', 'notes', '--source', source, '--quiet');
    expect(rejected.code).toBe(3);
    expect(rejected.stdout).toContain('npx inlet replay notes');
    writeFileSync(source, '');
    mend();
    const { code, stdout, stderr } = await inlet('replay', 'notes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^notes published/);
    expect(stdout).toMatch(/Replayed\n {2}\S+: 1 row recovered from its quarantine, 0 rows in quarantine now\n {4}notes: 1 row\n/);
    expect(stderr).toMatch(/✓ LoadRelease/);
    expect(stderr).not.toContain('Fetch');
    expect(JSON.parse((await inlet('query', 'select sum(id)::integer as sum from notes.notes', '--json')).stdout)).toEqual([{ sum: 6 }]);
  });
  it('prints the run that it replayed as JSON, and ends with 3 when the gate says no again', async () => {
    const { inlet, source } = setUp();
    const { runId } = JSON.parse((await inlet('run', 'notes', '--source', source, '--json')).stdout);
    const { code, stdout } = await inlet('replay', 'notes', '--run', runId, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rejected', replay: { runId, recovered: 0, quarantined: 1, tables: [] } });
  });
  it('refuses, before anything begins, what cannot be run again', async () => {
    const { inlet, source, letters } = setUp();
    expect(await inlet('replay', 'notes')).toMatchObject({ code: 2, stderr: expect.stringMatching(/notes has no run to run again.*inlet run notes/s) });
    expect(await inlet('replay', 'ntoes')).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "notes"') });
    const { runId } = JSON.parse((await inlet('run', 'notes', '--source', source, '--json')).stdout);
    expect(await inlet('replay', 'other', '--run', runId)).toMatchObject({ code: 2, stderr: expect.stringMatching(/found a run of notes.*inlet replay notes --run/s) });
    expect(await inlet('replay', 'notes', '--run', '../x')).toMatchObject({ code: 2, stderr: expect.stringContaining('no such run') });
    expect(await letters.receive('notes')).toBeUndefined();
    expect(JSON.parse((await inlet('history', 'notes', '--json')).stdout).runs).toHaveLength(1);
  });
  it('refuses wrong rules before anything begins, as run and doctor do', async () => {
    const { inlet, root, source, letters } = setUp();
    await inlet('run', 'notes', '--source', source, '--quiet');
    writeFileSync(path.join(root, 'domains/notes/quality.dqdl'), 'Rules = [\n  IsComplet "id"\n]\n');
    const complaint = expect.stringMatching(/notes\/quality\.dqdl[^]*line 2, column 3: .*did you mean `IsComplete`/);
    expect(await inlet('replay', 'notes')).toMatchObject({ code: 2, stdout: '', stderr: complaint });
    expect(await inlet('run', 'notes', '--source', source)).toMatchObject({ code: 2, stdout: '', stderr: complaint });
    expect(await inlet('doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(/fail {2}config notes [^]*IsComplet/) });
    expect(await letters.receive('notes')).toBeUndefined();
    expect(JSON.parse((await inlet('history', 'notes', '--json')).stdout).runs).toHaveLength(1);
  });
  it('that failed is run again by redrive, with the same run in mind', async () => {
    const { inlet, mend, source, letters } = setUp();
    const { runId } = JSON.parse((await inlet('run', 'notes', '--source', source, '--json')).stdout);
    mend();
    await letters.send({ dataset: 'notes', executionId: 'e', input: { replay: runId }, error: { name: 'X', message: 'm' }, at: '2026-11-20T21:00:00.000Z' });
    const { code, stdout } = await inlet('redrive', 'notes', '--json', '--quiet');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'published', replay: { runId, recovered: 1 } });
  });
});
