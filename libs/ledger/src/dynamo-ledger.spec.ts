import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LEDGER_TABLE_SHAPE, LEDGER_TTL_DAYS } from '@inlet/deployment';
import { AlreadyRunningError, PermanentError } from '@inlet/errors';
import { UNLEASED_RUN_MS, type RunOwner } from '@inlet/pipeline';
import { buildRunRecord, describeLedgerContract, prepareMinistack, present, skipAloud, type RunningMinistack } from '@inlet/testing';
import { fixedClock } from '@inlet/time';
import { createDynamoLedger, type DynamoLedgerOptions } from './index';

const ministack = prepareMinistack();
const START = '2026-11-20T21:00:00.000Z';
const TTL_MS = LEDGER_TTL_DAYS * 86_400_000;

const ownerOf = (executionId: string): RunOwner => ({ executionId, host: 'step-functions', pid: 0 });
const startOf = (dataset: string, executionId: string) => ({ dataset, owner: ownerOf(executionId), requestedAt: new Date(START) });

if (!ministack.available) {
  skipAloud('the contract of DynamoDB against a real server', ministack.reason);
} else {
  describe('against a real DynamoDB-speaking server', () => {
    let server: RunningMinistack;
    let client: DynamoDBClient;
    beforeAll(async () => {
      server = await ministack.start();
      client = connect();
    }, 90_000);
    afterAll(async () => {
      client?.destroy();
      await server?.stop();
    });
    const connect = () => new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    const makeTable = async () => {
      const { partitionKey, sortKey, timeToLiveAttribute } = LEDGER_TABLE_SHAPE;
      const TableName = `ledger-${randomUUID()}`;
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
          KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }, { AttributeName: sortKey, KeyType: 'RANGE' }],
        }),
      );
      await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true } }));
      return TableName;
    };
    const bench = async (options: Partial<DynamoLedgerOptions> = {}) => {
      const table = await makeTable();
      const clock = fixedClock(START);
      const ledger = createDynamoLedger({ client, table, isAlive: () => true, clock, ...options });
      return { table, clock, ledger, itemsOf: () => scan(client, table) };
    };

    describeLedgerContract('createDynamoLedger', async (setting) => {
      const table = await makeTable();
      const clients: DynamoDBClient[] = [];
      return {
        ledger: createDynamoLedger({ client, table, ...setting }),
        connectAgain: async () => {
          const another = connect();
          clients.push(another);
          return createDynamoLedger({ client: another, table, ...setting, isAlive: async (owner) => setting.isAlive(owner) });
        },
        cleanup: async () => clients.forEach((another) => another.destroy()),
      };
    });

    it('gives forty parallel tries of one execution one start', async () => {
      const { ledger, itemsOf } = await bench();
      const begun = await Promise.all(Array.from({ length: 40 }, () => ledger.beginRun(startOf('a', 'e1'))));
      expect(new Set(begun.map(({ startedAt }) => startedAt.getTime())).size).toBe(1);
      expect((await itemsOf()).filter(({ sk }) => String(sk).startsWith('OPEN#'))).toHaveLength(1);
    });

    it('keeps one record when twenty end the same run at once', async () => {
      const { ledger, itemsOf } = await bench();
      const { startedAt } = await ledger.beginRun(startOf('a', 'e1'));
      await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.endRun('e1', buildRunRecord('a', startedAt, { runId: `run-${n}` }))));
      const [kept, ...others] = await ledger.listRuns({});
      expect(others).toEqual([]);
      expect(await ledger.getRun(present(kept).runId)).toEqual(kept);
      expect((await itemsOf()).filter(({ pk }) => String(pk).startsWith('RUNID#'))).toHaveLength(1);
      expect(await ledger.openRuns()).toEqual([]);
    });

    it('keeps one record when several end at once a run that was never begun', async () => {
      const { ledger } = await bench();
      await Promise.all(Array.from({ length: 10 }, (_, n) => ledger.endRun('e1', buildRunRecord('a', new Date(START), { runId: `run-${n}` }))));
      expect(await ledger.listRuns({})).toHaveLength(1);
    });

    it('a retry of an execution that has ended opens nothing, and its name changes nothing', async () => {
      const { ledger } = await bench();
      const { startedAt } = await ledger.beginRun(startOf('a', 'e1'));
      const record = buildRunRecord('a', startedAt);
      await ledger.endRun('e1', record);
      expect(await ledger.beginRun(startOf('a', 'e1'))).toEqual({ startedAt });
      await ledger.nameRun('e1', 'another');
      expect(await ledger.openRuns()).toEqual([]);
      expect(await ledger.listRuns({})).toEqual([record]);
    });

    it('shows the owner of the last try', async () => {
      const { ledger } = await bench();
      await ledger.beginRun(startOf('a', 'e1'));
      await ledger.beginRun({ ...startOf('a', 'e1'), owner: { executionId: 'e1', host: 'other', pid: 7 } });
      expect(await ledger.openRuns()).toMatchObject([{ owner: { executionId: 'e1', host: 'other', pid: 7 } }]);
    });

    it('passes the lease of a dead owner to exactly one of twenty that ask at once', async () => {
      const { ledger } = await bench({ isAlive: async ({ executionId }) => executionId !== 'dead' });
      await ledger.acquireLease('a', ownerOf('dead'), 60_000);
      const asked = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => ledger.acquireLease('a', ownerOf(`e${n}`), 60_000)));
      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const answer of asked) if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(AlreadyRunningError);
    });

    it('does not take over a lease that its owner renews while the question is asked whether it lives', async () => {
      const { table, clock } = await bench();
      const holder = createDynamoLedger({ client, table, isAlive: () => true, clock });
      await holder.acquireLease('a', ownerOf('slow'), 60_000);
      const answers = [false, true];
      const isAlive = async () => {
        clock.advance(1);
        await holder.acquireLease('a', ownerOf('slow'), 60_000);
        return answers.shift() ?? true;
      };
      const second = createDynamoLedger({ client, table, isAlive, clock });
      await expect(second.acquireLease('a', ownerOf('e2'), 60_000)).rejects.toThrow(AlreadyRunningError);
      expect(answers).toEqual([]);
    });

    it('gives every item but counters and leases a time to live in whole seconds', async () => {
      const { ledger, itemsOf } = await bench();
      await ledger.beginRun(startOf('a', 'open'));
      const { startedAt } = await ledger.beginRun(startOf('a', 'closed'));
      await ledger.acquireLease('a', ownerOf('open'), 60_000);
      await ledger.endRun('closed', buildRunRecord('a', startedAt));
      await ledger.endRun('unheard-of', buildRunRecord('b', startedAt));
      const all = await itemsOf();
      const lasting = all.filter(({ expiresAt }) => expiresAt === undefined).map(({ pk, sk }) => `${pk} ${sk}`);
      expect(lasting.sort()).toEqual(['DATASET#a LEASE', 'DATASETS a', 'DATASETS b']);
      const times = new Set(all.map(({ expiresAt }) => expiresAt).filter((time) => time !== undefined));
      expect([...times]).toEqual([(Date.parse(START) + TTL_MS) / 1000]);
      expect(all).toHaveLength(3 + 2 + 3 + 3);
    });

    it('shows nothing past its time to live, though DynamoDB still has it', async () => {
      const { ledger, clock, itemsOf } = await bench();
      const { startedAt } = await ledger.beginRun(startOf('a', 'closed'));
      await ledger.beginRun(startOf('a', 'open'));
      const record = buildRunRecord('a', startedAt);
      await ledger.endRun('closed', record);
      clock.advance(TTL_MS - 1000);
      expect(await ledger.openRuns('a')).toHaveLength(1);
      expect(await ledger.getRun(record.runId)).toEqual(record);
      clock.advance(1000);
      expect([await ledger.openRuns(), await ledger.openRuns('a'), await ledger.listRuns({})]).toEqual([[], [], []]);
      expect(await ledger.getRun(record.runId)).toBeUndefined();
      await expect(ledger.nameRun('open', 'x')).rejects.toThrow(PermanentError);
      expect(await itemsOf()).toHaveLength(6);
      expect((await ledger.beginRun(startOf('a', 'open'))).startedAt.getTime()).toBeGreaterThan(startedAt.getTime() + 1000);
    });

    it('lists the newest of three hundred runs without those past their time, whatever the pages', async () => {
      const { ledger, clock } = await bench();
      for (let n = 0; n < 300; n += 20) {
        await Promise.all(Array.from({ length: 20 }, (_, k) => ledger.endRun(`e${n + k}`, buildRunRecord('a', new Date(Date.parse(START) + (n + k) * 1000), { runId: `run-${n + k}` }))));
        if (n === 100) clock.advance(60_000);
      }
      clock.advance(TTL_MS - 60_000);
      expect((await ledger.listRuns({ dataset: 'a', limit: 3 })).map(({ runId }) => runId)).toEqual(['run-299', 'run-298', 'run-297']);
      expect(await ledger.listRuns({ dataset: 'a', limit: 250 })).toHaveLength(180);
      expect(await ledger.listRuns({ limit: 0 })).toEqual([]);
    });

    it('keeps large records whole, and lists more of them than one answer of DynamoDB holds', async () => {
      const { ledger } = await bench();
      const records = Array.from({ length: 6 }, (_, n) => buildRunRecord('a', new Date(Date.parse(START) + n * 1000), { quality: noise(150_000) }));
      for (const record of records) await ledger.endRun(record.runId, record);
      expect(await ledger.listRuns({ dataset: 'a' })).toEqual([...records].reverse());
    });

    it('ends a run whose record no item could hold, and says where the whole one lies', async () => {
      const { ledger } = await bench();
      const { startedAt } = await ledger.beginRun(startOf('a', 'e1'));
      await ledger.endRun('e1', buildRunRecord('a', startedAt, { quality: noise(1_500_000), tables: [{ name: 't', layer: 'silver', rows: 3, quarantined: 0, superseded: 0 }] }));
      const [kept] = await ledger.listRuns({});
      expect(kept).toMatchObject({ dataset: 'a', outcome: 'failed', quality: [], tables: [{ name: 't' }] });
      expect(present(kept).reason).toContain(`manifests/a/runs/${present(kept).runId}.json`);
    });

    it('takes no other program\'s item for one of its own', async () => {
      const { ledger, table } = await bench();
      await ledger.beginRun(startOf('a', 'e1'));
      const [open] = (await scan(client, table)).filter(({ sk }) => String(sk).startsWith('OPEN#'));
      const { pk, sk } = present(open);
      await DynamoDBDocumentClient.from(client).send(new UpdateCommand({ TableName: table, Key: { pk, sk }, UpdateExpression: 'REMOVE pid' }));
      await expect(ledger.openRuns()).rejects.toThrow(PermanentError);
      await expect(ledger.openRuns()).rejects.toThrow(new RegExp(`DATASET#a OPEN#.*e1 of the ledger cannot be read.*${table}.*pid`));
    });

    it('counts a run as alive by its lease, not by the lease of the run beside it', async () => {
      const { ledger, clock } = await bench();
      for (const id of ['e1', 'e2']) await ledger.beginRun(startOf('a', id));
      await ledger.acquireLease('a', ownerOf('e2'), 2 * UNLEASED_RUN_MS);
      clock.advance(UNLEASED_RUN_MS + 1000);
      expect((await ledger.openRuns()).map(({ owner, alive }) => [owner.executionId, alive])).toEqual([['e1', false], ['e2', true]]);
    });

    it('names the table that is not there, and what to do', async () => {
      const ledger = createDynamoLedger({ client, table: 'no-such-table', isAlive: () => true });
      const attempts = [() => ledger.beginRun(startOf('a', 'e1')), () => ledger.listRuns({ dataset: 'a' }), () => ledger.acquireLease('a', ownerOf('e1'), 1)];
      for (const attempt of attempts) {
        await expect(attempt()).rejects.toThrow(PermanentError);
        await expect(attempt()).rejects.toThrow(/DynamoDB table no-such-table.*deploy the base stack/);
      }
    });
  });
}

/** Results that no compression makes smaller. */
function noise(characters: number) {
  const reason = Array.from({ length: Math.ceil(characters / 36) }, () => randomUUID()).join('');
  return [{ table: 't', rule: 'IsComplete "x"', outcome: 'failed' as const, metrics: {}, reason }];
}

async function scan(client: DynamoDBClient, TableName: string): Promise<Record<string, unknown>[]> {
  return (await DynamoDBDocumentClient.from(client).send(new ScanCommand({ TableName }))).Items ?? [];
}
