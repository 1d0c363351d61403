/** The composition root of the deployed lake: the same commands, on S3, DynamoDB, Step Functions, Athena and Glue. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { findDataset } from '@inlet/dataset';
import { InterruptedError, PermanentError, UsageError } from '@inlet/errors';
import { createExecutionLiveness, createSqsDeadLetters } from '@inlet/lambda';
import { createDynamoLedger } from '@inlet/ledger';
import type { RunRecord } from '@inlet/manifest';
import type { Ledger, ObjectStore } from '@inlet/pipeline';
import { createRoutedStore, createS3Client, createS3Store } from '@inlet/s3-io';
import { systemClock } from '@inlet/time';
import { openAthenaQuery } from './aws/athena-query';
import { findDeployedLake, liveStateMachineArn, type DeployedLake } from './aws/deployed-lake';
import { followExecution, startExecution, type Watch } from './aws/follow-execution';
import { openQuarantineQuery } from './aws/quarantine-query';
import { checkRemoteSources } from './aws/remote-sources';
import { rollBackDeployed } from './aws/roll-back';
import { checkReplay } from './check-replay';
import type { CliContext } from './context';
import { requireKnownDataset } from './datasets';
import { readLetterRequest } from './dead-letter-request';
import type { AskedRun, Lake, LakeOptions, LakeQuery, OpenedDeadLetter, PreparedRun, RolledBack } from './lake';
import { inletCommand } from './render/next-commands';
import type { Places } from './workspace';

/** Profile, region and endpoint come from the options, or else from where the SDK looks for them. Throws ConfigError where there is no lake. */
export async function openAwsLake(context: CliContext, { domainsDir }: Places, { aws, profile, region }: LakeOptions): Promise<Lake> {
  const config = { profile, region };
  const deployed = await findDeployedLake(new SSMClient(config));
  return new AwsLake(context, { domainsDir, deployed, options: { aws, profile, region } });
}

interface Setting {
  domainsDir: string;
  deployed: DeployedLake;
  options: LakeOptions;
}

class AwsLake implements Lake {
  readonly name: string;
  readonly domainsDir: string;
  readonly options: LakeOptions;
  readonly store: ObjectStore;
  readonly #context: CliContext;
  readonly #deployed: DeployedLake;
  readonly #client: { profile?: string; region?: string };
  readonly #states: SFNClient;

  constructor(context: CliContext, { domainsDir, deployed, options }: Setting) {
    this.name = `s3://${deployed.lakeBucket}`;
    this.domainsDir = domainsDir;
    this.options = options;
    this.#context = context;
    this.#deployed = deployed;
    this.#client = { profile: options.profile, region: options.region };
    this.#states = new SFNClient(this.#client);
    this.store = this.#openStore();
  }

  place(key: string): string {
    return `s3://${key.startsWith('raw/') ? this.#deployed.rawBucket : this.#deployed.lakeBucket}/${key}`;
  }

