/** Why a workload has each of its rights: a call in a function's own code, or what an AWS service does in its name. */

/** Calls of the SDK, any of which needs the action. */
export interface NeededByCall {
  calls: readonly string[];
  /** What a dataset must have for its functions to be granted it. @default nothing: every dataset's are */
  onlyWhere?: string;
}

export const NEEDED_BY_CALL: Readonly<Record<string, NeededByCall>> = {
  's3:GetObject': { calls: ['GetObjectCommand', 'HeadObjectCommand'] },
  's3:ListBucket': { calls: ['ListObjectsV2Command'] },
  's3:PutObject': { calls: ['PutObjectCommand', 'Upload'] },
  's3:AbortMultipartUpload': { calls: ['Upload'] },
  's3:DeleteObject': { calls: ['DeleteObjectsCommand'] },
  'dynamodb:GetItem': { calls: ['GetCommand'] },
  'dynamodb:Query': { calls: ['QueryCommand'] },
  'dynamodb:UpdateItem': { calls: ['UpdateCommand'] },
  'dynamodb:DeleteItem': { calls: ['DeleteCommand'] },
  'dynamodb:PutItem': { calls: ['TransactWriteCommand'] },
  'dynamodb:ConditionCheckItem': { calls: ['TransactWriteCommand'] },
  'states:DescribeExecution': { calls: ['DescribeExecutionCommand'] },
  'states:StartExecution': { calls: ['StartExecutionCommand'] },
  'sns:Publish': { calls: ['PublishCommand'] },
  'sqs:SendMessage': { calls: ['SendMessageCommand'] },
  'events:PutEvents': { calls: ['PutEventsCommand'] },
  'glue:GetTables': { calls: ['GetTablesCommand'] },
  'glue:CreateTable': { calls: ['CreateTableCommand'] },
  'glue:UpdateTable': { calls: ['UpdateTableCommand'] },
  'glue:DeleteTable': { calls: ['DeleteTableCommand'] },
  'ssm:GetParameter': { calls: ['GetParameterCommand'], onlyWhere: 'a column masked by hash' },
  'secretsmanager:GetSecretValue': { calls: ['GetParameterCommand'], onlyWhere: 'a column masked by hash' },
};

