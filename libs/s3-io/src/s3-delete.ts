/** Deleting many objects: S3 takes a thousand at a time, and reports failures inside an answer that says 200. */
import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { isTransientAnswer } from '@inlet/aws-failure';
import { PermanentError, TransientError } from '@inlet/errors';
import { describeS3Error } from './s3-error';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MOST_KEYS = 1000;
const NAMED_FAILURES = 5;

interface Failure {
  key: string;
  code: string;
}

/** `keys` are whole keys of the bucket. Tries all of them before it throws. */
export async function deleteObjects(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  const failures: Failure[] = [];
  for (let start = 0; start < keys.length; start += MOST_KEYS) {
    failures.push(...(await deleteBatch(client, bucket, keys.slice(start, start + MOST_KEYS))));
  }
  if (failures.length > 0) throw describeFailures(bucket, failures);
}

async function deleteBatch(client: S3Client, bucket: string, keys: readonly string[]): Promise<Failure[]> {
  try {
    const Delete = { Objects: [...new Set(keys)].map((Key) => ({ Key })), Quiet: true };
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }));
    return Errors.filter(({ Code }) => Code !== 'NoSuchKey').map(({ Key = '', Code = 'Error' }) => ({ key: Key, code: Code }));
  } catch (error) {
    throw describeS3Error(error, `${keys.length} objects cannot be deleted`, `s3://${bucket}/${keys[0]} and others`);
  }
}

function describeFailures(bucket: string, failures: readonly Failure[]): Error {
  const named = failures.slice(0, NAMED_FAILURES).map(({ key, code }) => `${code} for ${key}`);
  const others = failures.length - named.length;
  const parts = {
    what: `${failures.length} objects were not deleted`,
    where: `s3://${bucket}`,
    found: named.join(', ') + (others > 0 ? ` and ${others} more` : ''),
    next: 'Run inlet gc once the cause is gone: it deletes what was left.',
  };
  return failures.every(({ code }) => isTransientAnswer({ name: code })) ? new TransientError(parts) : new PermanentError(parts);
}
