/** The composition root on AWS: the ports of the pipeline on the services that the function's environment names. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { LakeEnvironment } from '@inlet/deployment';
import { PermanentError } from '@inlet/errors';
import { createDynamoLedger } from '@inlet/ledger';
import type { Ledger, ObjectStore, PipelineDeps, RunObserver } from '@inlet/pipeline';
import { createRoutedStore, createS3Client, createS3Store } from '@inlet/s3-io';
import { systemClock } from '@inlet/time';
import { clientSettings, type AwsSettings } from './aws-settings';
import { createExecutionLiveness } from './effects/execution-liveness';

/** Of one invocation. */
export interface TaskSetting {
  executionId: string;
  scratchDir: string;
  signal: AbortSignal;
  observe: RunObserver;
}

/** The ports that a function has, beside store and ledger. */
export type OwnPorts = Partial<Pick<PipelineDeps, 'source' | 'archives' | 'engine' | 'catalog' | 'notifier' | 'deadLetters' | 'secrets'>>;

export interface Lake {
  store: ObjectStore;
  ledger: Ledger;
}

/** Made once, when the function starts, so that connections outlive an invocation. */
export function openLake(env: LakeEnvironment, aws: AwsSettings): Lake {
  const settings = clientSettings(aws);
  return {
    store: openStore({ lakeBucket: env.LAKE_BUCKET, rawBucket: env.RAW_BUCKET }, aws),
    ledger: createDynamoLedger({
      client: new DynamoDBClient(settings),
      table: env.LEDGER_TABLE,
      isAlive: createExecutionLiveness(new SFNClient(settings)),
      clock: systemClock,
    }),
  };
}

/** What lies below `raw/` is kept in a bucket of its own, which nothing is deleted from. */
export function openStore({ lakeBucket, rawBucket }: { lakeBucket: string; rawBucket?: string }, aws: AwsSettings): ObjectStore {
  const { endpoint, ...config } = clientSettings(aws);
  const client = createS3Client({ endpoint, config });
  const lake = createS3Store({ client, bucket: lakeBucket });
  return rawBucket === undefined ? lake : createRoutedStore([{ prefix: 'raw/', store: createS3Store({ client, bucket: rawBucket }) }], lake);
}

/** What a state's work is given. A port that the function does not have throws a PermanentError when it is used. */
export function createPipelineDeps(lake: Pick<Lake, 'store'> & Partial<Lake>, task: TaskSetting, ports: OwnPorts): PipelineDeps {
  return {
    ledger: new Proxy({} as Ledger, { get: () => missing('ledger') }),
    ...lake,
    source: { fetch: async () => missing('source') },
    archives: { listMembers: async () => missing('archives'), extract: async () => missing('archives') },
    engine: async () => missing('engine'),
    catalog: { register: async () => missing('catalog') },
    notifier: { notify: async () => missing('notifier') },
    deadLetters: { send: async () => missing('deadLetters') },
    clock: systemClock,
    // Step Functions, not a process, decides whether an execution lives.
    owner: { executionId: task.executionId, host: 'step-functions', pid: 0 },
    scratchDir: task.scratchDir,
    signal: task.signal,
    observe: task.observe,
    ...ports,
  };
}

function missing(port: keyof PipelineDeps): never {
  throw new PermanentError({ what: 'A state was sent to a function that cannot do its work', found: `no ${port}`, next: 'Deploy the dataset\'s stack again: state machine and functions belong to different versions.' });
}