/** What a service does with a role, per service that assumes it. */
const NEEDED_BY_SERVICE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'lambda.amazonaws.com': {
    'logs:CreateLogStream': 'Lambda writes the function\'s log',
    'logs:PutLogEvents': 'Lambda writes the function\'s log',
    'xray:PutTelemetryRecords': 'Lambda traces the function',
    'xray:PutTraceSegments': 'Lambda traces the function',
    'ec2:AssignPrivateIpAddresses': 'Lambda puts the function into the private network',
    'ec2:CreateNetworkInterface': 'Lambda puts the function into the private network',
    'ec2:DeleteNetworkInterface': 'Lambda takes the function out of the private network',
    'ec2:DescribeNetworkInterfaces': 'Lambda puts the function into the private network',
    'ec2:DescribeSubnets': 'Lambda puts the function into the private network',
    'ec2:UnassignPrivateIpAddresses': 'Lambda takes the function out of the private network',
    'kms:Decrypt': 'the service named in the condition decrypts for its caller',
    'kms:GenerateDataKey': 'the service named in the condition encrypts for its caller',
  },
  'states.amazonaws.com': {
    'lambda:InvokeFunction': 'the document\'s tasks',
    'glue:StartJobRun': 'the document\'s states BronzeOnSpark and SilverOnSpark (`startJobRun.sync`)',
    'glue:GetJobRun': '`.sync` waits for the job',
    'glue:GetJobRuns': '`.sync` waits for the job',
    'glue:BatchStopJobRun': '`.sync` stops the job when the execution is stopped',
    'xray:GetSamplingRules': 'Step Functions traces the execution',
    'xray:GetSamplingTargets': 'Step Functions traces the execution',
    'xray:PutTelemetryRecords': 'Step Functions traces the execution',
    'xray:PutTraceSegments': 'Step Functions traces the execution',
    'logs:CreateLogDelivery': 'Step Functions sets up the state machine\'s log',
    'logs:DeleteLogDelivery': 'Step Functions sets up the state machine\'s log',
    'logs:DescribeLogGroups': 'Step Functions sets up the state machine\'s log',
    'logs:DescribeResourcePolicies': 'Step Functions sets up the state machine\'s log',
    'logs:GetLogDelivery': 'Step Functions sets up the state machine\'s log',
    'logs:ListLogDeliveries': 'Step Functions sets up the state machine\'s log',
    'logs:PutResourcePolicy': 'Step Functions sets up the state machine\'s log',
    'logs:UpdateLogDelivery': 'Step Functions sets up the state machine\'s log',
  },
  'scheduler.amazonaws.com': {
    'states:StartExecution': 'the schedule of the dataset',
    'lambda:InvokeFunction': 'the hourly measurement of freshness',
    'sqs:SendMessage': 'a start that could not be made becomes a dead letter',
    'kms:Decrypt': 'the service named in the condition decrypts for its caller',
    'kms:GenerateDataKey': 'the service named in the condition encrypts for its caller',
  },
  'glue.amazonaws.com': {
    's3:GetObject': '`spark-entry.py` reads the plan, Glue the script; a crawler reads bronze',
    's3:ListBucket': 'a crawler looks for tables',
    'glue:BatchCreatePartition': 'a crawler registers what it finds',
    'glue:BatchGetPartition': 'a crawler compares with what it finds',
    'glue:CreateTable': 'a crawler registers what it finds',
    'glue:GetDataQualityRuleset': '`spark-entry.py` holds the deployed rules against those of the plan',
    'glue:GetDatabase': 'a crawler looks where to register',
    'glue:GetTable': 'a crawler compares with what it finds',
    'glue:GetTables': 'a crawler compares with what it finds',
    'glue:UpdatePartition': 'a crawler registers what it finds',
    'glue:UpdateTable': 'a crawler registers what it finds',
    'kms:Decrypt': 'the service named in the condition decrypts for its caller',
    'cloudwatch:PutMetricData': 'Glue writes the job\'s metrics',
    'logs:AssociateKmsKey': 'Glue encrypts the log as the security configuration says',
    'logs:CreateLogGroup': 'Glue writes the log',
    'logs:CreateLogStream': 'Glue writes the log',
    'logs:PutLogEvents': 'Glue writes the log',
  },
  'vpc-flow-logs.amazonaws.com': {
    'logs:CreateLogStream': 'EC2 writes the flow log',
    'logs:PutLogEvents': 'EC2 writes the flow log',
    'logs:DescribeLogStreams': 'EC2 writes the flow log',
    'logs:DescribeLogGroups': 'EC2 writes the flow log',
  },
};

/** The words for an action that a service needs; undefined where it is not known to. */
export function neededByService(service: string, action: string): string | undefined {
  return NEEDED_BY_SERVICE[service]?.[action];
}

/** Actions that know no narrower resource than `*`, with the reason. Anything else on `*` is a fault. */
export const UNNARROWABLE: readonly { actions: readonly string[]; reason: string }[] = [
  { actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'], reason: 'traces belong to the account' },
  {
    actions: [
      'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    reason: 'a network interface has no name before it is made; Lambda checks for the rights on all of them',
  },
  {
    actions: [
      'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery', 'logs:ListLogDeliveries',
      'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
    ],
    reason: 'log deliveries have no resources to name',
  },
  { actions: ['cloudwatch:PutMetricData'], reason: 'metrics have no resources to name; the namespace is a condition' },
];

export function whyUnnarrowable(action: string): string | undefined {
  return UNNARROWABLE.find(({ actions }) => actions.includes(action))?.reason;
}
