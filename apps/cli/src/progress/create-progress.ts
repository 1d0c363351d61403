/** Shows a run while it works: one live line on a terminal, plain lines elsewhere, always on stderr. */
import type { RunEvent, RunObserver } from '@inlet/pipeline';
import { formatDuration } from '@inlet/time';
import type { OutputStream } from '../context';
import { displayWidth, truncateToWidth } from '../render/display-width';
import { escapeControl } from '../render/escape-control';
import type { Style } from '../render/style';
import { StateMeasure } from './measure';

export interface Progress {
  observe: RunObserver;
  /** Leaves the terminal as it was: the live line gone, the cursor at the start of a line. */
  stop(): void;
}

export interface ProgressOptions {
  stream: OutputStream;
  style: Style;
  /** Cells of the terminal; undefined where the stream is none. */
  width?: number;
  quiet: boolean;
  nowMs?: () => number;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const ERASE_LINE = '\r\x1b[2K';

export function createProgress(options: ProgressOptions): Progress {
  if (options.quiet) return { observe: () => undefined, stop: () => undefined };
  return new ProgressView(options);
}

/** The states under way, and the line that shows them. */
class ProgressView implements Progress {
  readonly #options: Required<Omit<ProgressOptions, 'width'>> & { width?: number };
  readonly #states = new Map<string, StateMeasure>();
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  #lineShown = false;

  constructor(options: ProgressOptions) {
    this.#options = { nowMs: Date.now, ...options };
  }

  readonly observe = (event: RunEvent): void => {
    switch (event.type) {
      case 'run-started':
        return this.#printLine(this.#options.style.bold(`Running ${escapeControl(event.dataset)}`));
      case 'state-entered':
        this.#states.set(event.state, new StateMeasure(this.#options.nowMs()));
        return this.#startLive();
      case 'progress':
        return this.#stateOf(event.state).add(event, this.#options.nowMs());
      case 'state-exited':
        return this.#finish(event.state, this.#options.style.green('✓'), formatDuration(event.durationMs));
      case 'state-failed':
        return this.#finish(event.state, this.#options.style.red('✗'), event.error.name);
    }
  };

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#eraseLive();
  }

  #stateOf(state: string): StateMeasure {
    const known = this.#states.get(state) ?? new StateMeasure(this.#options.nowMs());
    this.#states.set(state, known);
    return known;
  }

  #finish(state: string, mark: string, ending: string): void {
    const done = this.#states.get(state)?.describeDone() ?? '';
    this.#states.delete(state);
    this.#printLine(`  ${mark} ${state.padEnd(14)}  ${escapeControl(ending)}${done === '' ? '' : `  ${this.#options.style.dim(escapeControl(done))}`}`);
    if (this.#states.size === 0) this.stop();
  }

  #printLine(line: string): void {
    this.#eraseLive();
    this.#options.stream.write(`${line}\n`);
  }

  #startLive(): void {
    if (this.#options.width === undefined || this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#drawLive(), FRAME_MS);
    this.#timer.unref();
  }

  #drawLive(): void {
    const { stream, width = 0, nowMs } = this.#options;
    const states = [...this.#states].map(([state, measure]) => `${state}  ${measure.describeNow(nowMs())}`.trim());
    const frame = FRAMES[this.#frame++ % FRAMES.length] ?? '';
    const line = truncateToWidth(escapeControl(`  ${frame} ${states.join(' | ')}`), Math.max(1, width - 1));
    if (displayWidth(line) === 0) return;
    stream.write(`${ERASE_LINE}${line}`);
    this.#lineShown = true;
  }

  #eraseLive(): void {
    if (!this.#lineShown) return;
    this.#options.stream.write(ERASE_LINE);
    this.#lineShown = false;
  }
}
