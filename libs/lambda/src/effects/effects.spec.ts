import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { TransientError } from '@inlet/errors';
import type { DeadLetter } from '@inlet/pipeline';
import { createDynamoLedger } from '@inlet/ledger';
import { buildRunRecord, memoryStore, prepareMinistack, skipAloud, type RunningMinistack } from '@inlet/testing';
import { createExecutionLiveness, createReleaseEvents, createSnsNotifier, createSqsDeadLetters, createTriggerHandler, createUpdateManifestHandler } from '../index';
import { contextOf, makeLake, makeQueue } from '../lake.test-support';
import { notifyAll } from './notify-all';

const ministack = prepareMinistack();
const START = new Date('2026-11-20T21:00:00.000Z');
const sha256 = 'a'.repeat(64);
const release = { sha256, bytes: 10, sources: [{ name: 'nsde', url: 'https://example.org/a.zip', sha256, bytes: 10 }] };

describe('notifyAll', () => {
  it('tells everybody, and then says who could not be told', async () => {
    const told: string[] = [];
    const channels = [{ notify: async () => Promise.reject(new TransientError({ what: 'down' })) }, { notify: async () => void told.push('second') }];
    await expect(notifyAll(channels).notify(buildRunRecord('nsde', START))).rejects.toThrow('down');
    expect(told).toEqual(['second']);
  });
});

