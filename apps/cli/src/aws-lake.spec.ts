/** The commands on a deployed lake: its parts stand in an emulator on loopback, the state machine with states that only pass. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateDatabaseCommand, DeleteDatabaseCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineAliasCommand, CreateStateMachineCommand, DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Database } from '@inlet/duckdb';
import { LEDGER_TABLE_SHAPE, LIVE_ALIAS, PARAMETERS, stateMachineName } from '@inlet/deployment';
import { createDynamoLedger } from '@inlet/ledger';
import { keys, type Manifest, type Release, type RunRecord } from '@inlet/manifest';
import { createRoutedStore, createS3Client, createS3Store } from '@inlet/s3-io';
import { prepareMinistack, present, skipAloud, type RunningMinistack } from '@inlet/testing';
import { captureContext, type CapturedContext } from './capture.test-support';
import { runCommandLine } from './main';

const OLD = '20261119T210000Z-aaaaaaaaaaaa';
const NEW = '20261120T210000Z-bbbbbbbbbbbb';
const sha256 = 'a'.repeat(64);
const ACCOUNT = '000000000000';
const STATES = `arn:aws:states:us-east-1:${ACCOUNT}`;

const config = (dataset: string) => ({
  dataset,
  owner: 'tests',
  cost_center: 'tests',
  source_url: 'https://host/notes.csv',
  schedule: { expression: 'rate(1 day)' },
  tables: [{ name: 'notes', members: ['*'], columns: [{ name: 'id', source: 'id' }] }],
  models: [{ name: 'notes', key: ['id'], parent: 'notes' }],
  bronze_job_name: 'b',
  silver_job_name: 's',
  bronze_crawler_name: 'c',
  database_name: `inlet_${dataset}`,
});

let root: string;
function writeWorkspace(): void {
  root = mkdtempSync(path.join(tmpdir(), 'aws-lake-'));
  writeFileSync(path.join(root, 'nx.json'), '{}');
  for (const dataset of ['notes', 'slow', 'undeployed']) {
    const domain = path.join(root, 'domains', dataset);
    for (const folder of ['config', 'models']) mkdirSync(path.join(domain, folder), { recursive: true });
    writeFileSync(path.join(domain, 'config/dataset.json'), JSON.stringify(config(dataset)));
    writeFileSync(path.join(domain, 'models/notes.sql'), 'select id, _source, _member, _line from bronze.notes');
  }
}

async function inlet(...argv: string[]): Promise<CapturedContext> {
  const context = captureContext({ cwd: root, installRoot: root, env: process.env });
  await runCommandLine(context, argv);
  return context;
}

const environment = { ...process.env };
function setEnvironment(variables: Record<string, string>): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, { AWS_CONFIG_FILE: path.join(root, 'none'), AWS_SHARED_CREDENTIALS_FILE: path.join(root, 'none'), AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1', ...variables });
}
const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

beforeAll(writeWorkspace);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  process.env = environment;
});

describe('--aws where nothing can be reached', () => {
  it.each([
    ['no region', { ...KEYS }, 2, /expected an AWS region.*--region <name>/],
    ['no credentials', { AWS_REGION: 'us-east-1' }, 2, /expected AWS credentials.*--profile <name>/],
    ['nobody at the endpoint', { ...KEYS, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 1, /ECONNREFUSED.*AWS_ENDPOINT_URL/],
  ])('says in one sentence that there is %s', async (_what, variables, exitCode, message) => {
    setEnvironment(variables);
    const { stdout, stderr, ...context } = await inlet('status', '--aws');
    expect(stderr.text).toMatch(message);
    expect(stderr.text.trim().split('\n')).toHaveLength(1);
    expect(stdout.text).toBe('');
    expect(context.exitCode).toBe(exitCode);
  });

  it.each([
    [['status', '--aws', '--lake', 'x'], /--aws and --lake exclude each other/],
    [['status', '--profile', 'x'], /--profile says how to reach AWS: expected --aws/],
    [['history', 'notes', '--region', 'x'], /--region says how to reach AWS/],
    [['doctor', '--aws'], /inlet doctor works on a lake on this machine/],
  ])('%j is wrong usage', async (argv, message) => {
    setEnvironment({});
    const { stderr, exitCode } = await inlet(...argv);
    expect(stderr.text).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

const ministack = prepareMinistack();
const onEmulator = ministack.available ? describe : describe.skip;
if (!ministack.available) skipAloud('the commands on a deployed lake', ministack.reason);

const fileKey = (runId: string) => `${keys.modelPrefix('silver', 'notes', '2026-11-20', runId)}notes/part-0.parquet`;

function releaseOf(runId: string): Release {
  const tables: Release['tables'] = [{ name: 'notes', layer: 'silver', rows: 3, files: [{ key: fileKey(runId), rows: 3, bytes: 4 }], columns: [{ name: 'id', type: 'VARCHAR' }], quarantined: 0, superseded: 0 }];
  return { runId, version: '2026-11-20', sha256, bytes: 1, publishedAt: '2026-11-20T21:00:01.000Z', fingerprint: sha256, sources: [], tables, schemaChanges: [] };
}

function recordOf(runId: string, over: Partial<RunRecord> = {}): RunRecord {
  const startedAt = `${runId.slice(0, 4)}-${runId.slice(4, 6)}-${runId.slice(6, 8)}T21:00:00.000Z`;
  return { dataset: 'notes', runId, outcome: 'published', engine: 'duckdb', startedAt, endedAt: startedAt, durationMs: 812, release: null, tables: [], quality: [], reason: null, schemaChanges: [], ...over };
}

onEmulator('--aws on a deployed lake', () => {
  let server: RunningMinistack;
  let states: SFNClient;
  let glue: GlueClient;
  let reach: Record<string, string>;

  beforeAll(async () => {
    if (!ministack.available) return;
    server = await ministack.start();
    reach = { ...KEYS, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: server.endpoint };
    const client = { endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    [states, glue] = [new SFNClient(client), new GlueClient(client)];
    await fillLake(client);
    await deployMachine('notes', { UpdateManifest: { Type: 'Pass', Result: { outcome: { outcome: 'published', runId: NEW } }, Next: 'Done' }, Done: { Type: 'Succeed' } }, 'UpdateManifest');
    await deployMachine('undeployed', { Failed: { Type: 'Fail', Error: 'Refused', Cause: 'before any record' } }, 'Failed', 'other');
    await deployMachine('slow', { Wait: { Type: 'Wait', Seconds: 60, End: true } }, 'Wait');
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'inlet_notes' } }));
  }, 90_000);
  afterAll(async () => {
    states?.destroy();
    glue?.destroy();
    await server?.stop();
  });
  beforeEach(() => setEnvironment(reach));

  type ClientConfig = { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

  async function deployMachine(dataset: string, States: object, StartAt: string, alias = LIVE_ALIAS): Promise<void> {
    const made = await states.send(new CreateStateMachineCommand({ name: stateMachineName(dataset), definition: JSON.stringify({ StartAt, States }), roleArn: `arn:aws:iam::${ACCOUNT}:role/x`, publish: true }));
    await states.send(new CreateStateMachineAliasCommand({ name: alias, routingConfiguration: [{ stateMachineVersionArn: present(made.stateMachineVersionArn), weight: 100 }] }));
  }

  const openLedger = (client: ClientConfig) => createDynamoLedger({ client: new DynamoDBClient(client), table: 'ledger', isAlive: () => true });

  async function fillLake(client: ClientConfig): Promise<void> {
    const ssm = new SSMClient(client);
    const parameters = { [PARAMETERS.lakeBucket]: 'lake', [PARAMETERS.rawBucket]: 'raw', [PARAMETERS.ledgerTable]: 'ledger', [PARAMETERS.workgroup]: 'inlet', [PARAMETERS.deadLetterQueueUrl]: 'http://127.0.0.1/dead-letters', [PARAMETERS.topicArn]: `arn:aws:sns:us-east-1:${ACCOUNT}:topic` };
    for (const [Name, Value] of Object.entries(parameters)) await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String' }));
    const s3 = createS3Client({ endpoint: client.endpoint, config: client });
    for (const Bucket of ['lake', 'raw', 'results']) await s3.send(new CreateBucketCommand({ Bucket }));
    await new AthenaClient(client).send(new CreateWorkGroupCommand({ Name: 'inlet', Configuration: { ResultConfiguration: { OutputLocation: 's3://results/' } } }));
    const store = createRoutedStore([{ prefix: 'raw/', store: createS3Store({ client: s3, bucket: 'raw' }) }], createS3Store({ client: s3, bucket: 'lake' }));
    const manifest: Manifest = { formatVersion: 1, dataset: 'notes', current: releaseOf(NEW), observed: null, releases: [releaseOf(NEW), releaseOf(OLD)], events: [] };
    await store.write(keys.manifestKey('notes'), JSON.stringify(manifest));
    for (const runId of [OLD, NEW]) await store.write(fileKey(runId), 'PAR1');
    const dynamo = new DynamoDBClient(client);
    const { partitionKey, sortKey } = LEDGER_TABLE_SHAPE;
    const key = [{ AttributeName: partitionKey, KeyType: 'HASH' as const }, { AttributeName: sortKey, KeyType: 'RANGE' as const }];
    await dynamo.send(new CreateTableCommand({ TableName: 'ledger', BillingMode: 'PAY_PER_REQUEST', KeySchema: key, AttributeDefinitions: key.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })) }));
    const ledger = openLedger(client);
    for (const record of [recordOf(OLD), recordOf(NEW, { outcome: 'rejected', reason: 'Row count fell by 60 %.' })]) {
      const owner = { executionId: `${STATES}:execution:inlet-notes:${record.runId}`, host: 'aws', pid: 0 };
      await ledger.beginRun({ dataset: 'notes', owner, requestedAt: new Date(record.startedAt) });
      await ledger.endRun(owner.executionId, record);
    }
  }

  it('status, history and show read S3 and DynamoDB, and name commands that reach this lake again', async () => {
    const { stdout, exitCode } = await inlet('status', '--aws', '--region', 'us-east-1');
    expect(exitCode).toBe(0);
    expect(stdout.text).toContain(`release   ${NEW}, published 2026-11-20 21:00:01 UTC`);
    expect(stdout.text).toContain(`npx inlet show ${NEW} --aws --region us-east-1`);
    expect(stdout.text).toMatch(/undeployed\n {2}release {3}none yet/);
    expect(stdout.text).toContain('lake: s3://lake');
    const history = JSON.parse((await inlet('history', 'notes', '--aws', '--json')).stdout.text);
    expect(history.runs.map(({ runId }: RunRecord) => runId)).toEqual([NEW, OLD]);
    const shown = (await inlet('show', OLD, '--aws')).stdout.text;
    expect(shown).toContain(`record  s3://lake/${keys.runRecordKey('notes', OLD)}`);
    expect(shown).toContain('npx inlet query "show databases" --aws');
  });

  it('run starts the live version, ends with the record of the ledger, and with its exit code', async () => {
    const { stdout, stderr, exitCode } = await inlet('run', 'notes', '--aws', '--json', '--force', '--engine', 'spark', '--source', 'https://host/a.csv');
    expect(JSON.parse(stdout.text)).toMatchObject({ dataset: 'notes', runId: NEW, outcome: 'rejected', reason: 'Row count fell by 60 %.' });
    expect(exitCode).toBe(3);
    expect(stderr.text).toContain('Running notes');
    const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn: `${STATES}:stateMachine:inlet-notes` }));
    const { input } = await states.send(new DescribeExecutionCommand({ executionArn: present(executions?.[0]?.executionArn) }));
    expect(JSON.parse(present(input))).toEqual({ force: true, engine: 'spark', sources: ['https://host/a.csv'] });
  });

  it('replay names the run to the live version, once it is known that it can be run again', async () => {
    const refused = await inlet('replay', 'notes', '--aws');
    expect(refused.stderr.text).toMatch(/notes has no run to run again/);
    expect(refused.exitCode).toBe(2);
    const store = createS3Store({ client: createS3Client({ endpoint: server.endpoint, config: { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } } }), bucket: 'lake' });
    await store.write(keys.runRecordKey('notes', NEW), JSON.stringify(recordOf(NEW, { outcome: 'rejected' })));
    await store.write(`${keys.bronzePrefix('notes', NEW)}_bronze.json`, JSON.stringify({ formatVersion: 1, engine: 'duckdb', textBytes: 1, fingerprint: 'f', sha256, bytes: 1, sources: [], tables: [] }));
    const { stderr, exitCode } = await inlet('replay', 'notes', '--aws', '--json', '--run', NEW);
    expect({ exitCode, stderr: stderr.text }).toEqual({ exitCode: 3, stderr: expect.stringContaining('Running notes') });
    const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn: `${STATES}:stateMachine:inlet-notes` }));
    const inputs = await Promise.all((executions ?? []).map(({ executionArn }) => states.send(new DescribeExecutionCommand({ executionArn: present(executionArn) }))));
    expect(inputs.map(({ input }) => JSON.parse(present(input)))).toContainEqual({ replay: NEW });
  });

  it.each([
    [['--sample'], /out of reach of a run on AWS/],
    [['--source', 'notes.csv'], /found a path on this machine/],
    [['--lake', 'x'], /exclude each other/],
  ])('run refuses %j', async (argv, message) => {
    const { stderr, exitCode } = await inlet('run', 'notes', '--aws', ...argv);
    expect(stderr.text).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('run says what is unknown and what is not deployed', async () => {
    expect((await inlet('run', 'ntoes', '--aws')).stderr.text).toContain('did you mean "notes"?');
    const { stderr, exitCode } = await inlet('run', 'undeployed', '--aws');
    expect(stderr.text).toContain('npx nx deploy undeployed');
    expect(exitCode).toBe(2);
  });

  it('query asks Athena', async () => {
    const { stdout, stderr, exitCode } = await inlet('query', 'select 42 as answer', '--aws', '--format', 'csv');
    expect(stderr.text).toMatch(/^Athena scanned \d+ B\.\n$/);
    expect([stdout.text, exitCode]).toEqual(['answer\r\n42\r\n', 0]);
  });

  it('query asks the quarantine of a run on this machine, and leaves no file of it here', async () => {
    const file = path.join(root, 'set-aside.parquet');
    const db = await Database.open();
    await db.run(`copy (select 'a reason' as _reason) to '${file}' (format parquet)`);
    db.close();
    const s3 = createS3Client({ endpoint: server.endpoint, config: { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } } });
    await createS3Store({ client: s3, bucket: 'lake' }).uploadFile(file, `${keys.quarantinePrefix('notes', NEW)}notes/part-0.parquet`);
    const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('inlet-quarantine-'));
    const before = scratch();
    const { stdout, exitCode } = await inlet('query', 'from notes_quarantine.notes', '--aws', '--quarantine-of', NEW, '--json');
    expect([JSON.parse(stdout.text), exitCode]).toEqual([[{ _reason: 'a reason' }], 0]);
    expect(scratch()).toEqual(before);
  });

  it('rollback moves the release, then the catalog, and mends a catalog that did not follow', async () => {
    expect((await inlet('rollback', 'notes', '--aws')).stdout.text).toBe(`notes rolled back from ${NEW} to ${OLD}\nAthena reads it in inlet_notes: notes\n`);
    const location = async () => (await glue.send(new GetTableCommand({ DatabaseName: 'inlet_notes', Name: 'notes' }))).Table?.StorageDescriptor?.Location;
    expect(await location()).toContain(`run=${OLD}`);
    await glue.send(new DeleteDatabaseCommand({ Name: 'inlet_notes' }));
    const { stderr, exitCode } = await inlet('rollback', 'notes', '--aws', '--to', NEW);
    expect(stderr.text).toContain(`npx inlet rollback notes --to ${NEW} --aws`);
    expect(exitCode).toBe(1);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'inlet_notes' } }));
    expect(JSON.parse((await inlet('rollback', 'notes', '--aws', '--to', NEW, '--json')).stdout.text)).toEqual({ dataset: 'notes', from: NEW, to: NEW, catalog: { database: 'inlet_notes', tables: ['notes'] } });
    expect(await location()).toContain(`run=${NEW}`);
  });

  it('a region without a base stack is told from one with it', async () => {
    const { stderr, exitCode } = await inlet('status', '--aws', '--region', 'eu-west-1');
    expect(stderr.text).toContain('region eu-west-1');
    expect(stderr.text).toContain('npx nx deploy lake');
    expect(exitCode).toBe(2);
  });

  it('Ctrl-C ends the following and not the run, which status shows as running', async () => {
    const running = inlet('run', 'slow', '--aws');
    const listStarted = async () => (await states.send(new ListExecutionsCommand({ stateMachineArn: `${STATES}:stateMachine:inlet-slow` }))).executions?.[0]?.executionArn;
    let executionArn: string | undefined;
    while ((executionArn = await listStarted()) === undefined) await sleep(20);
    process.emit('SIGINT');
    const { stderr, exitCode } = await running;
    expect(stderr.text).toContain('No longer following; the run goes on. It shows in `npx inlet status --aws`.');
    expect(stderr.text).toContain('npx inlet history slow --aws');
    expect(exitCode).toBe(1);
    expect((await states.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
    const ledger = openLedger({ endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    await ledger.beginRun({ dataset: 'slow', owner: { executionId: executionArn, host: 'aws', pid: 0 }, requestedAt: new Date() });
    // An execution that has ended, without its run having been closed.
    const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn: `${STATES}:stateMachine:inlet-notes`, statusFilter: 'SUCCEEDED' }));
    await ledger.beginRun({ dataset: 'notes', owner: { executionId: present(executions?.[0]?.executionArn), host: 'aws', pid: 0 }, requestedAt: new Date() });
    const { datasets } = JSON.parse((await inlet('status', '--aws', '--json')).stdout.text);
    expect(Object.fromEntries(datasets.map((each: { dataset: string; running: boolean }) => [each.dataset, each.running]))).toEqual({ notes: false, slow: true, undeployed: false });
  });

  it('a run that ends without a record is no success, and says where to look', async () => {
    await deployMachine('broken', { Failed: { Type: 'Fail', Error: 'Refused', Cause: 'before any record' } }, 'Failed');
    mkdirSync(path.join(root, 'domains/broken/config'), { recursive: true });
    writeFileSync(path.join(root, 'domains/broken/config/dataset.json'), '{}');
    const { stderr, exitCode } = await inlet('run', 'broken', '--aws');
    expect(stderr.text).toMatch(/ended without a record \(arn:.*found FAILED: Refused: before any record/);
    expect(exitCode).toBe(1);
  });
});
