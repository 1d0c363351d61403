/**
 * What a dataset's functions may do with the shared lake: each access is the grants and the environment variables that go with them, in one value.
 * The base stack tells of its resources by SSM parameters, so that neither stack holds the other back.
 */
import { Aws, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { EVENT_SOURCE, PARAMETERS, RELEASE_PUBLISHED, stateMachineName } from '@inlet/deployment';
import { Construct } from 'constructs';
import type { Grant } from './workload-role';

export interface Access {
  variables: Readonly<Record<string, string>>;
  grants: readonly Grant[];
}

/** Folders of a bucket below which the dataset has a folder of its own: `bronze` is `bronze/<dataset>/`. */
export interface ObjectAccess {
  read?: readonly string[];
  write?: readonly string[];
  delete?: readonly string[];
}

/** The layers that runs write and sweep. */
export const LAYERS = ['bronze', 'silver', 'gold', 'quarantine'] as const;

const OBJECT_KEYS = 'Keys of objects end in run ids and hashes that no template knows; the wildcard ends below the folder of this dataset.';
const LEDGER_PARTITIONS = ['DATASETS'];

export class LakeAccess extends Construct {
  readonly keyArn: string;
  readonly topicArn: string;
  readonly deadLetterQueueArn: string;
  readonly lakeBucket: string;
  readonly rawBucket: string;
  readonly #dataset: string;
  readonly #deadLetterQueueUrl: string;
  readonly #ledgerTable: string;

  constructor(scope: Construct, id: string, dataset: string) {
    super(scope, id);
    this.#dataset = dataset;
    this.keyArn = this.#read(PARAMETERS.keyArn);
    this.topicArn = this.#read(PARAMETERS.topicArn);
    this.deadLetterQueueArn = this.#read(PARAMETERS.deadLetterQueueArn);
    this.#deadLetterQueueUrl = this.#read(PARAMETERS.deadLetterQueueUrl);
    this.lakeBucket = this.#read(PARAMETERS.lakeBucket);
    this.rawBucket = this.#read(PARAMETERS.rawBucket);
    this.#ledgerTable = this.#read(PARAMETERS.ledgerTable);
  }

  /** Objects below `raw/<dataset>/`. */
  rawObjects(access: Pick<ObjectAccess, 'read' | 'write'>): Access {
    return { variables: { RAW_BUCKET: this.rawBucket }, grants: this.#objects(this.rawBucket, access) };
  }

  lakeObjects(access: ObjectAccess): Access {
    return { variables: { LAKE_BUCKET: this.lakeBucket }, grants: this.#objects(this.lakeBucket, access) };
  }

  /** The plans that Glue jobs are given, and nothing that a plan names: what a job may read and write comes with the code that reads and writes it. */
  readPlans(): Grant[] {
    const plans = ['bronze', 'silver'].map((layer) => `arn:${Aws.PARTITION}:s3:::${this.lakeBucket}/${layer}/${this.#dataset}/*/_plan.json`);
    return [{ actions: ['s3:GetObject'], resources: plans, wildcard: OBJECT_KEYS }, this.#useKey('s3', ['kms:Decrypt'])];
  }

  /** The salt of masks, which Parameter Store passes on from Secrets Manager in the caller's own name. */
  readMaskSalt({ secretArn, parameter }: { secretArn: string; parameter: string }): Access {
    return {
      variables: { MASK_SALT_PARAMETER: parameter },
      grants: [
        { actions: ['ssm:GetParameter'], resources: [this.#arn('ssm', `parameter${parameter}`)] },
        { actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] },
        this.#useKey('secretsmanager', ['kms:Decrypt']),
      ],
    };
  }

  /** The items of this dataset in the ledger, and whether the executions that they name still run. */
  ledger(): Access {
    const table = this.#arn('dynamodb', `table/${this.#ledgerTable}`);
    const executions = this.#arn('states', `execution:${stateMachineName(this.#dataset)}:*`);
    return {
      variables: { LEDGER_TABLE: this.#ledgerTable },
      grants: [
        {
          actions: ['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
          resources: [table],
          conditions: {
            'ForAllValues:StringLike': {
              'dynamodb:LeadingKeys': [...LEDGER_PARTITIONS, `DATASET#${this.#dataset}`, `EXECUTION#${executions}`, 'RUNID#*'],
            },
          },
        },
        this.#useKey('dynamodb', ['kms:Decrypt']),
        { actions: ['states:DescribeExecution'], resources: [executions], wildcard: 'Names of executions are made when they start; only those of this dataset\'s state machine are meant.' },
      ],
    };
  }

  /** Tells people of the ends of runs. */
  notifications(): Access {
    return { variables: { TOPIC_ARN: this.topicArn }, grants: [{ actions: ['sns:Publish'], resources: [this.topicArn] }, this.#useKey('sns')] };
  }

  /** Puts aside what can never succeed. */
  deadLetters(): Access {
    return { variables: { DEAD_LETTER_QUEUE_URL: this.#deadLetterQueueUrl }, grants: this.sendDeadLetters() };
  }

  sendDeadLetters(): Grant[] {
    return [{ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueueArn] }, this.#useKey('sqs')];
  }

  /** Tells programs of published releases. */
  publishedEvents(): Access {
    const bus = this.#arn('events', 'event-bus/default');
    const conditions = { StringEquals: { 'events:source': EVENT_SOURCE, 'events:detail-type': RELEASE_PUBLISHED } };
    return { variables: { EVENT_BUS: 'default' }, grants: [{ actions: ['events:PutEvents'], resources: [bus], conditions }] };
  }

  /** The subnets and the security group of the base stack's network. */
  readNetwork(): { subnetIds: string; securityGroupId: string } {
    return { subnetIds: this.#read(PARAMETERS.subnetIds), securityGroupId: this.#read(PARAMETERS.securityGroupId) };
  }

  #objects(bucket: string, { read = [], write = [], delete: deleted = [] }: ObjectAccess): Grant[] {
    const bucketArn = `arn:${Aws.PARTITION}:s3:::${bucket}`;
    const below = (folders: readonly string[]) => folders.map((folder) => `${bucketArn}/${folder}/${this.#dataset}/*`);
    const grants: Grant[] = [];
    if (read.length > 0) {
      grants.push({ actions: ['s3:GetObject'], resources: below(read), wildcard: OBJECT_KEYS });
      // Without the right to list, S3 answers 403 for an object that is not there. "IfExists": such an answer is given without a prefix.
      const conditions = { StringLikeIfExists: { 's3:prefix': [...new Set([...read, ...deleted])].map((folder) => `${folder}/${this.#dataset}/*`) } };
      grants.push({ actions: ['s3:ListBucket'], resources: [bucketArn], conditions });
    }
    if (write.length > 0) grants.push({ actions: ['s3:AbortMultipartUpload', 's3:PutObject'], resources: below(write), wildcard: OBJECT_KEYS });
    if (deleted.length > 0) grants.push({ actions: ['s3:DeleteObject'], resources: below(deleted), wildcard: OBJECT_KEYS });
    if (grants.length > 0) grants.push(this.#useKey('s3', write.length > 0 ? undefined : ['kms:Decrypt']));
    return grants;
  }

  /** The lake's key, for nothing but calls that the named service makes with it. */
  #useKey(service: string, actions: readonly string[] = ['kms:Decrypt', 'kms:GenerateDataKey']): Grant {
    return { actions, resources: [this.keyArn], conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` } } };
  }

  #read(parameter: string): string {
    return StringParameter.valueForStringParameter(this, parameter);
  }

  #arn(service: string, resource: string): string {
    const { partition, region, account } = Stack.of(this);
    return `arn:${partition}:${service}:${region}:${account}:${resource}`;
  }
}