if (!ministack.available) {
  skipAloud('notices, events and dead letters against a real server', ministack.reason);
} else {
  describe('against a real server', () => {
    let server: RunningMinistack;
    let lake: Awaited<ReturnType<typeof makeLake>>;
    beforeAll(async () => {
      server = await ministack.start();
      lake = await makeLake(server.endpoint, 'effects');
    }, 90_000);
    afterAll(async () => {
      lake?.close();
      await server?.stop();
    });
    const startLongExecution = async (sfn: SFNClient, name: string) => {
      const definition = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 300, End: true } } });
      const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn: 'arn:aws:iam::000000000000:role/r' }));
      return { stateMachineArn, ...(await sfn.send(new StartExecutionCommand({ stateMachineArn }))) };
    };

    describe('createExecutionLiveness', () => {
      it('knows an execution that runs from one that has ended, and thinks no worse of one that it does not know', async () => {
        const sfn = new SFNClient(lake.aws);
        const isAlive = createExecutionLiveness(sfn);
        const { executionArn = '' } = await startLongExecution(sfn, 'liveness');
        const owner = (executionId: string) => ({ executionId, host: 'h', pid: 0 });
        expect(await isAlive(owner(executionArn))).toBe(true);
        await sfn.send(new StopExecutionCommand({ executionArn }));
        expect(await isAlive(owner(executionArn))).toBe(false);
        expect(await isAlive(owner(`${executionArn}-not-seen-yet`))).toBe(true);
        sfn.destroy();
      });
      it('throws what is worth another try where nobody answers', async () => {
        const sfn = new SFNClient({ ...lake.aws, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });
        await expect(createExecutionLiveness(sfn)({ executionId: 'arn:x', host: 'h', pid: 0 })).rejects.toBeInstanceOf(TransientError);
        sfn.destroy();
      });
    });

    describe('createSnsNotifier', () => {
      const notify = (changes: object) => createSnsNotifier({ client: lake.clients.sns, topicArn: lake.environment.TOPIC_ARN }).notify(buildRunRecord('nsde', START, changes));
      it('says how a run was rejected, with the rules that failed', async () => {
        const quality = [
          { table: 'elements', rule: 'IsComplete "ndc"', outcome: 'failed' as const, metrics: {}, reason: '3 of 10 are NULL' },
          { table: 'elements', rule: 'RowCount > 0', outcome: 'passed' as const, metrics: {} },
        ];
        await notify({ outcome: 'rejected', reason: 'elements: IsComplete "ndc" failed', release, quality });
        const [body, ...more] = await lake.queues.notices.drain();
        expect(more).toEqual([]);
        const { Subject, Message, MessageAttributes } = JSON.parse(body ?? '{}') as { Subject: string; Message: string; MessageAttributes: object };
        expect(Subject).toBe('Inlet: nsde rejected - elements: IsComplete "ndc" failed');
        expect(MessageAttributes).toMatchObject({ dataset: { Value: 'nsde' }, outcome: { Value: 'rejected' } });
        expect(JSON.parse(Message)).toMatchObject({ outcome: 'rejected', duration: '1.0 s', release: { sha256, bytes: 10 }, failedRules: [{ table: 'elements', rule: 'IsComplete "ndc"', reason: '3 of 10 are NULL' }] });
      });
      it('shows no secret of a URL, and takes reasons of any length', async () => {
        await notify({ reason: `The download of https://example.org/a?apiKey=s3cr3t failed. ${'x'.repeat(300_000)}` });
        const [body = '{}'] = await lake.queues.notices.drain();
        expect(body).not.toContain('s3cr3t');
        expect((JSON.parse(body) as { Subject: string }).Subject).toMatch(/^Inlet: nsde failed - The download of https:\/\/example\.org\/a\?apiKey=\.\.\. failed\. x+\.\.\.$/);
      });
      it('says where nobody could be told', async () => {
        const notifier = createSnsNotifier({ client: lake.clients.sns, topicArn: `${lake.environment.TOPIC_ARN}-gone` });
        await expect(notifier.notify(buildRunRecord('nsde', START))).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('-gone') });
      });
    });

    describe('createReleaseEvents', () => {
      it('makes no event of a run that published nothing', async () => {
        const events = createReleaseEvents({ client: lake.clients.events, eventBus: 'default', store: memoryStore() });
        for (const outcome of ['unchanged', 'rejected', 'failed'] as const) await events.notify(buildRunRecord('nsde', START, { outcome, release }));
        expect(await lake.queues.events.drain()).toEqual([]);
      });
      it('names the tables of silver and gold, each with the folder of its files', async () => {
        const events = createReleaseEvents({ client: lake.clients.events, eventBus: 'default', store: lake.store });
        const table = (name: string, layer: 'bronze' | 'silver' | 'gold', rows: number) => ({ name, layer, rows, quarantined: 0, superseded: 0 });
        await events.notify(buildRunRecord('nsde', START, { outcome: 'published', runId: 'r', release, tables: [table('a', 'bronze', 3), table('b', 'silver', 2), table('c', 'gold', 1)] }));
        const [event = '{}'] = await lake.queues.events.drain();
        expect(JSON.parse(event)).toMatchObject({
          source: 'inlet',
          'detail-type': 'Release Published',
          detail: {
            dataset: 'nsde',
            runId: 'r',
            version: '2026-11-20',
            sha256,
            tables: [
              { name: 'b', layer: 'silver', rows: 2, location: `s3://${lake.environment.LAKE_BUCKET}/silver/nsde/version=2026-11-20/run=r/b/` },
              { name: 'c', layer: 'gold', rows: 1, location: `s3://${lake.environment.LAKE_BUCKET}/gold/nsde/version=2026-11-20/run=r/c/` },
            ],
          },
        });
      });
    });

    describe('createSqsDeadLetters', () => {
      const letter = (dataset: string, executionId: string, at: string): DeadLetter => ({ dataset, executionId, input: { force: true }, error: { name: 'ModelError', message: 'no such column' }, at });
      const box = async (name: string) => {
        const queue = await makeQueue(lake.clients.sqs, name);
        return { queue, letters: createSqsDeadLetters({ client: lake.clients.sqs, queueUrl: queue.url }) };
      };
      it('gives out the oldest letter of a dataset until it is removed, and leaves everything else in the queue', async () => {
        const { queue, letters } = await box('letters');
        await lake.clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'of another sender' }));
        for (let n = 0; n < 12; n += 1) await letters.send(letter('cder', `c${n}`, '2026-11-19T21:00:00.000Z'));
        await letters.send(letter('nsde', 'newer', '2026-11-20T21:00:01.000Z'));
        await letters.send(letter('nsde', 'older', '2026-11-20T21:00:00.000Z'));
        const received = await letters.receive('nsde');
        expect(received?.letter).toEqual(letter('nsde', 'older', '2026-11-20T21:00:00.000Z'));
        await received?.remove();
        await (await letters.receive('nsde'))?.remove();
        expect(await letters.receive('nsde')).toBeUndefined();
        expect(await queue.drain()).toHaveLength(13);
      }, 60_000);
      it('does not send a run on its way again whose input it could not keep', async () => {
        const { letters } = await box('omitted');
        await letters.send({ ...letter('nsde', 'e', '2026-11-20T21:00:00.000Z'), input: { source_url: 'x'.repeat(300_000) } });
        await expect(letters.receive('nsde')).rejects.toThrow(/expected its input, found none: its 300017 bytes were too many/);
      });
      it('says which queue there is not', async () => {
        const letters = createSqsDeadLetters({ client: lake.clients.sqs, queueUrl: `${server.endpoint}/000000000000/gone` });
        await expect(letters.send(letter('nsde', 'e', ''))).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('/gone') });
      });
    });

    describe('the trigger', () => {
      const env = (STATE_MACHINE_ARN: string) => ({ DATASET: 'nsde', STATE_MACHINE_ARN, SOURCE_HOSTS: 'download.open.fda.gov' });
      it('starts an execution with the request as its input', async () => {
        const sfn = new SFNClient(lake.aws);
        const { stateMachineArn = '' } = await startLongExecution(sfn, 'triggered');
        const lines: string[] = [];
        const trigger = createTriggerHandler(env(stateMachineArn), { aws: lake.aws, writeLine: (line) => lines.push(line) });
        const started = await trigger({ force: true, source_url: 'https://download.open.fda.gov/old.zip' }, contextOf('nsde-trigger'));
        expect(Number.isNaN(Date.parse(started.startDate))).toBe(false);
        const { input, status } = await sfn.send(new DescribeExecutionCommand(started));
        expect(status).toBe('RUNNING');
        expect(JSON.parse(input ?? '')).toEqual({ force: true, engine: 'auto', sources: ['https://download.open.fda.gov/old.zip'] });
        expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ event: 'run-started', dataset: 'nsde', executionId: started.executionArn })]);
        const replay = await trigger({ replay: 'latest' }, contextOf('nsde-trigger'));
        expect(JSON.parse((await sfn.send(new DescribeExecutionCommand(replay))).input ?? '')).toEqual({ force: false, engine: 'auto', replay: 'latest' });
        const { executionArn } = await trigger(null, contextOf('nsde-trigger'));
        expect(JSON.parse((await sfn.send(new DescribeExecutionCommand({ executionArn }))).input ?? '')).toEqual({ force: false, engine: 'auto' });
        sfn.destroy();
      });
      it.each([
        [{ forced: true }, 'UsageError'],
        [{ force: 'yes' }, 'UsageError'],
        [[], 'UsageError'],
        [{ source_url: 'https://example.org/a.zip' }, 'UnsafeUrlError'],
        [{ source_url: 'http://download.open.fda.gov/a.zip' }, 'UnsafeUrlError'],
        [{ source_url: 'https://download.open.fda.gov/a.zip?api_key=s3cr3t' }, 'UnsafeUrlError'],
        [{ source_url: 'https://u:s3cr3t@download.open.fda.gov/a.zip' }, 'UnsafeUrlError'],
        [{ sources: ['file:///etc/passwd'] }, 'UnsafeUrlError'],
      ])('refuses %j', async (event, name) => {
        const trigger = createTriggerHandler(env('arn:aws:states:us-east-1:000000000000:stateMachine:none'), { aws: lake.aws });
        const refusal = await trigger(event, contextOf('nsde-trigger')).catch((error: Error) => error);
        expect(refusal).toMatchObject({ name });
        expect(String(refusal)).not.toContain('s3cr3t');
      });
      it('says which state machine there is not', async () => {
        const trigger = createTriggerHandler(env('arn:aws:states:us-east-1:000000000000:stateMachine:none'), { aws: lake.aws });
        await expect(trigger({}, contextOf('nsde-trigger'))).rejects.toThrow(/The run of nsde cannot be started \(arn:aws:states.*none\)/);
      });
    });

    describe('the freshness of a dataset', () => {
      const measure = async (now: string, dataset = 'nsde') => {
        const lines: string[] = [];
        const clock = { now: () => new Date(now), sleep: async () => undefined };
        const handler = createUpdateManifestHandler({ ...lake.environment, DATASET: dataset }, { aws: lake.aws, clock, writeLine: (line) => lines.push(line) });
        return { answer: await handler({ measure: 'freshness' }, contextOf(`${dataset}-update-manifest`)), lines };
      };
      it('is written as a metric in the log, in hours since the source was last looked at', async () => {
        const observed = { at: '2026-11-20T21:00:00.000Z', runId: 'r', fingerprint: sha256, sources: [] };
        await lake.store.write('manifests/nsde/manifest.json', JSON.stringify({ formatVersion: 1, dataset: 'nsde', current: null, observed, releases: [], events: [] }));
        const { answer, lines } = await measure('2026-11-21T03:30:00.000Z');
        expect(answer).toEqual({ dataset: 'nsde', hoursSinceCheck: 6.5 });
        expect(lines.map((line) => JSON.parse(line))).toEqual([
          {
            _aws: { Timestamp: Date.parse('2026-11-21T03:30:00.000Z'), CloudWatchMetrics: [{ Namespace: 'Inlet', Dimensions: [['Dataset']], Metrics: [{ Name: 'HoursSinceCheck', Unit: 'None' }] }] },
            Dataset: 'nsde',
            HoursSinceCheck: 6.5,
          },
        ]);
      });
      it('counts from the first run, before one has ended well, and is 0 before there is any', async () => {
        expect((await measure('2026-11-21T03:30:00.000Z', 'cder')).answer).toEqual({ dataset: 'cder', hoursSinceCheck: 0 });
        const ledger = createDynamoLedger({ client: lake.clients.dynamo, table: lake.environment.LEDGER_TABLE, isAlive: () => true });
        for (const hour of ['01', '02']) await ledger.endRun(`e-${hour}`, buildRunRecord('cder', new Date(`2026-11-21T${hour}:30:00.000Z`), { outcome: 'failed' }));
        const { answer, lines } = await measure('2026-11-21T03:30:00.000Z', 'cder');
        expect(answer).toEqual({ dataset: 'cder', hoursSinceCheck: 2 });
        expect(lines).toHaveLength(1);
      });
    });
  });
}
