/** Several notifiers as one: a channel that is down keeps the news from no other. */
import type { Notifier } from '@inlet/pipeline';

/** Tells all of them, then throws what the first of those that failed threw. */
export function notifyAll(notifiers: readonly Notifier[]): Notifier {
  return {
    async notify(record): Promise<void> {
      const results = await Promise.allSettled(notifiers.map((notifier) => notifier.notify(record)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}
