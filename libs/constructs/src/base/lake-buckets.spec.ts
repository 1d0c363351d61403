import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { resourcesOf, templateOf } from './in-stack.test-support';
import { bucketName, LakeBuckets, listBucketNames } from './lake-buckets';

const build = (removalPolicy = RemovalPolicy.RETAIN) => templateOf((stack, encryptionKey) => new LakeBuckets(stack, 'Buckets', { environmentName: 'dev', encryptionKey, removalPolicy }));

const bucketNamed = (kind: 'lake' | 'raw' | 'access-logs', properties: object) => build().hasResourceProperties('AWS::S3::Bucket', { BucketName: `inlet-dev-${kind}-111111111111-us-east-1`, ...properties });

describe('LakeBuckets', () => {
  it('gives every bucket versions, no public access, and an end to stale uploads', () => {
    const buckets = resourcesOf(build(), 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(3);
    for (const { Properties } of buckets) {
      expect(Properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LifecycleConfiguration: { Rules: expect.arrayContaining([{ Id: 'abort-stale-uploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }]) },
      });
    }
  });

  it('refuses every request without TLS 1.2 or newer, in every bucket', () => {
    const policies = resourcesOf(build(), 'AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(3);
    for (const { Properties } of policies) {
      expect(Properties).toMatchObject({
        PolicyDocument: {
          Statement: expect.arrayContaining([
            expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
            expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
          ]),
        },
      });
    }
  });

  it.each(['lake', 'raw'] as const)('encrypts the %s bucket with the key, and logs its accesses', (kind) => {
    bucketNamed(kind, {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() } }] },
      LoggingConfiguration: { DestinationBucketName: Match.anyValue(), LogFilePrefix: `s3/${kind}/` },
    });
  });

  it('encrypts the access logs with the only encryption that S3 delivers them under', () => {
    bucketNamed('access-logs', { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } });
  });

  it('moves raw files to colder tiers that can still be read at once, and never expires current ones', () => {
    const [raw] = resourcesOf(build(), 'AWS::S3::Bucket').filter(({ Properties }) => String(Properties['BucketName']).includes('-raw-'));
    const rules = (raw!.Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] }).Rules;
    expect(rules).toContainEqual(expect.objectContaining({ Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 30 }, { StorageClass: 'GLACIER_IR', TransitionInDays: 90 }] }));
    expect(rules).toContainEqual(expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 90 }, ExpiredObjectDeleteMarker: true }));
    expect(rules.filter((rule) => 'ExpirationInDays' in rule)).toEqual([]);
  });

  it('expires old versions of the lake, and of its current objects only query results', () => {
    const [lake] = resourcesOf(build(), 'AWS::S3::Bucket').filter(({ Properties }) => String(Properties['BucketName']).includes('-lake-'));
    const rules = (lake!.Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] }).Rules;
    expect(rules).toContainEqual(expect.objectContaining({ Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 30 }] }));
    expect(rules).toContainEqual(expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } }));
    expect(rules.filter((rule) => 'ExpirationInDays' in rule)).toEqual([expect.objectContaining({ Prefix: 'athena-results/', ExpirationInDays: 7 })]);
  });

  it.each([
    [RemovalPolicy.RETAIN, 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete'],
  ])('does with its buckets as told when the stack goes: %s', (policy, written) => {
    const buckets = resourcesOf(build(policy), 'AWS::S3::Bucket');
    expect(buckets.map(({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy])).toEqual(buckets.map(() => [written, written]));
  });

  it('lists the names of the buckets that it makes', () => {
    const made = resourcesOf(build(), 'AWS::S3::Bucket').map(({ Properties }) => Properties['BucketName']);
    expect(listBucketNames({ name: 'dev', account: '111111111111', region: 'us-east-1' }).sort()).toEqual(made.sort());
  });

  it('names buckets within the 63 characters that S3 allows, in the region with the longest name', () => {
    expect(bucketName('access-logs', 'staging', '111111111111', 'ap-southeast-1')).toBe('inlet-staging-access-logs-111111111111-ap-southeast-1');
    expect(bucketName('access-logs', 'staging', '111111111111', 'ap-southeast-1').length).toBeLessThanOrEqual(63);
  });
});
