/** Ctrl-C once: the run stops in good order and is recorded. Ctrl-C twice: it stops at once. */
import { InterruptedError } from '@inlet/errors';

/** npm and the launcher pass on a signal that the terminal has sent to us as well; the echo is no second Ctrl-C. */
const ECHO_MS = 500;

export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

export interface Interruption {
  signal: AbortSignal;
  /** Gives the signals back to the process. */
  stopListening(): void;
}

export interface InterruptionOptions {
  signals: SignalSource;
  nowMs: () => number;
  /** Told once, when the run is asked to stop. */
  onFirst: () => void;
  /** Ends the process. */
  onSecond: (signal: NodeJS.Signals) => void;
}

export function listenForInterrupts({ signals, nowMs, onFirst, onSecond }: InterruptionOptions): Interruption {
  const controller = new AbortController();
  let firstAtMs = 0;
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => {
    const listener = () => {
      if (controller.signal.aborted) {
        if (nowMs() - firstAtMs > ECHO_MS) onSecond(name);
        return;
      }
      firstAtMs = nowMs();
      controller.abort(new InterruptedError({ what: 'The run was interrupted', found: name, next: 'Nothing was published; run it again when ready.' }));
      onFirst();
    };
    signals.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    stopListening: () => listeners.forEach(({ name, listener }) => signals.off(name, listener)),
  };
}
