/** The error hierarchy that code and state machine share: `name` is what an `ErrorEquals` list matches, so it is a literal. */

export interface ErrorParts {
  /** What failed, as a short clause: "The download of nsde broke off". */
  what: string;
  /** The object it failed on: a URL (redacted), key, table, member or path. */
  where?: string;
  expected?: string;
  found?: string;
  /** What to do or run next, as a sentence. */
  next?: string;
  cause?: unknown;
}

/** The base of every error that Inlet raises on purpose; carries its parts, and builds its message from them. */
export class InletError extends Error {
  override readonly name: string = 'InletError';
  readonly parts: Readonly<ErrorParts>;

  constructor(parts: ErrorParts) {
    super(composeMessage(parts), { cause: parts.cause });
    this.parts = parts;
  }
}

/** May succeed when tried again: the state machine retries it three times (2 s, 4 s, 8 s). */
export class TransientError extends InletError {
  override readonly name: string = 'TransientError';
}

/** Will fail the same way again: goes to the dead-letter queue at once. */
export class PermanentError extends InletError {
  override readonly name: string = 'PermanentError';
}

function composeMessage({ what, where, expected, found, next }: ErrorParts): string {
  const subject = where === undefined ? what : `${what} (${where})`;
  const facts = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ').replace(/\.$/, '');
  const sentence = facts ? `${subject}: ${facts}.` : `${subject}.`;
  return next ? `${sentence} ${next}` : sentence;
}
