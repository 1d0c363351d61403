/** A function is told to stop while there is still time to say why, instead of being killed without a word. */
import { InterruptedError } from '@inlet/errors';
import type { LambdaContext } from './lambda-context';

/** For the work to notice, and for the answer to reach Step Functions. */
const MARGIN_MS = 5_000;

export interface Deadline {
  signal: AbortSignal;
  /** Ends the wait; call it when the work is done. */
  clear(): void;
}

/**
 * Aborts with an InterruptedError some seconds before Lambda's own limit; a function with little time left uses half of it. Work that does not
 * heed the signal is killed by Lambda together with its process, so that nothing of it goes on during the next invocation.
 */
export function startDeadline(context: LambdaContext, state: string): Deadline {
  const remainingMs = context.getRemainingTimeInMillis();
  const delayMs = Math.max(remainingMs - MARGIN_MS, remainingMs / 2);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(outOfTime(context, state, delayMs)), delayMs).unref();
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function outOfTime({ functionName }: LambdaContext, state: string, delayMs: number): InterruptedError {
  return new InterruptedError({
    what: `The state ${state} was stopped because its function was about to reach its time limit`,
    where: functionName,
    expected: 'an end in time',
    found: `still at work after ${Math.round(delayMs / 1000)} s`,
    next: 'Run it on Spark ({"engine": "spark"}, or a lower engine.duckdb_max_bytes), or look at why the source is slow; nothing was published.',
  });
}
