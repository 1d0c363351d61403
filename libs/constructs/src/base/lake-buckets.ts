/** Where the lake lies: published and candidate tables, the bytes as they were received, and who has touched either. */
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Environment } from '@inlet/deployment';
import { Construct } from 'constructs';
import { EncryptedBucket } from '../shared/encrypted-bucket';
import { suppressInPacks } from '../shared/nag';

export interface LakeBucketsProps {
  readonly environmentName: string;
  readonly encryptionKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** Below this prefix of the lake bucket lie the results of Athena queries. */
export const ATHENA_RESULTS_PREFIX = 'athena-results/';

/** Files that no release has any longer stay recoverable for this long. */
const LAKE_NONCURRENT_DAYS = 30;
const RAW_NONCURRENT_DAYS = 90;
const ATHENA_RESULTS_DAYS = 7;
/** S3's least age for Standard-IA. */
const COOL_AFTER_DAYS = 30;
const COLD_AFTER_DAYS = 90;
const ACCESS_LOG_DAYS = 400;

const BUCKET_KINDS = ['lake', 'raw', 'access-logs'] as const;

export type BucketKind = (typeof BUCKET_KINDS)[number];

/** A bucket's name is the same in every deployment of an environment, so that people and policies can name it. */
export function bucketName(kind: BucketKind, environmentName: string, account: string, region: string): string {
  return `inlet-${environmentName}-${kind}-${account}-${region}`;
}

/** Of the base stack of an environment. */
export function listBucketNames({ account, name, region }: Pick<Environment, 'account' | 'name' | 'region'>): string[] {
  return BUCKET_KINDS.map((kind) => bucketName(kind, name, account, region));
}

export class LakeBuckets extends Construct {
  readonly accessLogs: EncryptedBucket;
  readonly lake: EncryptedBucket;
  readonly raw: EncryptedBucket;

  constructor(scope: Construct, id: string, private readonly props: LakeBucketsProps) {
    super(scope, id);
    this.accessLogs = this.createAccessLogs();
    this.lake = this.createLogged('Lake', 'lake', lakeLifecycle());
    this.raw = this.createLogged('Raw', 'raw', rawLifecycle());
  }

  /** S3 delivers access logs only to buckets with its own encryption (SSE-S3): https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
  private createAccessLogs(): EncryptedBucket {
    const bucket = new EncryptedBucket(this, 'AccessLogs', {
      bucketName: this.nameOf('access-logs'),
      lifecycleRules: [
        { id: 'to-colder-tiers', transitions: toColderTiers() },
        { id: 'expire', expiration: Duration.days(ACCESS_LOG_DAYS), noncurrentVersionExpiration: Duration.days(COOL_AFTER_DAYS) },
      ],
      removalPolicy: this.props.removalPolicy,
    });
    suppressInPacks(bucket, 'S3DefaultEncryptionKMS', 'S3 delivers access logs only to buckets with SSE-S3; the trail\'s files in it are encrypted with the lake\'s key by CloudTrail itself.');
    suppressInPacks(bucket, 'S3BucketReplicationEnabled', 'Access logs are kept to explain the past of one region; a second copy elsewhere explains nothing more.');
    return bucket;
  }

  private createLogged(id: string, kind: 'lake' | 'raw', lifecycleRules: LifecycleRule[]): EncryptedBucket {
    const { encryptionKey, removalPolicy } = this.props;
    const accessLogs = { bucket: this.accessLogs, prefix: `s3/${kind}/` };
    const bucket = new EncryptedBucket(this, id, { bucketName: this.nameOf(kind), encryptionKey, accessLogs, lifecycleRules, removalPolicy });
    suppressInPacks(bucket, 'S3BucketReplicationEnabled', 'Every table can be rebuilt from the raw files, and those are fetched from public sources; versions guard against deletion, and a copy in another region would double the price.');
    return bucket;
  }

  private nameOf(kind: BucketKind): string {
    const { account, region } = Stack.of(this);
    return bucketName(kind, this.props.environmentName, account, region);
  }
}

/** Tables are read for as long as they are published, however old they are, so that S3 watches which ones are. */
function lakeLifecycle(): LifecycleRule[] {
  return [
    { id: 'to-colder-tiers', transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(COOL_AFTER_DAYS) }] },
    { id: 'expire-old-versions', noncurrentVersionExpiration: Duration.days(LAKE_NONCURRENT_DAYS), expiredObjectDeleteMarker: true },
    { id: 'expire-query-results', prefix: ATHENA_RESULTS_PREFIX, expiration: Duration.days(ATHENA_RESULTS_DAYS), noncurrentVersionExpiration: Duration.days(1) },
  ];
}

/** No colder than Glacier Instant Retrieval: `replay` reads the bytes of an old release at once. How long they stay is each dataset's own setting. */
function rawLifecycle(): LifecycleRule[] {
  return [
    { id: 'to-colder-tiers', transitions: toColderTiers() },
    { id: 'expire-old-versions', noncurrentVersionExpiration: Duration.days(RAW_NONCURRENT_DAYS), expiredObjectDeleteMarker: true },
  ];
}

function toColderTiers() {
  return [
    { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(COOL_AFTER_DAYS) },
    { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(COLD_AFTER_DAYS) },
  ];
}
