/** Turns what AWS and the network answer into errors that say what to do, and that tell retries from dead ends. */
import { ConfigError, InletError, PermanentError, TransientError } from '@inlet/errors';

/** What is known of an SDK error, read without trusting its class: bundlers and realms lose that. */
interface Answer {
  name: string;
  code?: string;
  status?: number;
  message: string;
}

const TRANSIENT_NAMES = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'ConcurrentModificationException',
  'OperationTimeoutException',
  'InternalServerException',
  'InternalServiceException',
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'RequestTimeout',
  'TimeoutError',
  'NetworkingError',
]);

/** Of the network. Where nothing answers at all, the endpoint itself is in doubt. */
const NETWORK_CODES = new Set(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED', 'ENOTFOUND']);

const EXPIRED_NAMES = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const UNKNOWN_IDENTITY_NAMES = new Set(['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidSignatureException', 'AuthFailure', 'IncompleteSignature']);
const DENIED_NAMES = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AccessDeniedError']);

export interface AwsAttempt {
  /** What failed, as a short clause. */
  what: string;
  /** The object it failed on. */
  where?: string;
}

/**
 * The error as one of Inlet's: ConfigError for credentials and region, TransientError for what may go better next time, PermanentError for
 * the rest, an access that is denied with the action that it needs. Inlet's own errors, aborts and faults of the code come back as they are.
 */
export function describeAwsFailure(error: unknown, { what, where }: AwsAttempt): unknown {
  if (error instanceof InletError || error instanceof TypeError || error instanceof RangeError) return error;
  const answer = readAnswer(error);
  if (answer.name === 'AbortError') return error;
  return describeIdentityFailure(answer, { what, where, cause: error }) ?? describeAnswer(answer, { what, where, cause: error });
}

/** Name that an SDK error goes by; `Error` where it has none of its own. */
export function awsErrorName(error: unknown): string {
  return readAnswer(error).name;
}

function describeIdentityFailure({ name, message }: Answer, { what, cause }: AwsAttempt & { cause: unknown }): InletError | undefined {
  if (/^Region is missing/.test(message)) {
    return new ConfigError({ what, expected: 'an AWS region', found: 'none', next: 'Give --region <name>, or set AWS_REGION.', cause });
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError' || /^Could not load credentials/.test(message)) {
    const isExpired = /expired|sso login/i.test(message);
    const next = isExpired ? 'Sign in again (`aws sso login`), or give another --profile.' : 'Give --profile <name>, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
    return new ConfigError({ what, expected: 'AWS credentials', found: plainMessage(message) || 'none', next, cause });
  }
  if (EXPIRED_NAMES.has(name)) {
    return new ConfigError({ what, expected: 'AWS credentials in force', found: 'expired ones', next: 'Sign in again (`aws sso login`), or renew the keys.', cause });
  }
  if (UNKNOWN_IDENTITY_NAMES.has(name)) {
    return new ConfigError({ what, expected: 'AWS credentials of this account', found: `${name}: ${plainMessage(message)}`, next: 'Check --profile and the AWS_… variables; the keys are unknown here.', cause });
  }
  return undefined;
}

function describeAnswer({ name, code, status, message }: Answer, { what, where, cause }: AwsAttempt & { cause: unknown }): InletError {
  // An error of another realm reaches us wrapped, with its code in the text alone.
  const network = [code, name, /\bE[A-Z_]{4,}\b/.exec(message)?.[0]].find((text) => text !== undefined && NETWORK_CODES.has(text));
  if (network !== undefined) {
    return new TransientError({ what, where, expected: 'an answer from AWS', found: plainMessage(message) || network, next: 'Check the network, the region and AWS_ENDPOINT_URL, then try again.', cause });
  }
  const found = [name === 'Error' ? undefined : name, plainMessage(message)].filter(Boolean).join(': ') || 'an error without a message';
  if (TRANSIENT_NAMES.has(name) || (status !== undefined && (status >= 500 || status === 429))) {
    return new TransientError({ what, where, found, next: 'Try again.', cause });
  }
  if (DENIED_NAMES.has(name) || status === 403) {
    const action = /not authorized to perform:? ([\w-]+:\w+)/.exec(message)?.[1];
    return new PermanentError({ what, where, expected: action === undefined ? 'the right to do so' : `the right ${action}`, found: plainMessage(message) || name, next: 'Ask for it, or use another --profile.', cause });
  }
  return new PermanentError({ what, where, found, cause });
}

/** One line, without the full stop that the sentence around it brings. */
function plainMessage(message: string): string {
  return message.replace(/^AWS SDK error wrapper for (Error: )?/, '').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}

function readAnswer(error: unknown): Answer {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error) };
  const { name, code, message, $metadata, errors } = error as Record<string, unknown>;
  const { httpStatusCode } = (typeof $metadata === 'object' && $metadata !== null ? $metadata : {}) as Record<string, unknown>;
  // Where a host has several addresses, Node gathers one refusal of each.
  const inner: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const text = typeof message === 'string' && message !== '' ? message : inner instanceof Error ? inner.message : '';
  return {
    name: typeof name === 'string' ? name : 'Error',
    code: typeof code === 'string' ? code : undefined,
    status: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
    message: text,
  };
}
