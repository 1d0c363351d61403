import path from 'node:path';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { GetTablesCommand } from '@aws-sdk/client-glue';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { readDatasetFolder, type Dataset } from '@inlet/dataset';
import type { PipelineFunction } from '@inlet/deployment';
import { buildStateMachine, FUNCTION_OF_STATE, type FunctionState } from '@inlet/orchestrator';
import { readManifest, type RunState } from '@inlet/pipeline';
import { prepareMinistack, serve, skipAloud, startFaultServer, tempDir, type FaultServer, type RunningMinistack } from '@inlet/testing';
import { StateMachine } from 'aws-local-stepfunctions';
import { createCatalogHandler, createFetchAndHashHandler, createTransformHandler, createUpdateManifestHandler, type LambdaHandler } from './index';
import { contextOf, makeLake } from './lake.test-support';

const ministack = prepareMinistack();
const nsde = path.resolve(__dirname, '../../../domains/nsde');
const sample = (n: number) => readFileSync(path.join(nsde, `samples/synthetic-nsde-release-${n}.zip`));

if (!ministack.available) {
  skipAloud('the functions against a real server', ministack.reason);
} else {
  describe('the functions, in the order of the state machine', () => {
    let server: RunningMinistack;
    let source: FaultServer;
    let dataset: Dataset;
    let lake: Awaited<ReturnType<typeof makeLake>>;
    let log: Record<string, unknown>[];
    let scratchRoot: string;
    beforeAll(async () => {
      [server, source, dataset] = await Promise.all([ministack.start(), startFaultServer(), readDatasetFolder(nsde)]);
      lake = await makeLake(server.endpoint, 'run-states');
      scratchRoot = tempDir();
    }, 90_000);
    afterAll(async () => {
      lake?.close();
      await Promise.all([source?.close(), server?.stop()]);
    });
    beforeEach(() => {
      log = [];
    });

    const makeFunctions = (): Record<PipelineFunction, LambdaHandler> => {
      const env = { ...lake.environment, DATASET: 'nsde', SOURCE_HOSTS: new URL(source.url('/')).host };
      const options = { aws: lake.aws, readDataset: async () => dataset, scratchRoot, writeLine: (line: string) => log.push(JSON.parse(line)) };
      return {
        'fetch-and-hash': createFetchAndHashHandler(env, options),
        transform: createTransformHandler(env, options),
        'update-manifest': createUpdateManifestHandler(env, options),
        catalog: createCatalogHandler(env, options),
      };
    };

    /** The document that Step Functions would run, with the functions as its tasks. */
    const execute = async (id: string, input: object): Promise<{ document: RunState | undefined; states: string[] }> => {
      const functions = makeFunctions();
      const states: string[] = [];
      const tasks = Object.entries(FUNCTION_OF_STATE).map(([state, name]) => [
        state,
        async (event: object) => {
          states.push(state);
          // The interpreter has no AWS clock in its context object.
          return functions[name]({ ...event, requestedAt: new Date().toISOString() }, contextOf(`nsde-${name}`));
        },
      ]);
      const document = buildStateMachine(dataset.config, { functionArn: (name) => `arn:aws:lambda:us-east-1:000000000000:function:nsde-${name}` });
      const machine = new StateMachine(document as unknown as ConstructorParameters<typeof StateMachine>[0], { validationOptions: { noValidate: true } });
      const execution = machine.run({ ...input }, {
        context: { Execution: { Id: `arn:aws:states:us-east-1:000000000000:execution:inlet-nsde:${id}` } },
        overrides: { taskResourceLocalHandlers: Object.fromEntries(tasks), retryIntervalOverrides: Object.fromEntries(Object.keys(FUNCTION_OF_STATE).map((state) => [state, 0])) },
      });
      const result = await execution.result.catch(() => undefined);
      return { document: result as unknown as RunState | undefined, states };
    };
    const outcomeOf = async (id: string, input: object = {}) => {
      const { document } = await execute(id, { source_url: source.url('/nsde.zip'), ...input });
      return document?.outcome?.outcome;
    };
    const manifest = async () => (await readManifest(lake.store, 'nsde'))?.manifest;
    const keysOf = async (Bucket: string) => ((await lake.clients.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key ?? '');

    it('publish a release: raw bytes, tables, manifest, catalog, event and notice', async () => {
      source.script(serve(sample(1), { etag: '"1"' }));
      const { document, states } = await execute('first', { source_url: source.url('/nsde.zip') });
      expect(document?.outcome).toMatchObject({ outcome: 'published' });
      expect(states).toEqual(['BeginRun', 'FetchAndHash', 'Bronze', 'Silver', 'QualityGate', 'UpdateManifest', 'Catalog', 'Notify'] satisfies FunctionState[]);

      const current = (await manifest())?.current;
      expect(current?.runId).toBe(document?.outcome?.runId);
      const raw = await keysOf(lake.environment.RAW_BUCKET);
      expect(raw).toHaveLength(2);
      expect(raw.every((key) => key.startsWith('raw/nsde/sha256='))).toBe(true);
      const kept = await keysOf(lake.environment.LAKE_BUCKET);
      expect(kept.some((key) => key.startsWith('raw/'))).toBe(false);
      expect(kept.filter((key) => key.endsWith('.parquet') && key.startsWith('silver/'))).not.toEqual([]);

      const { TableList = [] } = await lake.clients.glue.send(new GetTablesCommand({ DatabaseName: lake.environment.DATABASE }));
      expect(TableList.map(({ Name }) => Name)).toContain('elements');

      const [event, ...moreEvents] = await lake.queues.events.drain();
      expect(moreEvents).toEqual([]);
      const { detail } = JSON.parse(event ?? '{}') as { detail: { tables: { name: string; location: string; rows: number }[] } };
      expect(detail).toMatchObject({ dataset: 'nsde', runId: current?.runId, version: current?.version, sha256: current?.sha256 });
      const [table] = detail.tables;
      const silver = current?.tables.find(({ layer }) => layer === 'silver');
      expect(detail.tables).toEqual([{ name: 'elements', layer: 'silver', rows: silver?.rows, location: table?.location }]);
      expect(lake.store.uri(silver?.files[0]?.key ?? '').startsWith(table?.location ?? '-')).toBe(true);

      const [notice, ...moreNotices] = (await lake.queues.notices.drain()).map((body) => JSON.parse(body) as { Subject: string; Message: string; MessageAttributes: Record<string, { Value: string }> });
      expect(moreNotices).toEqual([]);
      expect(notice?.Subject).toMatch(/^Inlet: nsde published - \d{4}-\d\d-\d\d$/);
      expect(notice?.MessageAttributes).toMatchObject({ dataset: { Value: 'nsde' }, outcome: { Value: 'published' } });
      expect(JSON.parse(notice?.Message ?? '{}')).toMatchObject({ runId: current?.runId, outcome: 'published' });
    });

    it('leave nothing on the disk, and one line for the beginning and the end of every state', async () => {
      source.script(serve(sample(1), { etag: '"1"' }));
      const { states } = await execute('log', { source_url: source.url('/nsde.zip') });
      expect(existsSync(scratchRoot) ? readdirSync(scratchRoot) : []).toEqual([]);
      const lines = states.flatMap((state) => [{ event: 'state-entered', state }, { event: 'state-exited', state }]);
      expect(log.map(({ event, state }) => ({ event, state }))).toEqual(lines);
      for (const line of log) expect(line).toMatchObject({ dataset: 'nsde', executionId: expect.stringMatching(/:log$/) });
      expect(log.at(-1)).toHaveProperty('runId');
    });

    it('tell nobody of a run that found nothing new', async () => {
      source.script(serve(sample(1), { etag: '"1"' }));
      expect(await outcomeOf('unchanged')).toBe('unchanged');
      expect(await lake.queues.events.drain()).toEqual([]);
      expect(await lake.queues.notices.drain()).toEqual([]);
    });

    it('publish the next release in place of the first', async () => {
      const before = (await manifest())?.current?.runId;
      source.script(serve(sample(2), { etag: '"2"' }));
      expect(await outcomeOf('second')).toBe('published');
      const after = await manifest();
      expect(after?.current?.runId).not.toBe(before);
      expect(after?.releases.map(({ runId }) => runId)).toEqual([after?.current?.runId, before]);
      expect(await lake.queues.events.drain()).toHaveLength(1);
      expect(await lake.queues.notices.drain()).toHaveLength(1);
    });

    it('run a release again from its bronze, without asking its source, and tell of it as of any release', async () => {
      const before = (await manifest())?.current;
      source.script();
      const asked = source.requests.length;
      const { document, states } = await execute('replayed', { replay: 'latest', force: true });
      expect(states).toEqual(['BeginRun', 'LoadRelease', 'Silver', 'QualityGate', 'UpdateManifest', 'Catalog', 'Notify'] satisfies FunctionState[]);
      expect(document).toMatchObject({ outcome: { outcome: 'published' }, replay: before?.runId });
      expect(source.requests).toHaveLength(asked);
      const after = (await manifest())?.current;
      expect(after?.runId).toBe(document?.outcome?.runId);
      const bronzeOf = (tables: { layer: string }[] = []) => tables.filter(({ layer }) => layer === 'bronze');
      expect(bronzeOf(after?.tables)).toEqual(bronzeOf(before?.tables));
      expect(await lake.queues.events.drain()).toHaveLength(1);
      expect(await lake.queues.notices.drain()).toHaveLength(1);
    });

    it('put the input of a failed run aside, tell of it, and leave the release as it is', async () => {
      const before = await manifest();
      source.script(serve(Buffer.from('<!doctype html><html><body>Access denied</body></html>'), { type: 'text/html' } as object));
      const input = { source_url: source.url('/nsde.zip'), force: true };
      const { document, states } = await execute('failed', input);
      expect(document).toBeUndefined();
      expect(states).toEqual(['BeginRun', 'FetchAndHash', 'DeadLetter', 'Notify']);
      expect((await manifest())?.current).toEqual(before?.current);
      const [letter] = await lake.queues.deadLetters.drain();
      expect(JSON.parse(letter ?? '{}')).toEqual({
        dataset: 'nsde',
        executionId: expect.stringMatching(/:failed$/),
        input: { force: true, engine: 'auto', sources: [input.source_url] },
        error: { name: 'HtmlInsteadOfDataError', message: expect.stringContaining(input.source_url) },
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      const [notice] = await lake.queues.notices.drain();
      expect(JSON.parse(notice ?? '{}')).toMatchObject({ Subject: expect.stringMatching(/^Inlet: nsde failed - /) });
      expect(log.find(({ event }) => event === 'state-failed')).toMatchObject({ state: 'FetchAndHash', level: 'error', error: 'HtmlInsteadOfDataError' });
    });

    it('put aside a request for a source on a host that is not the dataset\'s, and fetch nothing', async () => {
      source.script(serve(sample(1)));
      const { states } = await execute('foreign', { source_url: 'https://example.org/nsde.zip' });
      expect(states).toEqual(['BeginRun', 'DeadLetter', 'Notify']);
      expect(source.requests).toEqual([]);
      const [letter] = await lake.queues.deadLetters.drain();
      expect(JSON.parse(letter ?? '{}')).toMatchObject({ input: { source_url: 'https://example.org/nsde.zip' }, error: { name: 'UnsafeUrlError' } });
      await lake.queues.notices.drain();
    });
  });
}
