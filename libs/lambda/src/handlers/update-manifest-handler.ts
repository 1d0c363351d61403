/** The function that ends runs: it publishes, records, tells and puts aside. On a schedule it measures how fresh the dataset is. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { UpdateManifestEnvironmentSchema, type UpdateManifestEnvironment } from '@inlet/deployment';
import { systemClock, type Clock } from '@inlet/time';
import { z } from 'zod';
import { type AwsSettings, clientSettings, readAwsSettings } from '../aws-settings';
import { readBundledDataset } from '../bundled-dataset';
import { notifyAll } from '../effects/notify-all';
import { createReleaseEvents } from '../effects/release-events';
import { createSnsNotifier } from '../effects/sns-notifier';
import { createSqsDeadLetters } from '../effects/sqs-dead-letters';
import { measureFreshness } from '../freshness';
import { writeStdout } from '../json-log';
import type { EnvironmentVariables, LambdaHandler } from '../lambda-context';
import { createPipelineDeps, openLake, type Lake, type OwnPorts } from '../pipeline-deps';
import { readEnvironment } from '../read-environment';
import { createTaskFunction } from '../task-function';
import type { HandlerOptions } from './handler-options';

const MeasureSchema = z.strictObject({ measure: z.literal('freshness') });

export interface UpdateManifestHandlerOptions extends HandlerOptions {
  /** What freshness is measured by. @default the system's */
  clock?: Clock;
}

/** States Skip, UpdateManifest, Reject, DeadLetter and Notify; and the scheduled event `{ "measure": "freshness" }`. */
export function createUpdateManifestHandler(variables: EnvironmentVariables, options: UpdateManifestHandlerOptions = {}): LambdaHandler {
  const env = readEnvironment(UpdateManifestEnvironmentSchema, variables);
  const aws = options.aws ?? readAwsSettings(variables);
  const lake = openLake(env, aws);
  const ports = createEndingPorts(env, lake, aws);
  const runTask = createTaskFunction({
    readDataset: readBundledDataset,
    ...options,
    name: 'update-manifest',
    dataset: env.DATASET,
    createDeps: (task) => createPipelineDeps(lake, task, ports),
  });
  const measuring = { store: lake.store, ledger: lake.ledger, clock: options.clock ?? systemClock, writeLine: options.writeLine ?? writeStdout };
  return async (event, context) => (MeasureSchema.safeParse(event).success ? measureFreshness(measuring, env.DATASET) : runTask(event, context));
}

function createEndingPorts(env: UpdateManifestEnvironment, { store }: Lake, aws: AwsSettings): OwnPorts {
  const settings = clientSettings(aws);
  return {
    notifier: notifyAll([
      createReleaseEvents({ client: new EventBridgeClient(settings), eventBus: env.EVENT_BUS, store }),
      createSnsNotifier({ client: new SNSClient(settings), topicArn: env.TOPIC_ARN }),
    ]),
    deadLetters: createSqsDeadLetters({ client: new SQSClient(settings), queueUrl: env.DEAD_LETTER_QUEUE_URL }),
  };
}
