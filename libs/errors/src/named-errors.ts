/** Every failure that has a name of its own. Names are part of the contract with the state machine and with people's alarms. */
import { PermanentError, TransientError, type ErrorParts } from './inlet-error';

/** One thing wrong with a ruleset. Lines and columns count from 1; a column counts UTF-16 code units. */
export interface RulesetProblem {
  line: number;
  column: number;
  /** What is wrong, as a clause. */
  what: string;
  found: string;
  /** What could stand there instead, in words or as it would be written. */
  expected: readonly string[];
  /** The right name that is nearest to what was written. */
  nearest?: string;
}

// Sources
export class SourceNotFoundError extends PermanentError {
  override readonly name = 'SourceNotFoundError';
}
export class SourceRefusedError extends PermanentError {
  override readonly name = 'SourceRefusedError';
}
export class HtmlInsteadOfDataError extends PermanentError {
  override readonly name = 'HtmlInsteadOfDataError';
}
export class EmptyBodyError extends PermanentError {
  override readonly name = 'EmptyBodyError';
}
export class ShortBodyError extends PermanentError {
  override readonly name = 'ShortBodyError';
}
export class SourceTooLargeError extends PermanentError {
  override readonly name = 'SourceTooLargeError';
}
export class UnsafeUrlError extends PermanentError {
  override readonly name = 'UnsafeUrlError';
}

// Archives
export class CorruptArchiveError extends PermanentError {
  override readonly name = 'CorruptArchiveError';
}
export class ArchiveTooLargeError extends PermanentError {
  override readonly name = 'ArchiveTooLargeError';
}
export class UnsafeEntryPathError extends PermanentError {
  override readonly name = 'UnsafeEntryPathError';
}
export class UnsupportedFormatError extends PermanentError {
  override readonly name = 'UnsupportedFormatError';
}
export class MissingMemberError extends PermanentError {
  override readonly name = 'MissingMemberError';
}
export class AmbiguousMemberError extends PermanentError {
  override readonly name = 'AmbiguousMemberError';
}

// Tables and models
/** The source's columns break the dataset's contract: a gate's "no", so the run ends as `rejected`. */
export class ContractViolationError extends PermanentError {
  override readonly name = 'ContractViolationError';
}
export class ModelError extends PermanentError {
  override readonly name = 'ModelError';
}
export class RowsUnaccountedError extends PermanentError {
  override readonly name = 'RowsUnaccountedError';
}

// Publishing and coordination
export class AlreadyRunningError extends PermanentError {
  override readonly name = 'AlreadyRunningError';
}
/** A conditional write found another version than the one it named. */
export class PreconditionFailedError extends PermanentError {
  override readonly name = 'PreconditionFailedError';
}
export class PublishConflictError extends PermanentError {
  override readonly name = 'PublishConflictError';
}
export class CorruptManifestError extends PermanentError {
  override readonly name = 'CorruptManifestError';
}
export class UnknownReleaseError extends PermanentError {
  override readonly name = 'UnknownReleaseError';
}
export class InterruptedError extends PermanentError {
  override readonly name = 'InterruptedError';
}

// What a person asked for
export class ConfigError extends PermanentError {
  override readonly name: string = 'ConfigError';
}
/** A ruleset that is refused; carries every problem of it, and its message lists them. */
export class RulesetError extends ConfigError {
  override readonly name = 'RulesetError';
  readonly problems: readonly RulesetProblem[];

  constructor({ problems = [], ...parts }: ErrorParts & { problems?: readonly RulesetProblem[] }) {
    super(parts);
    this.problems = problems;
  }
}
export class UsageError extends PermanentError {
  override readonly name = 'UsageError';
}
export class QueryError extends PermanentError {
  override readonly name = 'QueryError';
}

/** A source that answered 429 or 5xx, reset or stalled, after the source's own retries. */
export class SourceUnavailableError extends TransientError {
  override readonly name = 'SourceUnavailableError';
}

/** The names that a state machine retries. A Lambda reports `error.name`, not its class, so each is listed. */
export const TRANSIENT_ERROR_NAMES = ['TransientError', 'SourceUnavailableError'] as const;

/** The names that end a run as `rejected` rather than `failed`. */
export const REJECTING_ERROR_NAMES = ['ContractViolationError'] as const;
