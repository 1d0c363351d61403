/** Turns what S3 and the network answer into errors that name the object, say what to do, and tell retries from dead ends. */
import { InletError, PermanentError, PreconditionFailedError, TransientError } from '@inlet/errors';

/** What is known of an SDK error, read without trusting its class: bundlers and realms lose that. */
interface Answer {
  name: string;
  status?: number;
  message: string;
  attempts: number;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and what sockets and resolvers say. */
const TRANSIENT_NAMES = new Set([
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'OperationAborted',
  'RequestTimeout',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
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
const NEXT_STEPS: Record<string, string> = {
  NoSuchBucket: 'Check the name of the lake\'s bucket and the region, or deploy the lake first.',
  AccessDenied: 'Give this identity the right to the object (and s3:ListBucket, without which missing objects look forbidden).',
  ExpiredToken: RENEW_CREDENTIALS,
  InvalidAccessKeyId: RENEW_CREDENTIALS,
  SignatureDoesNotMatch: RENEW_CREDENTIALS,
  CredentialsProviderError: RENEW_CREDENTIALS,
};

export function isMissingObject(error: unknown): boolean {
  const { name, status } = readAnswer(error);
  return name !== 'NoSuchBucket' && (name === 'NoSuchKey' || name === 'NotFound' || status === 404);
}

/** True when a condition of the request did not hold, or another write was under way (409): either way nothing was written. */
export function isConditionFailure(error: unknown): boolean {
  const { name, status } = readAnswer(error);
  return status === 412 || name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || (status === 409 && name !== 'OperationAborted');
}

export function isTransientAnswer(name: string | undefined, status?: number): boolean {
  return TRANSIENT_NAMES.has(name ?? '') || (status !== undefined && (status >= 500 || status === 429 || status === 408));
}

/** How often the SDK sent the request, where the error says so. */
export function countAttempts(error: unknown): number {
  return readAnswer(error).attempts;
}

/** Inlet's own errors and faults of the caller (RangeError) come back as they are. */
export function describeS3Error(error: unknown, what: string, where: string): Error {
  if (error instanceof InletError || error instanceof RangeError) return error;
  const { name, status, message } = readAnswer(error);
  const found = [name, status, message].filter((part) => part !== undefined && part !== '').join(' ');
  if (isTransientAnswer(name, status)) return new TransientError({ what, where, found, next: 'Run it again.', cause: error });
  const nextKey = status === 403 && NEXT_STEPS[name] === undefined ? 'AccessDenied' : name;
  return new PermanentError({ what, where, found, next: NEXT_STEPS[nextKey], cause: error });
}

export function describeFailedCondition(where: string, expected: string, cause: unknown): PreconditionFailedError {
  return new PreconditionFailedError({ what: 'The object has changed since it was read', where, expected, found: 'another version', cause });
}

export function describeMissing(where: string): PermanentError {
  return new PermanentError({ what: 'The lake has no such object', where, expected: 'an object', found: 'none' });
}

function readAnswer(error: unknown): Answer {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error), attempts: 1 };
  const { name, code, message, $metadata } = error as Record<string, unknown>;
  const { httpStatusCode, attempts } = (typeof $metadata === 'object' && $metadata !== null ? $metadata : {}) as Record<string, unknown>;
  const own = typeof name === 'string' && name !== 'Error' ? name : undefined;
  return {
    name: own ?? (typeof code === 'string' ? code : 'Error'),
    status: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
    message: typeof message === 'string' ? message : '',
    attempts: typeof attempts === 'number' ? attempts : 1,
  };
}
