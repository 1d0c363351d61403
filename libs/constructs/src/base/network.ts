/** The optional private network: functions in it reach the lake and what they call, and nothing else unless NAT is asked for. */
import { Fn, RemovalPolicy } from 'aws-cdk-lib';
import { FlowLogDestination, FlowLogTrafficType, GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, IpAddresses, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { suppressInPacks } from '../shared/nag';

export interface NetworkProps {
  readonly encryptionKey: IKey;
  /** Lets the functions out to the internet, for the price of a NAT gateway. @default false */
  readonly nat?: boolean;
}

const CIDR = '10.42.0.0/16';
const SUBNET_MASK = 20;
const HTTPS = Port.tcp(443);

/** What the functions of the pipeline call, besides S3 and DynamoDB. Logs and traces leave a function by Lambda's own way, not through its network. */
export const CALLED_SERVICES = {
  StepFunctions: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
  Glue: InterfaceVpcEndpointAwsService.GLUE,
  Sns: InterfaceVpcEndpointAwsService.SNS,
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  EventBridge: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
  Ssm: InterfaceVpcEndpointAwsService.SSM,
} as const;

/** The region's first two, whatever their letters; named when the stack is deployed, so that synthesis asks no account. */
export function listTwoZones(): string[] {
  return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
}

export class Network extends Construct {
  readonly vpc: Vpc;
  /** Of the functions. */
  readonly securityGroup: SecurityGroup;
  readonly subnetIds: readonly string[];

  constructor(scope: Construct, id: string, private readonly props: NetworkProps) {
    super(scope, id);
    this.vpc = this.createVpc();
    this.subnetIds = this.vpc.selectSubnets({ subnetGroupName: 'private' }).subnetIds;
    this.securityGroup = this.createFunctionGroup();
    this.createGatewayEndpoints();
    this.createInterfaceEndpoints();
    this.createFlowLogs();
  }

  private createVpc(): Vpc {
    const { nat = false } = this.props;
    const priv = { name: 'private', cidrMask: SUBNET_MASK, subnetType: nat ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED };
    const pub = { name: 'public', cidrMask: SUBNET_MASK, subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false };
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      availabilityZones: listTwoZones(),
      natGateways: nat ? 1 : 0,
      subnetConfiguration: nat ? [priv, pub] : [priv],
      restrictDefaultSecurityGroup: false,
    });
    suppressInPacks(vpc, 'VPCDefaultSecurityGroupClosed', 'CloudFormation cannot empty the default group without a custom resource; nothing is ever put into it, for functions and endpoints have groups of their own.');
    if (nat) suppressInPacks(vpc, 'VPCNoUnrestrictedRouteToIGW', 'The public subnets hold nothing but the NAT gateway that was asked for, and it needs this route.');
    return vpc;
  }

  private createFunctionGroup(): SecurityGroup {
    const group = new SecurityGroup(this, 'Functions', { vpc: this.vpc, description: 'Functions of the datasets: HTTPS out, nothing in', allowAllOutbound: false });
    group.addEgressRule(Peer.anyIpv4(), HTTPS, 'S3 and DynamoDB behind their gateways, the interface endpoints, and the internet where there is NAT');
    return group;
  }

  private createGatewayEndpoints(): void {
    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    this.vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB });
  }

  private createInterfaceEndpoints(): void {
    const group = new SecurityGroup(this, 'Endpoints', { vpc: this.vpc, description: 'Interface endpoints: HTTPS in from the functions', allowAllOutbound: false });
    group.addIngressRule(this.securityGroup, HTTPS, 'From the functions');
    for (const [id, service] of Object.entries(CALLED_SERVICES)) {
      this.vpc.addInterfaceEndpoint(id, { service, securityGroups: [group], open: false, subnets: { subnetGroupName: 'private' } });
    }
  }

  private createFlowLogs(): void {
    const logGroup = new LogGroup(this, 'FlowLogs', { logGroupName: '/inlet/flow-logs', retention: RetentionDays.ONE_WEEK, encryptionKey: this.props.encryptionKey, removalPolicy: RemovalPolicy.DESTROY });
    const flowLog = this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(logGroup), trafficType: FlowLogTrafficType.ALL });
    suppressInPacks(flowLog, 'IAMNoInlinePolicy', 'The policy belongs to this one role, names this one log group, and goes with it.');
  }
}
