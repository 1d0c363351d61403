/** The names under which a deployment's parts find each other: stacks, functions, the command line. One account and region hold one environment. */

export const BASE_STACK_NAME = 'PP-RAWS-DataLake-Base';

export const orchestratorStackName = (dataset: string) => `PP-RAWS-${dataset.toUpperCase()}-Orchestrator`;

/** The four functions of a dataset's state machine, and the one that starts it. */
export const PIPELINE_FUNCTIONS = ['fetch-and-hash', 'transform', 'update-manifest', 'catalog'] as const;

export type PipelineFunction = (typeof PIPELINE_FUNCTIONS)[number];

export type FunctionKind = PipelineFunction | 'trigger';

export const functionName = (dataset: string, kind: FunctionKind) => `${dataset}-${kind}`;

export const stateMachineName = (dataset: string) => `inlet-${dataset}`;

/** Of the rules of a published table, in AWS Glue. Ids of datasets have no `_` and names of tables no `-`, so that no two are the same. */
export const rulesetName = (dataset: string, table: string) => `inlet-${dataset}-${table}`;

/** Of the salt of a dataset's masks, in Secrets Manager. */
export const maskSaltSecretName = (dataset: string) => `inlet-${dataset}-mask-salt`;

/** The parameter under which Parameter Store passes a secret on: https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html */
export const secretParameter = (secretName: string) => `/aws/reference/secretsmanager/${secretName}`;

/** The alias of a state machine that schedules, triggers and people start; it points at the version in service. */
export const LIVE_ALIAS = 'live';

/** Of EventBridge events: `source` and `detail-type`. */
export const EVENT_SOURCE = 'inlet';
export const RELEASE_PUBLISHED = 'Release Published';

/** CloudWatch metrics that the functions write; dimension `Dataset`. */
export const METRIC_NAMESPACE = 'Inlet';
/** Hours since the dataset's source was last found published or unchanged. */
export const HOURS_SINCE_CHECK = 'HoursSinceCheck';

/** SSM parameters that the base stack writes and the dataset stacks and the command line read. */
export const PARAMETERS = {
  environment: '/inlet/environment',
  lakeBucket: '/inlet/lake-bucket',
  rawBucket: '/inlet/raw-bucket',
  ledgerTable: '/inlet/ledger-table',
  keyArn: '/inlet/key-arn',
  topicArn: '/inlet/topic-arn',
  deadLetterQueueUrl: '/inlet/dead-letter-queue-url',
  deadLetterQueueArn: '/inlet/dead-letter-queue-arn',
  workgroup: '/inlet/workgroup',
  /** Written only where there is a network. */
  vpcId: '/inlet/vpc-id',
  subnetIds: '/inlet/subnet-ids',
  securityGroupId: '/inlet/security-group-id',
} as const;

export const LEDGER_TABLE = 'inlet-run-ledger';
export const WORKGROUP = 'inlet';

/** How long the ledger and the dead letters keep a run. */
export const LEDGER_TTL_DAYS = 180;
