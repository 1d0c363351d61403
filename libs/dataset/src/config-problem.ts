/** What can be wrong with a config, how it reads, and the one error that carries all of it. */
import { ConfigError, redactUrl } from '@inlet/errors';

export type ConfigPath = readonly (string | number)[];

export interface ConfigProblem {
  /** Where: `tables[0].columns[3].name`, or a file of the dataset's folder. */
  path: string;
  expected: string;
  found: string;
}

const MAX_LISTED = 100;
const MAX_TEXT = 60;

/** A ConfigError with every problem of one config; its message lists them one per line. */
export class DatasetConfigError extends ConfigError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], where?: string) {
    super({ what: composeCount(problems.length), where, next: `Correct ${problems.length === 1 ? 'it' : 'them'}, as docs/reference/dataset-config.md says:${composeLines(problems)}` });
    this.problems = problems;
  }
}

function composeCount(count: number): string {
  return `The dataset's configuration has ${count === 1 ? 'a problem' : `${count} problems`}`;
}

function composeLines(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, MAX_LISTED).map(({ path, expected, found }) => `\n  ${path}: expected ${expected}, found ${found}`);
  const left = problems.length - lines.length;
  return lines.join('') + (left > 0 ? `\n  … and ${left} more` : '');
}

/** `tables[0].columns[3].name`; keys that are no identifiers are quoted, and the top is `(whole config)`. */
export function formatPath(path: ConfigPath): string {
  const text = path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step.slice(0, MAX_TEXT)}` : `[${quoteText(step)}]`;
    })
    .join('');
  return text === '' ? '(whole config)' : text.replace(/^\./, '');
}

/** A JSON string of at most 60 characters of the text, with every control character escaped. */
export function quoteText(text: string): string {
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return JSON.stringify(shown).replace(/[\u007f-\u009f\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What a value is, in a few words that never repeat a secret: header values are not shown, URLs are redacted. */
export function describeFound(value: unknown, path: ConfigPath = []): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'string') return describeText(value, path);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function describeText(text: string, path: ConfigPath): string {
  if (path.some((step) => step === 'headers' || step === 'source_headers')) return 'a text';
  if (path.at(-1) === 'source_url' || text.includes('://')) return /^\w+:\/\//.test(text) && URL.canParse(text) ? quoteText(redactUrl(text)) : 'a text that is no URL';
  return quoteText(text);
}
