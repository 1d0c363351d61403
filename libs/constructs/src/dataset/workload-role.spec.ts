import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { findViolations } from '../shared/nag';
import { WorkloadRole } from './workload-role';

const REASON = 'Names are made when they are needed, and only those below this prefix are meant.';

function createRole(namesSourceAccount?: boolean) {
  const stack = new Stack(new App(), 'Test');
  return { stack, workload: new WorkloadRole(stack, 'Access', { service: 'scheduler.amazonaws.com', description: 'Of a test', namesSourceAccount }) };
}

describe('WorkloadRole', () => {
  it('refuses a wildcard without a reason', () => {
    const { workload } = createRole();
    expect(() => workload.allow({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-west-1:111111111111:*'] })).toThrow(/Access is granted arn:aws:sqs.*without a reason/);
  });

  it('sees a wildcard behind a reference', () => {
    const { stack, workload } = createRole();
    expect(() => workload.allow({ actions: ['sqs:SendMessage'], resources: [stack.formatArn({ service: 'sqs', resource: 'inlet-*' })] })).toThrow(RangeError);
  });

  it('keeps the reason where the rule packs look for it', () => {
    const { stack, workload } = createRole();
    workload.allow({ actions: ['sqs:SendMessage'], resources: [stack.formatArn({ service: 'sqs', resource: 'inlet-*' })], wildcard: REASON });
    expect(findViolations(stack)).toEqual([]);
  });

  it.each([
    [true, { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }],
    [undefined, undefined],
  ])('asks the service for the account only where it names one (%s)', (namesSourceAccount, condition) => {
    const { stack, workload } = createRole(namesSourceAccount);
    workload.allow({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-west-1:111111111111:one'] });
    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')) as { Properties: { AssumeRolePolicyDocument: { Statement: { Condition?: unknown }[] } } }[];
    expect(role?.Properties.AssumeRolePolicyDocument.Statement[0]?.Condition).toEqual(condition);
  });
});
