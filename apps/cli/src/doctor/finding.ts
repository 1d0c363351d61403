/** What one check of `inlet doctor` found. */
import { InletError } from '@inlet/errors';
import { describeError } from '../report-error';

export interface Finding {
  /** What was looked at: `node`, `engine`, `config nsde`. */
  check: string;
  status: 'ok' | 'warn' | 'fail';
  message: string;
  /** What to do about it. */
  next?: string;
}

/** The check's finding, or a failure that says what it threw. */
export async function runCheck(check: string, look: () => Promise<Omit<Finding, 'check'>>): Promise<Finding> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    const { message } = describeError(error);
    return { check, status: 'fail', message, ...(!(error instanceof InletError) && { next: 'Run again with --verbose, and report what it prints.' }) };
  }
}
