import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Alerts } from './alerts';
import { templateOf } from './in-stack.test-support';

const build = (emails?: string[], removalPolicy = RemovalPolicy.RETAIN) => templateOf((stack, encryptionKey) => new Alerts(stack, 'Alerts', { encryptionKey, emails, removalPolicy }));

const DENY_WITHOUT_TLS = Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });

describe('Alerts', () => {
  it('encrypts the topic, refuses publishers without TLS, and lets services in for this account only', () => {
    build().hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    build().hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          DENY_WITHOUT_TLS,
          Match.objectLike({
            Sid: 'Publishers',
            Action: 'sns:Publish',
            Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
            Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
          }),
        ]),
      },
    });
  });

  it('keeps dead letters for fourteen days, encrypted, over TLS only', () => {
    build().hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 24 * 3600, KmsMasterKeyId: Match.anyValue() });
    build().hasResourceProperties('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: Match.arrayWith([DENY_WITHOUT_TLS]) } });
  });

  it('subscribes nobody unless told whom', () => {
    build().resourceCountIs('AWS::SNS::Subscription', 0);
    const template = build(['a@example.org', 'b@example.org']);
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'b@example.org' });
  });

  it('keeps the queue or lets it go, as told', () => {
    build().hasResource('AWS::SQS::Queue', { DeletionPolicy: 'Retain' });
    build([], RemovalPolicy.DESTROY).hasResource('AWS::SQS::Queue', { DeletionPolicy: 'Delete' });
  });
});
