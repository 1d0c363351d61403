/** Ctrl-C once: the run stops in good order and is recorded. Ctrl-C twice: it stops at once. */
import { InterruptedError } from '@inlet/errors';

/** npm and the launcher pass on a signal that the terminal has sent to us as well; the echo is no second Ctrl-C. */
const ECHO_MS = 500;

export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

export interface Interruption {
  signal: AbortSignal;
  /** The run has ended, and is recorded: from now on one signal changes nothing (the process is about to end by itself), and a second one still ends it. */
  finish(): void;
}

export interface InterruptionOptions {
  signals: SignalSource;
  nowMs: () => number;
  /** Told once, when the run is asked to stop. */
  onFirst: () => void;
  /** Why what is under way ends. @default a run that was interrupted, with nothing published */
  reason?: (signal: NodeJS.Signals) => Error;
  /** Ends the process. */
  onSecond: (signal: NodeJS.Signals) => void;
}

export function listenForInterrupts({ signals, nowMs, onFirst, onSecond, reason = runInterrupted }: InterruptionOptions): Interruption {
  const controller = new AbortController();
  let firstAtMs: number | undefined;
  let hasFinished = false;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    signals.on(name, () => {
      if (firstAtMs !== undefined) {
        if (nowMs() - firstAtMs > ECHO_MS) onSecond(name);
        return;
      }
      firstAtMs = nowMs();
      if (hasFinished) return;
      controller.abort(reason(name));
      onFirst();
    });
  }
  return {
    signal: controller.signal,
    finish: () => {
      hasFinished = true;
    },
  };
}

function runInterrupted(signal: NodeJS.Signals): InterruptedError {
  return new InterruptedError({ what: 'The run was interrupted', found: signal, next: 'Nothing was published; run it again when ready.' });
}
