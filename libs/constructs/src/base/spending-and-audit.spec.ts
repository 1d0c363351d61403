import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { PARAMETERS } from '@inlet/deployment';
import { AthenaWorkgroup } from './athena-workgroup';
import { AuditTrail } from './audit-trail';
import { MonthlyBudget } from './budget';
import { resourcesOf, templateOf } from './in-stack.test-support';
import { LakeBuckets } from './lake-buckets';
import { Parameters, type ParameterValues } from './parameters';

describe('MonthlyBudget', () => {
  it('tells the topic at 80 and at 100 % of the limit', () => {
    const template = templateOf((stack) => new MonthlyBudget(stack, 'Budget', { environmentName: 'prod', limitUsd: 250, topic: new Topic(stack, 'Topic') }));
    const notice = (threshold: number) => ({
      Notification: { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: threshold, ThresholdType: 'PERCENTAGE' },
      Subscribers: [{ SubscriptionType: 'SNS', Address: Match.anyValue() }],
    });
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetName: 'inlet-prod-monthly', BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 250, Unit: 'USD' } },
      NotificationsWithSubscribers: [notice(80), notice(100)],
    });
  });

  it('is created after the policy that lets Budgets publish', () => {
    const template = templateOf((stack) => new MonthlyBudget(stack, 'Budget', { environmentName: 'prod', limitUsd: 250, topic: new Topic(stack, 'Topic', { enforceSSL: true }) }));
    const [policy] = Object.keys(template.findResources('AWS::SNS::TopicPolicy'));
    template.hasResource('AWS::Budgets::Budget', { DependsOn: Match.arrayWith([policy]) });
  });
});

describe('AuditTrail', () => {
  const build = () =>
    templateOf((stack, encryptionKey) => {
      const { accessLogs, lake, raw } = new LakeBuckets(stack, 'Buckets', { environmentName: 'dev', encryptionKey, removalPolicy: RemovalPolicy.RETAIN });
      return new AuditTrail(stack, 'Trail', { trailName: 'trail', watched: [lake, raw], destination: accessLogs, encryptionKey });
    });

  it('records the data events of the watched buckets\' objects and nothing else, validated and encrypted', () => {
    build().hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true,
      EnableLogFileValidation: true,
      KMSKeyId: Match.anyValue(),
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
            { Field: 'resources.ARN', StartsWith: [Match.anyValue(), Match.anyValue()] },
          ],
        },
      ],
    });
  });

  it('may write only below its own prefix, and is created after the policy that says so', () => {
    const [trail] = resourcesOf(build(), 'AWS::CloudTrail::Trail');
    expect(JSON.stringify(trail)).toContain('"DependsOn":["BucketsAccessLogsPolicy');
    build().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'TrailWrites',
            Action: 's3:PutObject',
            Resource: { 'Fn::Join': ['', [Match.anyValue(), '/cloudtrail/AWSLogs/111111111111/*']] },
            Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:us-east-1:111111111111:trail/trail', 's3:x-amz-acl': 'bucket-owner-full-control' } },
          }),
        ]),
      },
    });
  });
});

describe('AthenaWorkgroup', () => {
  const build = (destroyData: boolean) =>
    templateOf((stack, encryptionKey) => new AthenaWorkgroup(stack, 'Athena', { lake: Bucket.fromBucketName(stack, 'Lake', 'lake'), encryptionKey, scanLimitBytes: 12_000_000, destroyData }));

  it('enforces the scan limit and encrypted results', () => {
    build(false).hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'inlet',
      RecursiveDeleteOption: false,
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 12_000_000,
        ResultConfiguration: { OutputLocation: 's3://lake/athena-results/', EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() } },
      },
    });
  });

  it('goes with its queries where data may go', () => {
    build(true).hasResourceProperties('AWS::Athena::WorkGroup', { RecursiveDeleteOption: true });
  });
});

describe('Parameters', () => {
  const ofNetwork = ['vpcId', 'subnetIds', 'securityGroupId'];
  const always = Object.entries(PARAMETERS).filter(([key]) => !ofNetwork.includes(key));
  const values = Object.fromEntries(always.map(([key]) => [key, `value of ${key}`])) as ParameterValues;
  const namesIn = (network: object) => resourcesOf(templateOf((stack) => new Parameters(stack, 'Parameters', { ...values, ...network })), 'AWS::SSM::Parameter').map(({ Properties }) => [Properties['Name'], Properties['Value']]);

  it('writes each value under its agreed name', () => {
    expect(namesIn({})).toEqual(always.map(([key, name]) => [name, `value of ${key}`]));
  });

  it('writes those of the network where there is one', () => {
    expect(namesIn({ vpcId: 'vpc-1', subnetIds: 'a,b', securityGroupId: 'sg-1' })).toEqual(expect.arrayContaining([['/inlet/vpc-id', 'vpc-1'], ['/inlet/subnet-ids', 'a,b'], ['/inlet/security-group-id', 'sg-1']]));
  });
});
