/** Who has read or written which object of the lake: CloudTrail's data events of the lake and raw buckets, and of nothing else. */
import { Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { suppressInPacks } from '../shared/nag';

export interface AuditTrailProps {
  readonly trailName: string;
  /** Buckets whose objects are watched. */
  readonly watched: readonly IBucket[];
  /** Bucket that receives the trail's files, below `cloudtrail/`. */
  readonly destination: Bucket;
  readonly encryptionKey: IKey;
}

const PREFIX = 'cloudtrail';

export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, private readonly props: AuditTrailProps) {
    super(scope, id);
    this.allowDelivery();
    this.createTrail();
  }

  /** As https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html asks. */
  private allowDelivery(): void {
    const { destination, trailName } = this.props;
    const { partition, region, account } = Stack.of(this);
    const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')];
    const source = { 'aws:SourceArn': `arn:${partition}:cloudtrail:${region}:${account}:trail/${trailName}` };
    destination.addToResourcePolicy(new PolicyStatement({ sid: 'TrailChecks', principals, actions: ['s3:GetBucketAcl'], resources: [destination.bucketArn], conditions: { StringEquals: source } }));
    destination.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailWrites',
        principals,
        actions: ['s3:PutObject'],
        resources: [destination.arnForObjects(`${PREFIX}/AWSLogs/${account}/*`)],
        conditions: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
  }

  private createTrail(): void {
    const { destination, encryptionKey, trailName, watched } = this.props;
    const trail = new CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      s3BucketName: destination.bucketName,
      s3KeyPrefix: PREFIX,
      kmsKeyId: encryptionKey.keyArn,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      advancedEventSelectors: [
        {
          name: 'Objects of the lake',
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
            { field: 'resources.ARN', startsWith: watched.map((bucket) => `${bucket.bucketArn}/`) },
          ],
        },
      ],
    });
    if (destination.policy) trail.node.addDependency(destination.policy);
    suppressInPacks(trail, 'CloudTrailCloudWatchLogsEnabled', 'Data events are kept in S3, validated and encrypted, and are read with Athena; a second copy in CloudWatch Logs would cost more than the lake itself.');
  }
}
