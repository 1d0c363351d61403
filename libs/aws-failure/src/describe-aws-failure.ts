/** Turns what AWS and the network answer into errors that say what to do, and that tell retries from dead ends. */
import { ConfigError, InletError, PermanentError, TransientError } from '@inlet/errors';
import { findNetworkCode, isTransientAnswer, readAwsAnswer, type AwsAnswer } from './aws-answer';

const EXPIRED_NAMES = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const UNKNOWN_IDENTITY_NAMES = new Set(['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidSignatureException', 'AuthFailure', 'IncompleteSignature']);
const DENIED_NAMES = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AccessDeniedError']);

export interface AwsAttempt {
  /** What failed, as a short clause. */
  what: string;
  /** The object it failed on. */
  where?: string;
  /** What to do about a permanent failure, by its name; `AccessDenied` stands for every name that a missing right has. */
  nextSteps?: Readonly<Record<string, string>>;
}

/**
 * The error as one of Inlet's: ConfigError for credentials and region, TransientError for what may go better next time, PermanentError for
 * the rest, an access that is denied with the action that it needs. Inlet's own errors, aborts and faults of the code come back as they are.
 */
export function describeAwsFailure(error: unknown, attempt: AwsAttempt): Error {
  if (error instanceof InletError || error instanceof TypeError || error instanceof RangeError) return error;
  const answer = readAwsAnswer(error);
  if (answer.name === 'AbortError') return error as Error;
  return describeIdentityFailure(answer, { ...attempt, cause: error }) ?? describeAnswer(answer, { ...attempt, cause: error });
}

function describeIdentityFailure({ name, message }: AwsAnswer, { what, cause }: AwsAttempt & { cause: unknown }): InletError | undefined {
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

function describeAnswer(answer: AwsAnswer, { what, where, nextSteps = {}, cause }: AwsAttempt & { cause: unknown }): InletError {
  const { name, status, message } = answer;
  const network = findNetworkCode(answer);
  if (network !== undefined) {
    return new TransientError({ what, where, expected: 'an answer from AWS', found: plainMessage(message) || network, next: 'Check the network, the region and AWS_ENDPOINT_URL, then try again.', cause });
  }
  const found = [name === 'Error' ? undefined : name, plainMessage(message)].filter(Boolean).join(': ') || 'an error without a message';
  if (isTransientAnswer(answer)) return new TransientError({ what, where, found, next: 'Try again.', cause });
  if (DENIED_NAMES.has(name) || (status === 403 && nextSteps[name] === undefined)) {
    const action = /not authorized to perform:? ([\w-]+:\w+)/.exec(message)?.[1];
    const said = action === undefined ? { expected: 'the right to do so', found } : { expected: `the right ${action}`, found: plainMessage(message) };
    return new PermanentError({ what, where, ...said, next: nextSteps['AccessDenied'] ?? 'Ask for it, or use another --profile.', cause });
  }
  return new PermanentError({ what, where, found, next: nextSteps[name], cause });
}

/** One line, without the full stop that the sentence around it brings. */
function plainMessage(message: string): string {
  return message.replace(/^AWS SDK error wrapper for (Error: )?/, '').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}
