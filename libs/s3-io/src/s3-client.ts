/** The S3 client of a lake: virtual-hosted as AWS wants it, or path-style at an endpoint of its own, whose host no bucket name can be part of. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

export interface S3ClientOptions {
  /** Of an S3-speaking server other than AWS, such as `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` names; an empty one counts as none. @default AWS */
  endpoint?: string;
  /** Anything else that the client takes: region, credentials, maxAttempts, … */
  config?: Omit<S3ClientConfig, 'endpoint' | 'forcePathStyle'>;
}

/** The caller destroys it. */
export function createS3Client({ endpoint, config }: S3ClientOptions = {}): S3Client {
  return new S3Client(endpoint ? { ...config, endpoint, forcePathStyle: true } : { ...config });
}
