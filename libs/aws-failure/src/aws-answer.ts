/** What AWS and the network answer when a call fails, by the names that they give it: which of these may go better next time, and which are of whom. */

/** What is known of an SDK error, read without trusting its class: bundlers and realms lose that. */
export interface AwsAnswer {
  /** The error's own name or code; `Error` where it has none. */
  name: string;
  code?: string;
  /** Of HTTP. */
  status?: number;
  message: string;
  /** How often the SDK sent the request. */
  attempts: number;
}

/**
 * Of all services, for none of them uses another's name in another sense. DynamoDB's:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, S3's: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const TRANSIENT_NAMES = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottlingError',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'SlowDown',
  'ConcurrentModificationException',
  'OperationAborted',
  'ReplicatedWriteConflictException',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'OperationTimeoutException',
  'InternalError',
  'InternalServerError',
  'InternalServerException',
  'InternalServiceException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'RequestTimeout',
  'TimeoutError',
  'NetworkingError',
]);

/** Of sockets and resolvers. */
const NETWORK_CODES = new Set(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED', 'ENOTFOUND']);

/** Name that an SDK error goes by; `Error` where it has none of its own. */
export function awsErrorName(error: unknown): string {
  return readAwsAnswer(error).name;
}

/** Whether another try may go better. */
export function isTransientAnswer({ name = '', status }: Partial<Pick<AwsAnswer, 'name' | 'status'>>): boolean {
  return TRANSIENT_NAMES.has(name) || NETWORK_CODES.has(name) || (status !== undefined && (status >= 500 || status === 429 || status === 408));
}

/** The code of the network under an error, where that is what failed. An error of another realm reaches us wrapped, with its code in the text alone. */
export function findNetworkCode({ code, name, message }: AwsAnswer): string | undefined {
  return [code, name, /\bE[A-Z_]{4,}\b/.exec(message)?.[0]].find((text) => text !== undefined && NETWORK_CODES.has(text));
}

export function readAwsAnswer(error: unknown): AwsAnswer {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error), attempts: 1 };
  const { name, code, message, $metadata, errors } = error as Record<string, unknown>;
  const { httpStatusCode, attempts } = (typeof $metadata === 'object' && $metadata !== null ? $metadata : {}) as Record<string, unknown>;
  // Where a host has several addresses, Node gathers one refusal of each.
  const inner: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const own = typeof name === 'string' && name !== 'Error' ? name : undefined;
  return {
    name: own ?? (typeof code === 'string' ? code : 'Error'),
    code: typeof code === 'string' ? code : undefined,
    status: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
    message: typeof message === 'string' && message !== '' ? message : inner instanceof Error ? inner.message : '',
    attempts: typeof attempts === 'number' ? attempts : 1,
  };
}