  readonly withLedger = async <Result>(work: (ledger: Ledger) => Promise<Result>): Promise<Result> => {
    const client = new DynamoDBClient(this.#client);
    const ledger = createDynamoLedger({ client, table: this.#deployed.ledgerTable, isAlive: createExecutionLiveness(this.#states), clock: systemClock });
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
      client.destroy();
    }
  };

  prepareRun(dataset: string, options: AskedRun): Promise<PreparedRun> {
    return this.#prepare(dataset, options);
  }

  async #prepare(dataset: string, { sample, source, force, engine, replay }: AskedRun, onStarted?: () => Promise<void>): Promise<PreparedRun> {
    if (sample) {
      throw new UsageError({ what: 'A sample release lies on this machine, out of reach of a run on AWS', expected: '--aws without --sample', found: 'both', next: 'Leave --sample out, or run it here without --aws.' });
    }
    const sources = checkRemoteSources(source ?? []);
    await requireKnownDataset(this.domainsDir, this.store, dataset);
    if (replay !== undefined) await checkReplay(this, { dataset, run: replay });
    const input = { ...(force && { force }), ...(sources.length > 0 && { sources }), ...(engine !== 'auto' && { engine }), ...(replay !== undefined && { replay }) };
    return {
      interruptNotice: `No longer following; the run goes on. It shows in \`${inletCommand('status', this.options)}\`.`,
      start: (watch) => this.#run({ dataset, input, onStarted }, watch),
    };
  }

  /** The letter goes as soon as its execution has started: whatever happens to that is recorded there. */
  async openDeadLetter(dataset: string): Promise<OpenedDeadLetter | undefined> {
    const received = await createSqsDeadLetters({ client: new SQSClient(this.#client), queueUrl: this.#deployed.deadLetterQueueUrl }).receive(dataset);
    if (received === undefined) return undefined;
    const { letter, remove } = received;
    return { letter, remove, prepareRun: () => this.#prepare(dataset, readLetterRequest(letter, this.options), remove) };
  }

  openQuery({ quarantineOf }: { quarantineOf?: string } = {}): Promise<LakeQuery> {
    if (quarantineOf !== undefined) return openQuarantineQuery(this.store, { domainsDir: this.domainsDir, quarantineOf });
    return openAthenaQuery(this.#context, { client: new AthenaClient(this.#client), glue: new GlueClient(this.#client), workgroup: this.#deployed.workgroup, domainsDir: this.domainsDir });
  }

  async removeScratch(): Promise<string[]> {
    return [];
  }

  async rollBack(dataset: string, to: string | undefined): Promise<RolledBack> {
    const { config } = await findDataset(this.domainsDir, dataset);
    return rollBackDeployed(
      { store: this.store, glue: new GlueClient(this.#client) },
      { dataset, to, database: config.database_name, lakeBucket: this.#deployed.lakeBucket, repair: (runId) => inletCommand(`rollback ${dataset} --to ${runId}`, this.options) },
    );
  }

  async #run({ dataset, input, onStarted }: { dataset: string; input: object; onStarted?: () => Promise<void> }, watch: Watch): Promise<RunRecord> {
    const executionArn = await startExecution(this.#states, { dataset, stateMachineArn: liveStateMachineArn(this.#deployed, dataset), input });
    await onStarted?.();
    watch.observe({ type: 'run-started', dataset, at: systemClock.now() });
    const { runId, end } = await followExecution(this.#states, executionArn, watch).catch((error: unknown) => {
      if (watch.signal.aborted) throw this.#detached(dataset, executionArn);
      throw error;
    });
    const record = runId === undefined ? undefined : await this.withLedger((ledger) => ledger.getRun(runId, dataset));
    if (record !== undefined) return record;
    throw new PermanentError({
      what: `The run of ${dataset} ended without a record`,
      where: executionArn,
      expected: 'the outcome of a run',
      found: [end?.status, end?.error, end?.cause].filter(Boolean).join(': '),
      next: 'Open the execution in the Step Functions console: it shows which state failed, and why.',
    });
  }

  /** Only following ends with this command, so its exit code is no outcome of the run. */
  #detached(dataset: string, executionArn: string): InterruptedError {
    return new InterruptedError({
      what: `The run of ${dataset} goes on in AWS, unfollowed`,
      where: executionArn,
      next: `See how it ends with \`${inletCommand('status', this.options)}\` and \`${inletCommand(`history ${dataset}`, this.options)}\`.`,
    });
  }

  #openStore(): ObjectStore {
    const { env } = this.#context;
    const client = createS3Client({ endpoint: env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'], config: this.#client });
    const { rawBucket, lakeBucket } = this.#deployed;
    return createRoutedStore([{ prefix: 'raw/', store: createS3Store({ client, bucket: rawBucket }) }], createS3Store({ client, bucket: lakeBucket }));
  }
}
