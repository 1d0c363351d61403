import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { InterruptedError, PermanentError, SourceNotFoundError } from '@inlet/errors';
import type { PipelineDeps } from '@inlet/pipeline';
import { memoryLedger, memoryStore, tempDir } from '@inlet/testing';
import { systemClock } from '@inlet/time';
import { contextOf } from './lake.test-support';
import { createTaskFunction, type TaskFunctionOptions } from './task-function';

const dataset: Dataset = {
  config: parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.csv',
    schedule: { expression: 'rate(1 days)' },
    tables: [{ name: 't', members: ['*'], columns: [{ name: 'id', source: 'id' }] }],
    models: [{ name: 'm', parent: 't', key: ['id'] }],
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
  }),
  models: [{ name: 'm', sql: 'select id from bronze.t' }],
  rules: '',
};
const event = { state: 'FetchAndHash', executionId: 'e1', requestedAt: '2026-11-20T21:00:00.000Z', document: { dataset: 'drug-list', executionId: 'e1', startedAt: '2026-11-20T21:00:00.000Z', requestedAt: '2026-11-20T21:00:00.000Z' } };

function setUp(fetch: (deps: PipelineDeps) => Promise<never>, over: Partial<TaskFunctionOptions> = {}) {
  const scratchRoot = path.join(tempDir(), 'scratch');
  const lines: Record<string, unknown>[] = [];
  const handler = createTaskFunction({
    name: 'fetch-and-hash',
    dataset: 'drug-list',
    readDataset: async () => dataset,
    scratchRoot,
    writeLine: (line) => lines.push(JSON.parse(line)),
    createDeps: (task) => {
      const deps: PipelineDeps = {
        store: memoryStore(),
        ledger: memoryLedger(),
        source: { fetch: () => fetch(deps) },
        archives: { listMembers: async () => [], extract: async () => [] },
        engine: () => Promise.reject(new Error('no engine')),
        catalog: { register: async () => undefined },
        notifier: { notify: async () => undefined },
        deadLetters: { send: async () => undefined },
        clock: systemClock,
        owner: { executionId: task.executionId, host: 'h', pid: 1 },
        ...task,
      };
      return deps;
    },
    ...over,
  });
  return { handler, lines, scratchRoot };
}

const notFound = () => Promise.reject(new SourceNotFoundError({ what: 'The file is gone', where: 'https://example.org/list.csv' }));
const context = () => contextOf('drug-list-fetch-and-hash');

describe('createTaskFunction', () => {
  it('throws what the state threw, under the name that the state machine matches, and logs it', async () => {
    const { handler, lines } = setUp(notFound);
    await expect(handler(event, context())).rejects.toMatchObject({ name: 'SourceNotFoundError' });
    expect(lines.map((line) => line['event'])).toEqual(['state-entered', 'state-failed']);
    expect(lines[1]).toMatchObject({ level: 'error', dataset: 'drug-list', function: 'fetch-and-hash', state: 'FetchAndHash', executionId: 'e1', error: 'SourceNotFoundError' });
  });

  it('refuses a state that is another function\'s, and one that there is not', async () => {
    const { handler } = setUp(notFound);
    for (const state of ['Bronze', 'Nonsense', 'toString']) {
      await expect(handler({ ...event, state }, context())).rejects.toThrow(new RegExp(`expected BeginRun, FetchAndHash, found ${state}`));
      await expect(handler({ ...event, state }, context())).rejects.toBeInstanceOf(PermanentError);
    }
  });

  it.each([[null], ['text'], [{}], [{ ...event, requestedAt: 'yesterday' }], [{ ...event, executionId: 7 }]])('refuses %j as no task', async (given) => {
    const { handler } = setUp(notFound);
    await expect(handler(given, context())).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('no task') });
  });

  it('says in its log nothing of a URL\'s credentials and query', async () => {
    const { handler, lines } = setUp(() => Promise.reject(new Error('GET https://user:s3cr3t@example.org/a?apiKey=s3cr3t failed')));
    await expect(handler(event, context())).rejects.toThrow('failed');
    expect(JSON.stringify(lines)).not.toContain('s3cr3t');
    expect(lines[1]?.['message']).toBe('GET https://example.org/a?apiKey=… failed');
  });

  it('shortens a message that is longer than Step Functions keeps, and leaves its name', async () => {
    const { handler } = setUp(() => Promise.reject(new SourceNotFoundError({ what: 'x'.repeat(100_000) })));
    const thrown = await handler(event, context()).catch((error: Error) => error);
    expect(thrown).toBeInstanceOf(SourceNotFoundError);
    const { name, message, stack = '' } = thrown as Error;
    expect([name, message.length, stack.length < 10_000]).toEqual(['SourceNotFoundError', 8_000, true]);
  });

  it('gives each invocation an empty folder, and removes it whether the state ends well or not', async () => {
    const folders: string[] = [];
    const { handler, scratchRoot } = setUp(async ({ scratchDir }) => {
      folders.push(scratchDir);
      writeFileSync(path.join(scratchDir, 'left'), '');
      return notFound();
    });
    for (let n = 0; n < 2; n += 1) await expect(handler(event, context())).rejects.toThrow('gone');
    expect(new Set(folders).size).toBe(2);
    expect(folders.every((folder) => folder.startsWith(scratchRoot) && !existsSync(folder))).toBe(true);
    expect(readdirSync(scratchRoot)).toEqual([]);
  });

  it('removes what a crashed process left on the disk, and leaves what a running one has', async () => {
    const { handler, scratchRoot } = setUp(notFound);
    for (const name of ['999999999-dead', `${process.pid}-before-the-restart`, `${process.ppid}-alive`]) mkdirSync(path.join(scratchRoot, name), { recursive: true });
    await expect(handler(event, context())).rejects.toThrow('gone');
    expect(readdirSync(scratchRoot)).toEqual([`${process.ppid}-alive`]);
  });

  it('stops a state before the function\'s time is up, with an error that says so', async () => {
    const { handler } = setUp(({ signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))));
    const startedAt = Date.now();
    const thrown = await handler(event, contextOf('drug-list-fetch-and-hash', 400)).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(InterruptedError);
    expect(String(thrown)).toMatch(/The state FetchAndHash was stopped because its function was about to reach its time limit \(drug-list-fetch-and-hash\)/);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(190);
  });

  it('reads the dataset once, but again after it could not be read', async () => {
    let reads = 0;
    const { handler } = setUp(notFound, {
      readDataset: async () => {
        reads += 1;
        if (reads === 1) throw new PermanentError({ what: 'a bad disk' });
        return dataset;
      },
    });
    await expect(handler(event, context())).rejects.toThrow('a bad disk');
    for (let n = 0; n < 3; n += 1) await expect(handler(event, context())).rejects.toThrow('gone');
    expect(reads).toBe(2);
  });
});
