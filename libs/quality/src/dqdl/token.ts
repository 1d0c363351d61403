/** The words of DQDL: what kinds of token there are, and how each is named to a person. */

/** Where something begins. Lines and columns count from 1; columns and offsets count UTF-16 code units. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Words with a fixed meaning. They are case-sensitive, and no name can be one of them. */
export const KEYWORDS = [
  'Metadata', 'DataSources', 'DefaultLabels', 'Rules', 'Analyzers',
  'where', 'with', 'labels', 'matches', 'between', 'in', 'not',
  'and', 'or', 'of', 'NULL', 'EMPTY', 'WHITESPACES_ONLY',
  'days', 'hours', 'minutes', 'B', 'KB', 'MB', 'GB', 'TB',
] as const;

export const SYMBOLS = ['>=', '<=', '=', '>', '<', '!', '$', '+', '-', '*', '/', ',', ':', '(', ')', '[', ']', '{', '}'] as const;

/**
 * What a token is. `text` is a quoted string; one that looks like a date or a time of day is a `date` or a `time` instead, wherever it stands.
 * `now()` is one token when it is written without spaces.
 */
export type TokenType = 'name' | 'text' | 'date' | 'time' | 'integer' | 'decimal' | 'now()' | 'end' | (typeof KEYWORDS)[number] | (typeof SYMBOLS)[number];

export interface Token {
  readonly type: TokenType;
  /** As written, quotes included; empty at the end. */
  readonly source: string;
  readonly position: Position;
}

/** Keywords that may also be written in the other case. */
const SPELLINGS: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...KEYWORDS.map((word): [string, TokenType] => [word, word]),
  ['AND', 'and'], ['OR', 'or'], ['OF', 'of'], ['null', 'NULL'], ['empty', 'EMPTY'], ['whitespaces_only', 'WHITESPACES_ONLY'],
]);

/** What a run of letters, digits, `_` and `.` is. */
export function classifyWord(word: string): TokenType {
  if (/^\d+$/.test(word)) return 'integer';
  if (/^\d+\.\d+$/.test(word)) return 'decimal';
  return SPELLINGS.get(word) ?? 'name';
}

/** What a quoted string, quotes included, is. */
export function classifyQuoted(source: string): TokenType {
  if (/^"\d{4}-\d\d-\d\d"$/.test(source)) return 'date';
  return /^"(?:\d{1,2}:\d\d [AP]M|\d\d:\d\d)"$/.test(source) ? 'time' : 'text';
}

/** What stands between the quotes, escapes as written. */
export function unquote(source: string): string {
  return source.slice(1, -1);
}

const MAX_SHOWN = 40;

/** A token for an error message, cut when it is long. */
export function describeToken({ type, source }: Token): string {
  if (type === 'end') return 'the end of the text';
  const shown = source.length > MAX_SHOWN ? `${source.slice(0, MAX_SHOWN)}…` : source;
  if (type === 'date') return `the date ${shown}`;
  if (type === 'time') return `the time of day ${shown}`;
  return type === 'text' ? shown : `\`${shown}\``;
}
