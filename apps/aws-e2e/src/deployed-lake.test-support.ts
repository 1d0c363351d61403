/** A lake deployed into the emulator from its synthesized templates, and the means to look at it from outside. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { GetTableCommand, GlueClient, UpdateTableCommand, type Table } from '@aws-sdk/client-glue';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineAliasCommand, DescribeExecutionCommand, ListStateMachinesCommand, PublishStateMachineVersionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SubscribeCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, GetQueueAttributesCommand, PurgeQueueCommand, ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { EVENT_SOURCE, functionName, LIVE_ALIAS, PARAMETERS, stateMachineName, type FunctionKind } from '@inlet/deployment';
import { keys, parseManifest, type Manifest, type RunRecord } from '@inlet/manifest';
import type { ObjectStore } from '@inlet/pipeline';
import { createS3Store } from '@inlet/s3-io';
import { tempDir, type Ministack, type RunningMinistack } from '@inlet/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeResources, type Template } from './remove-resources';
import { execute, must, WORKSPACE, type Ended } from './processes.test-support';

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
const DATASETS = ['nsde', 'cder'];
/** The emulator runs functions on this machine, so they are built for it. */
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** What the emulator's CloudFormation does not know. It says so itself; a type that is missing here, or one too many, fails the rehearsal. */
export const LACKING_TYPES = ['AWS::Budgets::Budget', 'AWS::CloudTrail::Trail', 'AWS::Glue::DataQualityRuleset', 'AWS::Glue::SecurityConfiguration', 'AWS::StepFunctions::StateMachineAlias', 'AWS::StepFunctions::StateMachineVersion'];

export interface PrintedRun {
  runId: string;
  outcome: string;
  reason: string | null;
  error?: { name: string; message: string };
}

/** What the ledger's items that lead from a run's id to its record begin with. */
const RUN_ID = 'RUNID#';

const UNTIL_MS = 30_000;

