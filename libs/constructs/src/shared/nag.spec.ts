import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { tempDir } from '@inlet/testing';
import { findStaleSuppressions, findViolations, listSuppressions, suppress, suppressInPacks } from './nag';
import { synthesize } from './synthesize';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../../..');

function plainBucket(): Bucket {
  return new Bucket(new Stack(new App(), 'Stack'), 'Bucket');
}

describe('nag', () => {
  it('finds what each of the three packs has to say', () => {
    const ids = findViolations(plainBucket()).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['AwsSolutions-S1', 'HIPAA.Security-S3BucketLoggingEnabled', 'NIST.800.53.R5-S3BucketLoggingEnabled']));
  });

  it('finds nothing of what is suppressed with a reason, and all of the rest', () => {
    const bucket = plainBucket();
    const before = findViolations(bucket).length;
    suppress(bucket, [{ id: 'AwsSolutions-S1', reason: 'it holds nothing' }]);
    suppressInPacks(bucket, 'S3BucketLoggingEnabled', 'it holds nothing');
    const after = findViolations(bucket).map(({ id }) => id);
    expect(after).toHaveLength(before - 3);
    expect(after).not.toContain('AwsSolutions-S1');
  });

  it('tells a suppression that excuses something from one that is stale', () => {
    const bucket = plainBucket();
    suppress(bucket, [
      { id: 'AwsSolutions-S1', reason: 'it holds nothing' },
      { id: 'AwsSolutions-SQS3', reason: 'a bucket is no queue' },
    ]);
    expect(findStaleSuppressions(bucket).map(({ id, construct }) => [id, construct.node.path])).toEqual([['AwsSolutions-SQS3', 'Stack/Bucket']]);
  });

  it('lists suppressions with their reasons, and leaves out what is no rule of these packs', () => {
    const bucket = plainBucket();
    suppress(bucket, [
      { id: 'AwsSolutions-S1', reason: 'it holds nothing' },
      { id: 'CloudFormation-Validate::W3010', reason: 'of the CDK itself' },
    ]);
    expect(listSuppressions(bucket)).toEqual([{ construct: bucket, id: 'AwsSolutions-S1', reason: 'it holds nothing' }]);
  });
});

describe('synthesize', () => {
  const addBucket = (excuse: boolean) => (app: App) => {
    const bucket = new Bucket(new Stack(app, 'Stack'), 'Bucket');
    if (excuse) for (const { id } of findViolations(bucket)) suppress(bucket, [{ id, reason: 'only here' }]);
  };

  it('fails on a finding that nothing excuses', () => {
    expect(() => synthesize(addBucket(false), { workspaceRoot: ROOT, outdir: tempDir() })).toThrow(/AwsSolutions-S1[^]*Stack\/Bucket\/Resource/);
  });

  it('passes where every finding has a reason', () => {
    expect(() => synthesize(addBucket(true), { workspaceRoot: ROOT, outdir: tempDir() })).not.toThrow();
  });

  it('writes the same bytes twice, with no path of this machine and no version in the template', () => {
    const templates = [1, 2].map(() => {
      const outdir = tempDir();
      const app = synthesize(addBucket(true), { workspaceRoot: ROOT, outdir });
      return JSON.stringify(app.synth().getStackByName('Stack').template);
    });
    expect(templates[0]).toBe(templates[1]);
    expect(templates[0]).not.toContain(ROOT);
    expect(templates[0]).not.toMatch(/AWS::CDK::Metadata|aws:cdk:path|aws:asset/);
  });
});
