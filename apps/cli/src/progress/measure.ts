/** What a state has done so far, gathered from its progress events: bytes and their rate, rows, and what it is busy with. */
import { formatBytes } from '@inlet/time';

export interface ProgressEvent {
  what: string;
  bytes?: number;
  totalBytes?: number;
  rows?: number;
}

/** Sums over the things that a state works on side by side: each reports its own running total. */
export class StateMeasure {
  readonly #parts = new Map<string, ProgressEvent>();
  readonly #startedAtMs: number;
  #busyWith = '';

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  add(event: ProgressEvent): void {
    this.#busyWith = event.what;
    this.#parts.set(event.what, { ...this.#parts.get(event.what), ...event });
  }

  /** `3.8 MB of 4.0 MB, 5.2 MB/s, 21,478 rows`: only what is known. */
  describe(nowMs: number): string {
    const parts = [...this.#parts.values()];
    const bytes = sumKnown(parts.map((part) => part.bytes));
    const rows = sumKnown(parts.map((part) => part.rows));
    const total = parts.every((part) => part.bytes === undefined || part.totalBytes !== undefined) ? sumKnown(parts.map((part) => part.totalBytes)) : undefined;
    const facts: string[] = [];
    if (bytes !== undefined) {
      facts.push(total !== undefined && total > bytes ? `${formatBytes(bytes)} of ${formatBytes(total)}` : formatBytes(bytes));
      const seconds = (nowMs - this.#startedAtMs) / 1000;
      if (seconds >= 0.1) facts.push(`${formatBytes(Math.round(bytes / seconds))}/s`);
    }
    if (rows !== undefined) facts.push(`${rows.toLocaleString('en')} rows`);
    return facts.join(', ');
  }

  get busyWith(): string {
    return this.#busyWith;
  }
}

function sumKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
