import path from 'node:path';
import { buildApp, type Deployment, findStaleSuppressions, findViolations, listSuppressions, synthesize } from '@inlet/constructs';
import { BASE_STACK_NAME, PARAMETERS } from '@inlet/deployment';
import { tempDir } from '@inlet/testing';
import { Template } from 'aws-cdk-lib/assertions';
import type { App } from 'aws-cdk-lib';
import { BaseStack } from './base-stack';

const ROOT = path.resolve(__dirname, '../../..');

interface Variant {
  context?: Record<string, unknown>;
  environment?: Partial<Deployment['environment']>;
}

function build({ context, environment }: Variant = {}): { app: App; stack: BaseStack } {
  const stacks: BaseStack[] = [];
  const app = buildApp(
    (scope, deployment) => void stacks.push(new BaseStack(scope, { ...deployment, environment: { ...deployment.environment, ...environment } })),
    { workspaceRoot: ROOT, context, outdir: tempDir() },
  );
  app.synth();
  return { app, stack: stacks[0]! };
}

const templateOf = (variant?: Variant) => Template.fromStack(build(variant).stack);

const VARIANTS: [string, Variant][] = [
  ['as in dev', {}],
  ['as in prod, with a network', { context: { env: 'prod' } }],
  ['with NAT', { environment: { network: { enabled: true, nat: true } } }],
  ['with subscribers', { environment: { alert_emails: ['a@example.org'] } }],
  ['with data that may go', { context: { 'inlet:destroy-data': 'true' } }],
];

describe('BaseStack', () => {
  it.each(VARIANTS)('has no finding of the three rule packs without a reason: %s', (_name, variant) => {
    expect(findViolations(build(variant).app)).toEqual([]);
  });

  it.each(VARIANTS)('has no suppression that excuses nothing, and none without a reason: %s', (_name, variant) => {
    const { app } = build(variant);
    expect(findStaleSuppressions(app).map(({ id, construct }) => `${id} at ${construct.node.path}`)).toEqual([]);
    const suppressions = listSuppressions(app);
    expect(suppressions.length).toBeGreaterThan(0);
    for (const { reason } of suppressions) expect(reason.split(' ').length).toBeGreaterThan(7);
  });

  it.each(VARIANTS)('tags every resource that can be tagged: %s', (_name, variant) => {
    const resources = Object.values(templateOf(variant).toJSON()['Resources'] as Record<string, { Type: string; Properties?: { Tags?: unknown } }>);
    const tagged = resources.filter(({ Properties }) => Properties?.Tags !== undefined);
    expect(tagged.length).toBeGreaterThan(8);
    for (const { Properties } of tagged) for (const tag of ['Environment', 'Owner', 'CostCenter']) expect(JSON.stringify(Properties?.Tags)).toContain(tag);
  });

  it('is called by its agreed name, and lies in the environment\'s account and region', () => {
    const { stack } = build({ context: { env: 'staging' } });
    expect([stack.stackName, stack.account, stack.region]).toEqual([BASE_STACK_NAME, '222222222222', 'us-east-1']);
  });

  it('has a network, and says so in parameters, only where the environment asks for one', () => {
    const { vpcId, subnetIds, securityGroupId } = PARAMETERS;
    templateOf().resourceCountIs('AWS::EC2::VPC', 0);
    expect(Object.keys(templateOf().findResources('AWS::SSM::Parameter', { Properties: { Name: vpcId } }))).toEqual([]);
    const withNetwork = templateOf({ environment: { network: { enabled: true, nat: false } } });
    withNetwork.resourceCountIs('AWS::EC2::VPC', 1);
    withNetwork.resourceCountIs('AWS::EC2::NatGateway', 0);
    for (const Name of [vpcId, subnetIds, securityGroupId]) withNetwork.hasResourceProperties('AWS::SSM::Parameter', { Name });
  });

  it('takes budget, scan limit and subscribers from the environment', () => {
    const template = templateOf({ environment: { monthly_budget_usd: 7, athena_scan_limit_bytes: 10_000_000, alert_emails: ['a@example.org'] } });
    template.hasResourceProperties('AWS::Budgets::Budget', { Budget: { BudgetLimit: { Amount: 7 } } });
    template.hasResourceProperties('AWS::Athena::WorkGroup', { WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 10_000_000 } });
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'a@example.org' });
  });

  it.each([
    ['dev', undefined, 'Retain', true],
    ['dev', 'true', 'Delete', false],
    ['prod', 'true', 'Retain', true],
  ])('keeps its data and itself unless both keys agree: %s with the flag %s', (env, flag, policy, isProtected) => {
    const { stack } = build({ context: { env, 'inlet:destroy-data': flag } });
    const template = Template.fromStack(stack);
    for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::SQS::Queue']) template.allResources(type, { DeletionPolicy: policy, UpdateReplacePolicy: policy });
    expect(stack.terminationProtection).toBe(isProtected);
  });

  it.each(VARIANTS)('is synthesized without asking any account: %s', (_name, variant) => {
    expect(build(variant).app.synth().manifest.missing ?? []).toEqual([]);
  });

  it('exports nothing that another stack could hold on to', () => {
    expect(templateOf().toJSON()['Outputs']).toBeUndefined();
  });

  it('does not depend on the architecture of the functions', () => {
    expect(templateOf({ context: { architecture: 'x86_64' } }).toJSON()).toEqual(templateOf().toJSON());
  });

  it('is not synthesized for an environment that lacks a mandatory tag', () => {
    const untagged = { Environment: 'dev', Owner: '', CostCenter: 'cc-1' };
    const synthesizeUntagged = () => synthesize((app, deployment) => {
      deployment = { ...deployment, environment: { ...deployment.environment, tags: untagged } };
      const stack = new BaseStack(app, deployment);
      stack.tags.setTag('Owner', '', 1000);
    }, { workspaceRoot: ROOT, outdir: tempDir() });
    expect(synthesizeUntagged).toThrow(/Base \(stack\) lacks the mandatory tag Owner/);
  });
});
