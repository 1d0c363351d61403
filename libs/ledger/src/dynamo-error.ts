/** What DynamoDB's answers mean, beyond what is common to all of AWS: conditions, transactions that were cancelled, and what to do. */
import { awsErrorName, describeAwsFailure, isTransientAnswer } from '@inlet/aws-failure';
import { TransientError } from '@inlet/errors';

const CHECK_KEY_STATE = 'Check that the table\'s KMS key is enabled, and that this identity may use it.';
const NEXT_STEPS = {
  ResourceNotFoundException: 'Check the name of the table and the region, or deploy the base stack first.',
  AccessDenied: 'Give this identity dynamodb:GetItem, Query, PutItem, UpdateItem and DeleteItem on the table.',
  KMSAccessDeniedException: CHECK_KEY_STATE,
  KMSDisabledException: CHECK_KEY_STATE,
  KMSInvalidStateException: CHECK_KEY_STATE,
};

/** True when a condition of the write, or of any part of the transaction, did not hold: nothing was written. */
export function isConditionFailure(error: unknown): boolean {
  return awsErrorName(error) === 'ConditionalCheckFailedException' || readReasons(error).includes('ConditionalCheckFailed');
}

/** True when the write met another transaction on the same items: nothing was written, and the next try may do better. */
export function isConflict(error: unknown): boolean {
  return awsErrorName(error) === 'TransactionConflictException' || readReasons(error).includes('TransactionConflict');
}

/** Inlet's own errors come back as they are. A transaction that was cancelled for a reason that may pass is a TransientError. */
export function describeDynamoError(error: unknown, what: string, where: string): Error {
  const reason = readReasons(error).find((name) => isTransientAnswer({ name }));
  if (reason !== undefined) return new TransientError({ what, where, found: `${awsErrorName(error)}: ${reason}`, next: 'Try again.', cause: error });
  return describeAwsFailure(error, { what, where, nextSteps: NEXT_STEPS });
}

/** Why each part of a transaction was cancelled: `None`, `ConditionalCheckFailed`, `TransactionConflict`, … */
function readReasons(error: unknown): string[] {
  if (typeof error !== 'object' || error === null || !('CancellationReasons' in error) || !Array.isArray(error.CancellationReasons)) return [];
  return error.CancellationReasons.map((reason: { Code?: unknown }) => String(reason.Code));
}
