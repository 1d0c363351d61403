/** Structured logs: one JSON line for each event, with the run it belongs to, so that CloudWatch Logs Insights can ask for a run by its id. */
import { redactUrl } from '@inlet/errors';
import type { RunEvent, RunObserver } from '@inlet/pipeline';

export type WriteLine = (line: string) => void;

/** Past the runtime's console, which puts text before each line: a metric is only seen where the line is JSON from its first character. */
export const writeStdout: WriteLine = (line) => void process.stdout.write(`${line}\n`);

export interface LogFields {
  dataset: string;
  function: string;
  executionId?: string;
  state?: string;
  runId?: string;
}

type Value = string | number | boolean | null | undefined;

/** No URL in a logged text shows a secret. */
export class JsonLog {
  constructor(private readonly fields: LogFields, private readonly writeLine: WriteLine = writeStdout) {}

  write(level: 'info' | 'error', event: string, values: Readonly<Record<string, Value>> = {}): void {
    const redacted = Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? redactUrls(value) : value]);
    this.writeLine(JSON.stringify({ level, event, ...this.fields, ...Object.fromEntries(redacted) }));
  }

  with(fields: Partial<LogFields>): JsonLog {
    return new JsonLog({ ...this.fields, ...fields }, this.writeLine);
  }
}

/** Progress comes with every chunk of a download; a line of it now and then is enough. */
const PROGRESS_EVERY_MS = 10_000;

export function logProgress(log: JsonLog): RunObserver {
  let saidAt = Date.now();
  return (event: RunEvent) => {
    if (event.type !== 'progress' || Date.now() - saidAt < PROGRESS_EVERY_MS) return;
    saidAt = Date.now();
    log.write('info', 'progress', { what: event.what, bytes: event.bytes, totalBytes: event.totalBytes, rows: event.rows });
  };
}

export function redactUrls(text: string): string {
  return text.replace(/\bhttps?:\/\/[^\s"'<>()]+/gi, (url) => redactUrl(url));
}
