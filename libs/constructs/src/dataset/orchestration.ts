/** A dataset's state machine: the document that runs locally too, with the functions bound, its version in service and the rights that it takes. */
import { Aws, Fn, type RemovalPolicy, RemovalPolicy as Removal, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine, CfnStateMachineAlias, CfnStateMachineVersion, LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import type { DatasetConfig } from '@inlet/dataset';
import { type Environment, LIVE_ALIAS, PIPELINE_FUNCTIONS, stateMachineName } from '@inlet/deployment';
import { buildStateMachine, functionPlaceholder } from '@inlet/orchestrator';
import { Construct } from 'constructs';
import type { DatasetFunctions } from './dataset-functions';
import type { LakeAccess } from './lake-access';
import { WorkloadRole } from './workload-role';

export interface OrchestrationProps {
  readonly config: DatasetConfig;
  readonly environment: Environment;
  readonly lake: LakeAccess;
  readonly functions: DatasetFunctions;
  readonly logRemovalPolicy: RemovalPolicy;
}

const TRACING = 'X-Ray has no resources to name: traces and sampling rules belong to the account.';
const LOG_DELIVERY = 'Log deliveries have no resources to name; Step Functions makes the one of this state machine with them.';
/** CloudFormation puts the partition in, as it does the functions' ARNs. */
const PARTITION_PLACEHOLDER = '${Partition}';

export class Orchestration extends Construct {
  readonly stateMachine: CfnStateMachine;
  /** The version in service; whatever starts it by itself has to come after it. */
  readonly live: CfnStateMachineAlias;
  readonly #props: OrchestrationProps;

  constructor(scope: Construct, id: string, props: OrchestrationProps) {
    super(scope, id);
    this.#props = props;
    const logGroup = this.#createLogGroup();
    this.stateMachine = this.#createStateMachine(this.#createRole(), logGroup);
    this.live = this.#createLiveAlias();
  }

  /** The log group of an earlier stack of this name may have been kept: the name holds what sets this stack apart. */
  #createLogGroup(): LogGroup {
    const { config, environment, lake, logRemovalPolicy } = this.#props;
    const stackGuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
    return new LogGroup(this, 'Logs', {
      // Step Functions fits any number of log groups of this prefix into the account's one policy for log deliveries.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName(config.dataset)}/${stackGuid}`,
      retention: environment.log_retention_days as RetentionDays,
      encryptionKey: Key.fromKeyArn(this, 'Key', lake.keyArn),
      removalPolicy: logRemovalPolicy,
    });
  }

  #createRole(): WorkloadRole {
    const { config, functions } = this.#props;
    const workload = new WorkloadRole(this, 'Access', { service: 'states.amazonaws.com', description: `Of the state machine ${stateMachineName(config.dataset)}`, namesSourceAccount: true });
    const job = (name: string) => Stack.of(this).formatArn({ service: 'glue', resource: 'job', resourceName: name });
    workload.allow(
      { actions: ['lambda:InvokeFunction'], resources: PIPELINE_FUNCTIONS.map((name) => functions.pipeline[name].function.functionArn) },
      { actions: ['glue:BatchStopJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:StartJobRun'], resources: [job(config.bronze_job_name), job(config.silver_job_name)] },
      { actions: ['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'], wildcard: TRACING },
      {
        actions: [
          'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery',
          'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
        ],
        resources: ['*'],
        wildcard: LOG_DELIVERY,
      },
    );
    return workload;
  }

  #createStateMachine(workload: WorkloadRole, logGroup: LogGroup): CfnStateMachine {
    const { config, functions } = this.#props;
    const nameOf = (placeholder: string) => placeholder.slice(2, -1);
    const stateMachine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineName: stateMachineName(config.dataset),
      stateMachineType: 'STANDARD',
      definitionString: JSON.stringify(buildStateMachine(config, { partition: PARTITION_PLACEHOLDER }), null, 2),
      definitionSubstitutions: {
        ...Object.fromEntries(PIPELINE_FUNCTIONS.map((name) => [nameOf(functionPlaceholder(name)), functions.pipeline[name].function.functionArn])),
        [nameOf(PARTITION_PLACEHOLDER)]: Aws.PARTITION,
      },
      roleArn: workload.role.roleArn,
      tracingConfiguration: { enabled: true },
      loggingConfiguration: {
        level: LogLevel.ALL,
        // Every event, without inputs and outputs: these are in the execution's own history, behind their own rights, and the run's record in the lake.
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }],
      },
    });
    stateMachine.node.addDependency(workload.policy);
    return stateMachine;
  }

  /** Each definition is a version; the alias names the one in service, so that a bad one is rolled back by pointing the alias at the one before. */
  #createLiveAlias(): CfnStateMachineAlias {
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: this.stateMachine.ref,
      stateMachineRevisionId: this.stateMachine.attrStateMachineRevisionId,
      description: `Published by ${Stack.of(this).stackName}`,
    });
    version.applyRemovalPolicy(Removal.RETAIN);
    return new CfnStateMachineAlias(this, 'Live', {
      name: LIVE_ALIAS,
      description: 'The version in service',
      routingConfiguration: [{ stateMachineVersionArn: version.ref, weight: 100 }],
    });
  }
}
