/** What the process says of a run's outcome. */
import type { Outcome } from '@inlet/manifest';
import type { ExitCode } from './context';

const EXIT_CODES: Readonly<Record<Outcome, ExitCode>> = { published: 0, unchanged: 0, failed: 1, rejected: 3 };

const CONFIG_ERRORS: readonly string[] = ['ConfigError', 'RulesetError', 'UsageError'];

/** 0 published or unchanged, 1 failed, 3 rejected by a gate. A run that failed over its config is 2, as wrong usage is. */
export function exitCodeOfRun(record: { outcome: Outcome; error?: { name: string } }): ExitCode {
  if (record.outcome === 'failed' && CONFIG_ERRORS.includes(record.error?.name ?? '')) return 2;
  return EXIT_CODES[record.outcome];
}
