/** Reads the SQL that a ruleset brings along: written for Spark or DuckDB, it becomes an expression or a query that cannot reach beyond its brackets. */
import { quoteName } from '@inlet/sql';
import type { RawText } from '../dqdl';
import { RuleProblem } from './rule-problem';

/** A filter over these columns as DuckDB reads it, in brackets. Throws RuleProblem. */
export function readFilter(raw: RawText, columns: readonly string[]): string {
  return `(${readSql(raw, 'The filter', new Set(columns.map((name) => name.toLowerCase()).filter((name) => RESERVED.includes(name))))})`;
}

/** Words that are reserved in DuckDB and are not in Spark, where a column may go by them without quotes. */
const RESERVED = [
  'analyse', 'analyze', 'array', 'asc', 'at', 'column', 'default', 'deferrable', 'desc', 'describe', 'do', 'glob', 'initially', 'limit', 'offset', 'only', 'pivot', 'placing', 'primary', 'qualify', 'returning', 'semi', 'show', 'summarize', 'symmetric', 'table', 'to', 'unique', 'unpivot', 'variadic', 'window',
];

/** A query as DuckDB reads it, to stand in brackets; `primary`, a reserved word of DuckDB, names the table that is checked. Throws RuleProblem. */
export function readQuery(raw: RawText): string {
  const sql = readSql(raw, 'The SQL', new Set(['primary'])).replace(/(?:\s|;)+$/, '');
  if (sql.trim() === '') throw new RuleProblem('The SQL is empty.');
  return sql;
}

type Piece = 'text' | 'name' | 'backtick' | 'comment' | 'word' | 'other';

const PIECES: readonly [Piece, RegExp][] = [
  ['text', /[eE]'(?:[^'\\]|\\[^]|'')*'/y],
  ['text', /'(?:[^']|'')*'/y],
  ['name', /"(?:[^"]|"")*"/y],
  ['backtick', /`(?:[^`]|``)*`/y],
  ['comment', /--[^\n]*|\/\*[^]*?\*\//y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['other', /[^]/y],
];

/** Quotes the words in `names`. */
function readSql(raw: RawText, subject: string, names: ReadonlySet<string>): string {
  // Between DQDL's quotes a quote is escaped; every other backslash is SQL's own.
  const source = raw.replaceAll('\\"', '"');
  const pieces: string[] = [];
  let depth = 0;
  for (let at = 0; at < source.length;) {
    const [kind, text] = takePiece(source, at);
    at += text.length;
    if (kind === 'other') {
      if (text === '(') depth += 1;
      if (text === ')') depth -= 1;
      if (depth < 0) throw new RuleProblem(`${subject} has a closing bracket too many.`);
      if (text === ';' && source.slice(at).trim() !== '') throw new RuleProblem(`${subject} is more than one statement.`);
      const stray = findStray(text, source.charAt(at));
      if (stray !== null) throw new RuleProblem(`${subject} has ${stray}.`);
    }
    pieces.push(rewritePiece(kind, text, names));
  }
  if (depth > 0) throw new RuleProblem(`${subject} has an opening bracket too many.`);
  return pieces.join('');
}

/** What would begin something whose end this reader does not see. */
function findStray(text: string, next: string): string | null {
  if ('\'"`'.includes(text)) return 'a quote that is not closed';
  if (text === '/' && next === '*') return 'a comment that is not closed';
  return text === '$' ? 'a dollar sign outside its texts and names' : null;
}

function takePiece(source: string, at: number): [Piece, string] {
  for (const [kind, pattern] of PIECES) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) return [kind, match[0]];
  }
  return ['other', source.charAt(at)];
}

function rewritePiece(kind: Piece, text: string, names: ReadonlySet<string>): string {
  if (kind === 'comment') return ' ';
  if (kind === 'backtick') return quoteName(text.slice(1, -1).replaceAll('``', '`'));
  if (kind === 'word' && names.has(text.toLowerCase())) return quoteName(text);
  return text;
}
