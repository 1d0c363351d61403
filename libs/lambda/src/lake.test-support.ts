/** A small deployed lake on a local server that speaks AWS: what the stacks would have made, made by hand. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EVENT_SOURCE, LEDGER_TABLE_SHAPE, RELEASE_PUBLISHED } from '@inlet/deployment';
import type { ObjectStore } from '@inlet/pipeline';
import { createRoutedStore, createS3Client, createS3Store } from '@inlet/s3-io';
import type { AwsSettings, LambdaContext } from './index';

export interface Queue {
  url: string;
  /** Takes out every message that is in the queue, or arrives within two seconds. */
  drain(): Promise<string[]>;
}

/** Told apart by the name, so that tests share a server and nothing else. */
export async function makeLake(endpoint: string, name: string) {
  const aws: AwsSettings = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const clients = { s3: new S3Client({ ...aws, forcePathStyle: true }), sqs: new SQSClient(aws), sns: new SNSClient(aws), events: new EventBridgeClient(aws), dynamo: new DynamoDBClient(aws), glue: new GlueClient(aws) };
  const [LAKE_BUCKET, RAW_BUCKET, LEDGER_TABLE, DATABASE] = [`${name}-lake`, `${name}-raw`, `${name}-ledger`, name.replaceAll('-', '_')];
  for (const Bucket of [LAKE_BUCKET, RAW_BUCKET]) await clients.s3.send(new CreateBucketCommand({ Bucket }));
  await makeTable(clients.dynamo, LEDGER_TABLE);
  await clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
  const queues = { deadLetters: await makeQueue(clients.sqs, `${name}-dead-letters`), notices: await makeQueue(clients.sqs, `${name}-notices`), events: await makeQueue(clients.sqs, `${name}-events`) };
  const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: `${name}-topic` }));
  await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queues.notices.arn }));
  await clients.events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [EVENT_SOURCE], 'detail-type': [RELEASE_PUBLISHED] }) }));
  await clients.events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: queues.events.arn }] }));
  return {
    aws,
    clients,
    queues,
    store: openStore(aws, { LAKE_BUCKET, RAW_BUCKET }),
    environment: { LAKE_BUCKET, RAW_BUCKET, LEDGER_TABLE, DATABASE, TOPIC_ARN: TopicArn, DEAD_LETTER_QUEUE_URL: queues.deadLetters.url, EVENT_BUS: 'default' },
    close: () => Object.values(clients).forEach((client) => client.destroy()),
  };
}

function openStore({ endpoint, ...config }: AwsSettings, { LAKE_BUCKET, RAW_BUCKET }: { LAKE_BUCKET: string; RAW_BUCKET: string }): ObjectStore {
  const client = createS3Client({ endpoint, config });
  return createRoutedStore([{ prefix: 'raw/', store: createS3Store({ client, bucket: RAW_BUCKET }) }], createS3Store({ client, bucket: LAKE_BUCKET }));
}

async function makeTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const { partitionKey, sortKey } = LEDGER_TABLE_SHAPE;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [partitionKey, sortKey].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }, { AttributeName: sortKey, KeyType: 'RANGE' }],
    }),
  );
}

export async function makeQueue(client: SQSClient, QueueName: string): Promise<Queue & { arn: string }> {
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const drain = async () => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }));
      if (Messages.length === 0) return bodies;
      for (const { Body = '', ReceiptHandle } of Messages) {
        bodies.push(Body);
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  return { url: QueueUrl, arn: Attributes?.['QueueArn'] ?? '', drain };
}

/** Of a function with so many milliseconds left. */
export function contextOf(functionName: string, remainingMs = 60_000): LambdaContext {
  const deadline = Date.now() + remainingMs;
  return { functionName, getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) };
}