/** Emulator, bootstrap, base stack, and the two datasets' stacks; `mirror` is the host that runs may be given their sources from. */
export async function deployLake(ministack: Extract<Ministack, { available: true }>, mirror: string): Promise<DeployedLake> {
  const server = await ministack.start({ launcher: path.join(__dirname, 'start-emulator.py'), env: { AWS_ACCESS_KEY_ID: ACCOUNT, PATH: `${path.join(WORKSPACE, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}` } });
  try {
    const lake = new DeployedLake(server);
    await lake.deploy(mirror);
    return lake;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export class DeployedLake {
  /** `<stack> <type> <logical id>` of each resource that was taken out. */
  removed: string[] = [];
  /** Each command that was run as a person runs it, as its arguments. */
  readonly commands: string[][] = [];
  readonly #server: RunningMinistack;
  readonly #env: Record<string, string>;
  readonly #s3: S3Client;
  readonly #sfn: SFNClient;
  readonly #sqs: SQSClient;
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #glue: GlueClient;
  readonly #lambda: LambdaClient;
  readonly #settings: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  #parameters: Record<string, string> = {};
  #heard = '';
  #told = '';
  readonly #events: Record<string, unknown>[] = [];
  readonly #notices: Record<string, unknown>[] = [];

  constructor(server: RunningMinistack) {
    this.#server = server;
    this.#env = { AWS_ENDPOINT_URL: server.endpoint, AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true' };
    this.#settings = { endpoint: server.endpoint, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } };
    this.#s3 = new S3Client({ ...this.#settings, forcePathStyle: true });
    this.#sfn = new SFNClient(this.#settings);
    this.#sqs = new SQSClient(this.#settings);
    this.#dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(this.#settings));
    this.#glue = new GlueClient(this.#settings);
    this.#lambda = new LambdaClient(this.#settings);
  }

  async deploy(mirror: string): Promise<void> {
    await this.#must('cdk', 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
    await this.#deployStack('lake', mirror);
    for (const dataset of DATASETS) await this.#deployStack(dataset, mirror);
    await this.#publishVersions();
    this.#parameters = await this.#readParameters();
    await this.#listen();
    process.kill(this.#server.pid, 'SIGUSR1');
  }

  async stop(): Promise<void> {
    for (const client of [this.#s3, this.#sfn, this.#sqs, this.#dynamo, this.#glue, this.#lambda]) client.destroy();
    await this.#server.stop();
  }

  /** `inlet <command> … --aws`, ending well or not. */
  inlet(command: string, ...args: string[]): Promise<Ended> {
    const given = [command, ...args, '--aws', '--region', REGION];
    this.commands.push(['inlet', ...given]);
    return execute(process.execPath, [path.join(WORKSPACE, 'apps/cli/bin/inlet.mjs'), ...given], this.#env);
  }

  async run(dataset: string, ...options: string[]): Promise<{ code: number | null; printed: PrintedRun }> {
    return printedRun(await this.inlet('run', dataset, ...options, '--json'));
  }

  async redrive(dataset: string): Promise<{ code: number | null; printed: PrintedRun }> {
    return printedRun(await this.inlet('redrive', dataset, '--json'));
  }

  async manifest(dataset: string): Promise<Manifest | undefined> {
    const key = keys.manifestKey(dataset);
    const found = await this.#store('lake').read(key);
    return found && parseManifest(Buffer.from(found.body).toString('utf8'), { dataset, key });
  }

  /** Every key of a bucket. */
  async keys(bucket: 'lake' | 'raw'): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of this.#store(bucket).list('')) found.push(key);
    return found;
  }

  /** The current release has the sources, rows and content hashes that the same files give on this machine. */
  async expectSameAsLocal(dataset: string, files: readonly string[]): Promise<void> {
    const root = path.join(tempDir(), 'lake');
    await must(process.execPath, [path.join(WORKSPACE, 'apps/cli/bin/inlet.mjs'), 'run', dataset, ...files.flatMap((file) => ['--source', file]), '--lake', root, '--quiet']);
    const local = parseManifest(readFileSync(path.join(root, keys.manifestKey(dataset)), 'utf8'), { dataset, key: keys.manifestKey(dataset) });
    const contentOf = (manifest: Manifest | undefined) => {
      if (!manifest?.current) throw new Error(`nothing is published of ${dataset}`);
      const { sha256, fingerprint, tables } = manifest.current;
      return { sha256, fingerprint, tables: tables.map(({ name, layer, rows, contentHash, columns }) => ({ name, layer, rows, contentHash, columns })) };
    };
    const content = contentOf(local);
    expect(content.tables.filter(({ layer, contentHash }) => layer === 'silver' && contentHash === undefined)).toEqual([]);
    expect(contentOf(await this.manifest(dataset))).toEqual(content);
  }

  /** Starts the live state machine with any input, and waits for the run's record. */
  async execute(dataset: string, input: unknown): Promise<RunRecord> {
    const { executionArn } = await this.#sfn.send(new StartExecutionCommand({ stateMachineArn: `${await this.#stateMachine(dataset)}:${LIVE_ALIAS}`, input: JSON.stringify(input) }));
    return this.ending(executionArn ?? '');
  }

  /** The record of the run that an execution was. */
  async ending(executionArn: string): Promise<RunRecord> {
    const ended = await until(async () => {
      const execution = await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    }, `the end of ${executionArn}`);
    const dataset = DATASETS.find((id) => executionArn.includes(`:${stateMachineName(id)}:`)) ?? '';
    const pointer = (await this.ledgerItems()).find(({ pk, executionId }) => String(pk).startsWith(RUN_ID) && executionId === executionArn);
    const runId = String(pointer?.['pk']).slice(RUN_ID.length);
    const found = (await this.#runsOf(dataset)).find((run) => run.runId === runId);
    if (found === undefined) throw new Error(`${executionArn} ended as ${ended.status} (${ended.cause ?? ended.output}) without a record`);
    return found;
  }

  async trigger(dataset: string, event: unknown): Promise<Record<string, unknown>> {
    const { Payload: payload } = await this.#lambda.send(new InvokeCommand({ FunctionName: functionName(dataset, 'trigger'), Payload: Buffer.from(JSON.stringify(event)) }));
    return JSON.parse(Buffer.from(payload ?? []).toString('utf8')) as Record<string, unknown>;
  }

  /** Does something with the temporary credentials of a function's role, as its code would. */
  async asFunction<Result>(dataset: string, kind: FunctionKind, work: (lake: { store: ObjectStore }) => Promise<Result>): Promise<Result> {
    const { Configuration: configuration } = await this.#lambda.send(new GetFunctionCommand({ FunctionName: functionName(dataset, kind) }));
    const sts = fromTemporaryCredentials({ masterCredentials: this.#settings.credentials, params: { RoleArn: configuration?.Role ?? '', RoleSessionName: kind }, clientConfig: { endpoint: this.#settings.endpoint, region: REGION } });
    const client = new S3Client({ ...this.#settings, credentials: sts, forcePathStyle: true });
    try {
      return await work({ store: createS3Store({ client, bucket: this.#parameter('lakeBucket') }) });
    } finally {
      client.destroy();
    }
  }

  async glueTable(database: string, name: string): Promise<Table | undefined> {
    return (await this.#glue.send(new GetTableCommand({ DatabaseName: database, Name: name }))).Table;
  }

  /** As if the table had not yet followed the current release. */
  async setBack(database: string, name: string): Promise<void> {
    const { StorageDescriptor, TableType, Parameters } = (await this.glueTable(database, name)) ?? {};
    const input = { Name: name, StorageDescriptor, TableType, Parameters: { ...Parameters, 'inlet.run_id': 'of-the-release-before' } };
    await this.#glue.send(new UpdateTableCommand({ DatabaseName: database, TableInput: input }));
  }

  async ledgerItems(): Promise<Record<string, unknown>[]> {
    const { Items: items } = await this.#dynamo.send(new ScanCommand({ TableName: this.#parameter('ledgerTable') }));
    return items ?? [];
  }

  /** Bodies of the letters, which stay where they are. */
  async deadLetters(): Promise<unknown[]> {
    const messages = await this.#receive(this.#parameter('deadLetterQueueUrl'), { keep: true });
    return messages.map(({ Body: body }) => JSON.parse(body ?? 'null') as unknown);
  }

  async purgeDeadLetters(): Promise<void> {
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: this.#parameter('deadLetterQueueUrl') }));
  }

  /** Details of every event so far. */
  async events(): Promise<Record<string, unknown>[]> {
    for (const { Body: body } of await this.#receive(this.#heard, { keep: false })) this.#events.push((JSON.parse(body ?? '{}') as { detail: Record<string, unknown> }).detail);
    return this.#events;
  }

  untilHeard(isMeant: (detail: { runId?: unknown }) => boolean): Promise<Record<string, unknown>> {
    return until(async () => (await this.events()).find(isMeant), 'an event of the run');
  }

  /** The notice of a run, as subscribers of the topic get it. */
  untilNotified(runId: string): Promise<Record<string, unknown>> {
    return until(async () => {
      for (const { Body: body } of await this.#receive(this.#told, { keep: false })) {
        const { Message: message } = JSON.parse(body ?? '{}') as { Message?: string };
        if (message?.startsWith('{')) this.#notices.push(JSON.parse(message) as Record<string, unknown>);
      }
      return this.#notices.find((notice) => notice['runId'] === runId);
    }, `the notice of ${runId}`);
  }

  /** Synthesizes a project's stack, takes out what the emulator lacks, and looks at and deploys the rest, with the commands of the guide. */
  async #deployStack(project: string, mirror: string): Promise<void> {
    const out = path.join(tempDir(), 'cdk.out');
    await this.#must('nx', 'synth', project, '--output', out, '--context', `architecture=${ARCHITECTURE}`, '--context', `mirrorHosts=${mirror}`);
    const assembly = path.join(tempDir(), 'assembly');
    mkdirSync(assembly, { recursive: true });
    cpSync(out, assembly, { recursive: true });
    for (const name of readdirSync(assembly).filter((each) => each.endsWith('.template.json'))) await this.#removeLacking(project, path.join(assembly, name));
    await this.#must('nx', 'diff', project, '--app', assembly);
    await this.#must('nx', 'deploy', project, '--app', assembly);
  }

  async #must(...command: [program: string, ...args: string[]]): Promise<void> {
    this.commands.push(command);
    const [program, ...args] = command;
    await must(program, args, { ...this.#env, NX_DAEMON: 'false', NX_TUI: 'false' });
  }

  async #removeLacking(project: string, file: string): Promise<void> {
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    const { template: left, removed } = removeResources(template, await this.#listLackingTypes(template));
    writeFileSync(file, JSON.stringify(left));
    this.removed.push(...removed.map((name) => `${project} ${name}`));
  }

  /** The emulator refuses a template with types that it does not know, and names them. */
  async #listLackingTypes(template: Template): Promise<string[]> {
    const types = [...new Set(Object.values(template.Resources).map(({ Type: type }) => type))];
    const probe = { Resources: Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }])) };
    const client = new CloudFormationClient(this.#settings);
    try {
      await client.send(new ValidateTemplateCommand({ TemplateBody: JSON.stringify(probe) }));
      return [];
    } catch (error) {
      const names = /Unrecognized resource types: \[([^\]]*)\]/.exec((error as Error).message)?.[1];
      if (names === undefined) throw error;
      return names.split(', ');
    } finally {
      client.destroy();
    }
  }

  /** In the place of the two types that CloudFormation lacks here: a version of each state machine, and the live alias. */
  async #publishVersions(): Promise<void> {
    for (const dataset of DATASETS) {
      const { stateMachineVersionArn } = await this.#sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: await this.#stateMachine(dataset) }));
      await this.#sfn.send(new CreateStateMachineAliasCommand({ name: LIVE_ALIAS, routingConfiguration: [{ stateMachineVersionArn, weight: 100 }] }));
    }
  }

  async #stateMachine(dataset: string): Promise<string> {
    const { stateMachines } = await this.#sfn.send(new ListStateMachinesCommand({}));
    const found = stateMachines?.find(({ name }) => name === stateMachineName(dataset))?.stateMachineArn;
    if (found === undefined) throw new Error(`no state machine ${stateMachineName(dataset)}`);
    return found;
  }

  async #readParameters(): Promise<Record<string, string>> {
    const client = new SSMClient(this.#settings);
    const found: Record<string, string> = {};
    for await (const { Parameters: page = [] } of paginateGetParametersByPath({ client }, { Path: '/inlet', Recursive: true })) {
      for (const { Name: name, Value: value } of page) found[name ?? ''] = value ?? '';
    }
    client.destroy();
    return found;
  }

  #parameter(name: keyof typeof PARAMETERS): string {
    const value = this.#parameters[PARAMETERS[name]];
    if (value === undefined) throw new Error(`no parameter ${PARAMETERS[name]} among ${Object.keys(this.#parameters).join(', ')}`);
    return value;
  }

  #store(bucket: 'lake' | 'raw') {
    return createS3Store({ client: this.#s3, bucket: this.#parameter(bucket === 'lake' ? 'lakeBucket' : 'rawBucket') });
  }

  /** Two queues that hear what is said on the event bus and on the topic. */
  async #listen(): Promise<void> {
    const [heard, told] = await Promise.all(['heard', 'told'].map(async (name) => (await this.#sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy: letSpeak(name) } }))).QueueUrl ?? ''));
    [this.#heard, this.#told] = [heard ?? '', told ?? ''];
    const events = new EventBridgeClient(this.#settings);
    await events.send(new PutRuleCommand({ Name: 'rehearsal', EventPattern: JSON.stringify({ source: [EVENT_SOURCE] }) }));
    await events.send(new PutTargetsCommand({ Rule: 'rehearsal', Targets: [{ Id: 'heard', Arn: await this.#arnOf(this.#heard) }] }));
    events.destroy();
    const topics = new SNSClient(this.#settings);
    await topics.send(new SubscribeCommand({ TopicArn: this.#parameter('topicArn'), Protocol: 'sqs', Endpoint: await this.#arnOf(this.#told) }));
    topics.destroy();
  }

  async #arnOf(queueUrl: string): Promise<string> {
    const { Attributes: attributes } = await this.#sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }));
    return attributes?.['QueueArn'] ?? '';
  }

  async #receive(queueUrl: string, { keep }: { keep: boolean }): Promise<Message[]> {
    const { Messages: messages = [] } = await this.#sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: keep ? 0 : 30 }));
    if (!keep) for (const { ReceiptHandle: handle } of messages) await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
    return messages;
  }

  async #runsOf(dataset: string): Promise<RunRecord[]> {
    const { stdout } = await this.inlet('history', dataset, '--json');
    return (JSON.parse(stdout) as { runs: RunRecord[] }).runs;
  }
}

/** Whoever listens says who may speak: a queue's policy. */
function letSpeak(queue: string): string {
  const Principal = { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] };
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}` }] });
}

function printedRun({ code, stdout, stderr }: Ended): { code: number | null; printed: PrintedRun } {
  try {
    return { code, printed: JSON.parse(stdout) as PrintedRun };
  } catch {
    throw new Error(`no JSON was printed, and the command ended with ${code}:\n${stdout}\n${stderr}`);
  }
}

async function until<T>(look: () => Promise<T | undefined>, what: string): Promise<T> {
  const deadline = Date.now() + UNTIL_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(200);
  }
  throw new Error(`no sign of ${what} within ${UNTIL_MS} ms`);
}
