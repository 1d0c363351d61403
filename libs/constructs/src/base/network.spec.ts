import { Match } from 'aws-cdk-lib/assertions';
import { resourcesOf, templateOf } from './in-stack.test-support';
import { CALLED_SERVICES, Network } from './network';

const build = (nat?: boolean) => templateOf((stack, encryptionKey) => new Network(stack, 'Network', { encryptionKey, nat }));

const zone = (index: number) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });

describe('Network', () => {
  it('has two private subnets in two zones, and no way to the internet', () => {
    const subnets = resourcesOf(build(), 'AWS::EC2::Subnet');
    expect(subnets.map(({ Properties }) => [Properties['AvailabilityZone'], Properties['MapPublicIpOnLaunch']])).toEqual([[zone(0), false], [zone(1), false]]);
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway', 'AWS::EC2::Route']) build().resourceCountIs(type, 0);
  });

  it('has one NAT gateway, in public subnets that give out no addresses, when asked for it', () => {
    const template = build(true);
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    template.resourceCountIs('AWS::EC2::Subnet', 4);
    expect(resourcesOf(template, 'AWS::EC2::Subnet').filter(({ Properties }) => Properties['MapPublicIpOnLaunch'] !== false)).toEqual([]);
    template.hasResourceProperties('AWS::EC2::Route', { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: Match.anyValue() });
  });

  it('reaches S3 and DynamoDB through gateways', () => {
    const gateways = resourcesOf(build(), 'AWS::EC2::VPCEndpoint').filter(({ Properties }) => Properties['VpcEndpointType'] === 'Gateway');
    expect(gateways.map(({ Properties }) => JSON.stringify(Properties['ServiceName']))).toEqual([expect.stringContaining('.s3"'), expect.stringContaining('.dynamodb"')]);
    expect(gateways.map(({ Properties }) => (Properties['RouteTableIds'] as unknown[]).length)).toEqual([2, 2]);
  });

  it('reaches what the functions call through interface endpoints, and has no other', () => {
    const endpoints = resourcesOf(build(), 'AWS::EC2::VPCEndpoint').filter(({ Properties }) => Properties['VpcEndpointType'] === 'Interface');
    expect(endpoints.map(({ Properties }) => Properties['ServiceName']).sort()).toEqual(['events', 'glue', 'sns', 'sqs', 'ssm', 'states'].map((name) => `com.amazonaws.us-east-1.${name}`));
    expect(endpoints).toHaveLength(Object.keys(CALLED_SERVICES).length);
  });

  it('lets HTTPS out of the functions, HTTPS from them into the endpoints, and nothing else', () => {
    const groups = resourcesOf(build(), 'AWS::EC2::SecurityGroup');
    const functions = groups.find(({ Properties }) => String(Properties['GroupDescription']).startsWith('Functions'));
    expect(functions!.Properties).toMatchObject({ SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }] });
    expect(functions!.Properties).not.toHaveProperty('SecurityGroupIngress');
    const ingress = resourcesOf(build(), 'AWS::EC2::SecurityGroupIngress');
    expect(ingress.map(({ Properties }) => [Properties['FromPort'], Properties['ToPort']])).toEqual([[443, 443]]);
  });

  it('keeps encrypted flow logs of all traffic for seven days', () => {
    build().hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', ResourceType: 'VPC' });
    build().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7, KmsKeyId: Match.anyValue() });
  });
});
