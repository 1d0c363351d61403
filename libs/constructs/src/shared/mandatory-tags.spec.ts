import { App, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Template } from 'aws-cdk-lib/assertions';
import { applyTags, requireTags } from './mandatory-tags';

const tags = { Environment: 'dev', Owner: 'team', CostCenter: 'cc-1' };

function appWithQueue(): { app: App; stack: Stack; queue: Queue } {
  const app = new App();
  requireTags(app);
  const stack = new Stack(app, 'Tagged');
  return { app, stack, queue: new Queue(stack, 'Queue') };
}

describe('requireTags', () => {
  it('lets synthesis pass where all tags are there', () => {
    const { app, stack } = appWithQueue();
    applyTags(app, tags);
    new CfnResource(stack, 'Untaggable', { type: 'AWS::CDK::Metadata' });
    expect(() => app.synth()).not.toThrow();
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { Tags: [{ Key: 'CostCenter', Value: 'cc-1' }, { Key: 'Environment', Value: 'dev' }, { Key: 'Owner', Value: 'team' }] });
  });

  it('names the stack, the resource and the missing tags', () => {
    const { app, stack } = appWithQueue();
    Tags.of(stack).add('Environment', 'dev');
    Tags.of(stack).add('Owner', 'team');
    expect(() => app.synth()).toThrow(/Tagged \(stack\) lacks the mandatory tag CostCenter[^]*Tagged\/Queue\/Resource \(AWS::SQS::Queue\) lacks the mandatory tag CostCenter: set it in environments\.json or with applyTags\(\)\./);
  });

  it('counts an empty tag, and one taken away from a single resource, as missing', () => {
    const { app, queue } = appWithQueue();
    applyTags(app, { ...tags, Owner: '' });
    Tags.of(queue).remove('Environment');
    expect(() => app.synth()).toThrow(/Tagged\/Queue\/Resource \(AWS::SQS::Queue\) lacks the mandatory tags Environment, Owner: set them/);
  });

  it('lets the tags of an inner scope take the place of the outer ones', () => {
    const { app, stack } = appWithQueue();
    applyTags(app, tags);
    applyTags(stack, { ...tags, Owner: 'dataset-team' });
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { Tags: [{ Key: 'CostCenter' }, { Key: 'Environment' }, { Key: 'Owner', Value: 'dataset-team' }] });
  });
});
