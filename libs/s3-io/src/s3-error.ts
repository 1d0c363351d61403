/** What S3's answers mean, beyond what is common to all of AWS: missing objects, conditions that did not hold, and what to do. */
import { describeAwsFailure, readAwsAnswer } from '@inlet/aws-failure';
import { PermanentError, PreconditionFailedError } from '@inlet/errors';

const NEXT_STEPS = {
  NoSuchBucket: 'Check the name of the lake\'s bucket and the region, or deploy the lake first.',
  AccessDenied: 'Give this identity the right to the object (and s3:ListBucket, without which missing objects look forbidden).',
};

export function isMissingObject(error: unknown): boolean {
  const { name, status } = readAwsAnswer(error);
  return name !== 'NoSuchBucket' && (name === 'NoSuchKey' || name === 'NotFound' || status === 404);
}

/** True when a condition of the request did not hold, or another write was under way (409): either way nothing was written. */
export function isConditionFailure(error: unknown): boolean {
  const { name, status } = readAwsAnswer(error);
  return status === 412 || name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || (status === 409 && name !== 'OperationAborted');
}

/** How often the SDK sent the request, where the error says so. */
export function countAttempts(error: unknown): number {
  return readAwsAnswer(error).attempts;
}

/** Inlet's own errors and faults of the caller (RangeError) come back as they are. */
export function describeS3Error(error: unknown, what: string, where: string): Error {
  return describeAwsFailure(error, { what, where, nextSteps: NEXT_STEPS });
}

export function describeFailedCondition(where: string, expected: string, cause: unknown): PreconditionFailedError {
  return new PreconditionFailedError({ what: 'The object has changed since it was read', where, expected, found: 'another version', cause });
}

export function describeMissing(where: string): PermanentError {
  return new PermanentError({ what: 'The lake has no such object', where, expected: 'an object', found: 'none' });
}
