/** Turns what DynamoDB and the network answer into errors that name the table, say what to do, and tell retries from dead ends. */
import { InletError, PermanentError, TransientError } from '@inlet/errors';

/** What is known of an SDK error, read without trusting its class: bundlers and realms lose that. */
interface Answer {
  name: string;
  status?: number;
  message: string;
  /** Why each part of a transaction was cancelled: `None`, `ConditionalCheckFailed`, `TransactionConflict`, … */
  reasons: string[];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, and what sockets and resolvers say. */
const TRANSIENT_NAMES = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'ThrottlingError',
  'InternalServerError',
  'ServiceUnavailable',
  'ReplicatedWriteConflictException',
  'TransactionInProgressException',
  'TransactionConflictException',
  'TransactionConflict',
  'TimeoutError',
  'NetworkingError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

const RENEW_CREDENTIALS = 'Renew the credentials, then run it again.';
const CHECK_KEY_STATE = 'Check that the table\'s KMS key is enabled, and that this identity may use it.';
const NEXT_STEPS: Record<string, string> = {
  ResourceNotFoundException: 'Check the name of the table and the region, or deploy the base stack first.',
  AccessDeniedException: 'Give this identity dynamodb:GetItem, Query, PutItem, UpdateItem and DeleteItem on the table.',
  ExpiredTokenException: RENEW_CREDENTIALS,
  UnrecognizedClientException: RENEW_CREDENTIALS,
  InvalidSignatureException: RENEW_CREDENTIALS,
  MissingAuthenticationTokenException: RENEW_CREDENTIALS,
  CredentialsProviderError: RENEW_CREDENTIALS,
  KMSAccessDeniedException: CHECK_KEY_STATE,
  KMSDisabledException: CHECK_KEY_STATE,
  KMSInvalidStateException: CHECK_KEY_STATE,
};

/** True when a condition of the write, or of any part of the transaction, did not hold: nothing was written. */
export function isConditionFailure(error: unknown): boolean {
  const { name, reasons } = readAnswer(error);
  return name === 'ConditionalCheckFailedException' || reasons.includes('ConditionalCheckFailed');
}

/** True when the write met another transaction on the same items: nothing was written, and the next try may do better. */
export function isConflict(error: unknown): boolean {
  const { name, reasons } = readAnswer(error);
  return name === 'TransactionConflictException' || reasons.includes('TransactionConflict');
}

/** Inlet's own errors come back as they are. */
export function describeDynamoError(error: unknown, what: string, where: string): Error {
  if (error instanceof InletError) return error;
  const { name, status, message, reasons } = readAnswer(error);
  const found = [name, status, message].filter((part) => part !== undefined && part !== '').join(' ');
  const isTransient = [name, ...reasons].some((reason) => TRANSIENT_NAMES.has(reason)) || (status !== undefined && (status >= 500 || status === 429 || status === 408));
  if (isTransient) return new TransientError({ what, where, found, next: 'Run it again.', cause: error });
  return new PermanentError({ what, where, found, next: NEXT_STEPS[name], cause: error });
}

function readAnswer(error: unknown): Answer {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error), reasons: [] };
  const { name, code, message, $metadata, CancellationReasons } = error as Record<string, unknown>;
  const { httpStatusCode } = (typeof $metadata === 'object' && $metadata !== null ? $metadata : {}) as Record<string, unknown>;
  const own = typeof name === 'string' && name !== 'Error' ? name : undefined;
  return {
    name: own ?? (typeof code === 'string' ? code : 'Error'),
    status: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
    message: typeof message === 'string' ? message : '',
    reasons: Array.isArray(CancellationReasons) ? CancellationReasons.map((reason: { Code?: unknown }) => String(reason.Code)) : [],
  };
}
