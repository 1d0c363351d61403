/** A bucket as every bucket here is: no public access, TLS only, versioned, encrypted, and rid of uploads that nobody finished. */
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, type LifecycleRule, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface EncryptedBucketProps {
  readonly bucketName: string;
  /** @default S3's own key (SSE-S3) */
  readonly encryptionKey?: IKey;
  /** Bucket that receives this one's access logs, below a prefix. @default none */
  readonly accessLogs?: { readonly bucket: IBucket; readonly prefix: string };
  /** Besides the one that ends stale uploads. @default none */
  readonly lifecycleRules?: readonly LifecycleRule[];
  readonly removalPolicy: RemovalPolicy;
}

const STALE_UPLOAD_DAYS = 7;
const TLS_VERSION = 1.2;

export class EncryptedBucket extends Bucket {
  constructor(scope: Construct, id: string, { bucketName, encryptionKey, accessLogs, lifecycleRules = [], removalPolicy }: EncryptedBucketProps) {
    super(scope, id, {
      bucketName,
      encryptionKey,
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      bucketKeyEnabled: encryptionKey !== undefined,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: TLS_VERSION,
      versioned: true,
      serverAccessLogsBucket: accessLogs?.bucket,
      serverAccessLogsPrefix: accessLogs?.prefix,
      lifecycleRules: [{ id: 'abort-stale-uploads', abortIncompleteMultipartUploadAfter: Duration.days(STALE_UPLOAD_DAYS) }, ...lifecycleRules],
      removalPolicy,
    });
  }
}
