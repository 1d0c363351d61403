/** What a state has done so far, gathered from its progress events: bytes and their rate, rows, and what it is busy with. */
import { formatBytes } from '@inlet/time';

export interface ProgressEvent {
  /** `fetching unfinished`, `expanding ndc.zip`: what begins with the same word is one activity. Or a table's name alone. */
  what: string;
  bytes?: number;
  totalBytes?: number;
  rows?: number;
}

interface Activity {
  /** Empty for things that have a name and no verb. */
  verb: string;
  startedAtMs: number;
  lastAtMs: number;
  /** Each thing reports its own running total. */
  parts: Map<string, ProgressEvent>;
}

/** Keeps a state's activities apart, and adds up the things that one activity works on side by side. */
export class StateMeasure {
  readonly #activities = new Map<string, Activity>();
  readonly #startedAtMs: number;
  #latest: Activity | undefined;

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  add(event: ProgressEvent, nowMs: number): void {
    const verb = event.what.includes(' ') ? (event.what.split(' ', 1)[0] ?? '') : '';
    const activity = this.#activities.get(verb) ?? { verb, startedAtMs: this.#latest?.lastAtMs ?? this.#startedAtMs, lastAtMs: nowMs, parts: new Map() };
    activity.parts.set(event.what, { ...activity.parts.get(event.what), ...event });
    activity.lastAtMs = nowMs;
    this.#activities.set(verb, activity);
    this.#latest = activity;
  }

  /** What it is busy with now: `fetching unfinished  3.8 MB of 4.0 MB, 5.2 MB/s`. */
  describeNow(nowMs: number): string {
    if (this.#latest === undefined) return '';
    const { verb, parts } = this.#latest;
    const [only = ''] = parts.keys();
    const things = parts.size === 1 ? only : `${verb} ${parts.size} ${verb === '' ? 'tables' : 'files'}`.trim();
    return `${things}  ${describeActivity(this.#latest, nowMs)}`.trim();
  }

  /** All that was done: `fetching 3.8 MB, 5.2 MB/s; expanding 21.0 MB`. */
  describeDone(): string {
    return [...this.#activities.values()].map((activity) => `${activity.verb} ${describeActivity(activity, activity.lastAtMs)}`.trim()).join('; ');
  }
}

/** Too short a time to speak of a rate. */
const MIN_RATE_SECONDS = 0.1;

function describeActivity({ parts, startedAtMs }: Activity, nowMs: number): string {
  const all = [...parts.values()];
  const bytes = sumKnown(all.map((part) => part.bytes));
  const rows = sumKnown(all.map((part) => part.rows));
  const total = all.every((part) => part.totalBytes !== undefined) ? sumKnown(all.map((part) => part.totalBytes)) : undefined;
  const facts: string[] = [];
  if (bytes !== undefined) {
    facts.push(total !== undefined && total > bytes ? `${formatBytes(bytes)} of ${formatBytes(total)}` : formatBytes(bytes));
    const seconds = (nowMs - startedAtMs) / 1000;
    if (seconds >= MIN_RATE_SECONDS) facts.push(`${formatBytes(Math.round(bytes / seconds))}/s`);
  }
  if (rows !== undefined) facts.push(`${rows.toLocaleString('en')} rows`);
  return facts.join(', ');
}

function sumKnown(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
