/** One Lambda function of a dataset with what belongs to it alone: a role, a log group and its rights. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Duration, Fn, type RemovalPolicy, Size } from 'aws-cdk-lib';
import { type CfnFunction, Architecture, Code, Function, type ILayerVersion, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type Environment, type FunctionKind, functionName } from '@inlet/deployment';
import { ConfigError } from '@inlet/errors';
import { Construct } from 'constructs';
import { suppressInPacks } from '../shared/nag';
import type { Access, LakeAccess } from './lake-access';
import { WorkloadRole } from './workload-role';

/** What the functions of one dataset have in common. */
export interface FunctionSetting {
  dataset: string;
  environment: Environment;
  lake: LakeAccess;
  /** Holds a folder with the bundle of each function, named like it. */
  functionsDir: string;
  logRemovalPolicy: RemovalPolicy;
}

export interface PipelineFunctionProps {
  readonly kind: FunctionKind;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** @default 512, which Lambda gives for nothing */
  readonly ephemeralStorageMb?: number;
  /** @default none */
  readonly layer?: ILayerVersion;
  /**
   * Whether the function calls the internet, and so stays outside the private network.
   *
   * @default false
   */
  readonly callsInternet?: boolean;
  readonly access: readonly Access[];
}

const ENTRY_FILES = ['index.js', 'index.mjs'];

const TRACING = 'X-Ray has no resources to name: traces belong to the account.';
/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const JOIN_NETWORK = [
  'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
];
const NETWORK_INTERFACES = 'Lambda makes the network interface and asks for it before it has a name.';

export class PipelineFunction extends Construct {
  readonly function: Function;
  readonly workload: WorkloadRole;
  readonly #setting: FunctionSetting;

  constructor(scope: Construct, id: string, setting: FunctionSetting, props: PipelineFunctionProps) {
    super(scope, id);
    this.#setting = setting;
    const logGroup = this.#createLogGroup();
    this.workload = this.#createRole(logGroup, props);
    this.function = this.#createFunction(logGroup, props);
    this.#joinNetwork(props);
    for (const access of props.access) this.give(access);
    this.#explainFindings(props);
  }

  /** Rights and the variables that say what they are to, together. */
  give({ variables, grants }: Access): void {
    for (const [name, value] of Object.entries(variables)) this.function.addEnvironment(name, value);
    this.workload.allow(...grants);
  }

  #createLogGroup(): LogGroup {
    const { environment, lake, logRemovalPolicy } = this.#setting;
    return new LogGroup(this, 'Logs', {
      retention: environment.log_retention_days as RetentionDays,
      encryptionKey: Key.fromKeyArn(this, 'Key', lake.keyArn),
      removalPolicy: logRemovalPolicy,
    });
  }

  #createRole(logGroup: LogGroup, { kind }: PipelineFunctionProps): WorkloadRole {
    const workload = new WorkloadRole(this, 'Access', { service: 'lambda.amazonaws.com', description: `Of the function ${functionName(this.#setting.dataset, kind)}` });
    workload.allow(
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn], wildcard: 'Lambda names the streams of the function\'s own log group.' },
      { actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'], wildcard: TRACING },
    );
    return workload;
  }

  #createFunction(logGroup: LogGroup, { kind, description, memoryMb, timeout, ephemeralStorageMb, layer }: PipelineFunctionProps): Function {
    const { dataset, environment, functionsDir } = this.#setting;
    const created = new Function(this, 'Function', {
      functionName: functionName(dataset, kind),
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: environment.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      handler: 'index.handler',
      code: Code.fromAsset(requireBundle(path.join(functionsDir, kind), dataset)),
      layers: layer && [layer],
      memorySize: memoryMb,
      timeout,
      ephemeralStorageSize: ephemeralStorageMb === undefined ? undefined : Size.mebibytes(ephemeralStorageMb),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      environment: { DATASET: dataset },
      // Its policy is the workload's, with nothing added behind its back.
      role: this.workload.role.withoutPolicyUpdates(),
    });
    created.node.addDependency(this.workload.policy);
    return created;
  }

  #joinNetwork({ callsInternet = false }: PipelineFunctionProps): void {
    const { environment, lake } = this.#setting;
    if (!environment.network.enabled || callsInternet) return;
    const { subnetIds, securityGroupId } = lake.readNetwork();
    (this.function.node.defaultChild as CfnFunction).vpcConfig = { subnetIds: Fn.split(',', subnetIds), securityGroupIds: [securityGroupId] };
    this.workload.allow({
      actions: JOIN_NETWORK,
      resources: ['*'],
      wildcard: NETWORK_INTERFACES,
    });
  }

  #explainFindings({ kind, callsInternet = false }: PipelineFunctionProps): void {
    const isInNetwork = this.#setting.environment.network.enabled && !callsInternet;
    suppressInPacks(this, 'LambdaConcurrency', 'A dataset runs one execution at a time, which its lease sees to; a reservation would take from the account\'s other functions.');
    suppressInPacks(this, 'LambdaDLQ', describeFailure(kind));
    if (isInNetwork) return;
    suppressInPacks(this, 'LambdaInsideVPC', callsInternet ? 'It fetches from the internet, which the private network has no way to.' : 'This environment has no private network (environments.json: network.enabled).');
  }
}

function describeFailure(kind: FunctionKind): string {
  if (kind === 'trigger') return 'It is called by people and programs that wait for its answer; what it starts has its own dead letters.';
  const scheduled = kind === 'update-manifest' ? ' The hourly measurement of freshness, lost once, is made again; lost for hours, it raises the alarm for overdue releases.' : '';
  return `The state machine calls it, waits for its answer and routes its failures to the dead letters.${scheduled}`;
}

function requireBundle(folder: string, dataset: string): string {
  if (ENTRY_FILES.some((name) => existsSync(path.join(folder, name)))) return folder;
  throw new ConfigError({ what: 'A function has no bundle', where: folder, expected: ENTRY_FILES.join(' or '), found: 'none', next: `Bundle the functions first: npx nx bundle ${dataset}.` });
}
