/** Ends an attempt in which nothing moves any more; real timers, since it watches a real network. */
import { BrokenAttempt } from './broken-attempt';

/** Aborts `signal` when the outer signal aborts, or when `expect` is not called again (or `stop`) within its time. */
export class StallGuard {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal;
  /** Set once the time has run out. */
  stalled?: BrokenAttempt;
  #timer?: NodeJS.Timeout;

  constructor(outer?: AbortSignal) {
    this.signal = outer ? AbortSignal.any([outer, this.#controller.signal]) : this.#controller.signal;
  }

  /** Within `timeoutMs` from now something must happen. */
  expect(what: string, timeoutMs: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.stalled = new BrokenAttempt(`${what} for ${timeoutMs} ms`);
      this.#controller.abort(this.stalled);
    }, timeoutMs);
  }

  /** Ends the watch, and closes what is still open of the attempt. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
