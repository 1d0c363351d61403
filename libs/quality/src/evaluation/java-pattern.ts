/** Turns a regular expression of Java, in which rules are written, into one of RE2, which DuckDB runs; what RE2 cannot do is refused with a reason. */
import { quoteText } from '@inlet/sql';
import { AT_END, appendWordEdge, END, isOptional, LINE_ENDS, writeBranches, type Atom, type Branches, type Piece } from './pattern-tree';
import { RuleProblem } from './rule-problem';

const BLANKS = ' \\t\\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}';
const VERTICALS = '\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}';

/** What one class escape holds, without brackets. */
const CLASSES: Readonly<Record<string, string>> = { s: ' \\t\\n\\x0B\\f\\r', h: BLANKS, v: VERTICALS };
/** Names of `\p{…}` that RE2 spells otherwise, as what a class holds. */
const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z', Upper: 'A-Z', ASCII: '\\x00-\\x7F', Alpha: 'A-Za-z', Digit: '0-9', Alnum: '0-9A-Za-z', Punct: '!-/:-@\\[-`{-~', Graph: '!-~', Print: ' -~', Blank: ' \\t', Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9A-Fa-f', Space: ' \\t\\n\\x0B\\f\\r', IsAlphabetic: '\\pL\\p{Nl}', IsDigit: '\\p{Nd}', IsLetter: '\\pL', IsUppercase: '\\p{Lu}', IsLowercase: '\\p{Ll}', IsPunctuation: '\\pP', IsWhite_Space: ` \\x{85}\\x{A0}${BLANKS}${VERTICALS}`,
};

interface Reader {
  readonly source: string;
  at: number;
  /** How `.` is written: otherwise where a flag lets it match line ends. */
  readonly dot: string;
  /** How `$` is read: otherwise where a flag lets it match at every line's end. */
  readonly dollar: Atom;
}

/** Groups within groups that RE2 reads. */
const MAX_DEPTH = 500;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

/** Throws RuleProblem for lookaround, backreferences and what else RE2 has not. */
function readPattern(source: string): Branches {
  const dot = /\(\?[a-z]*s/.test(source) ? '.' : `[^${LINE_ENDS}]`;
  const dollar: Atom = /\(\?[a-z]*m/.test(source) ? { kind: 'text', text: '$', asks: 'place' } : { kind: 'end' };
  return readBranches({ source, at: 0, dot, dollar }, 0);
}

function readBranches(reader: Reader, depth: number): Branches {
  if (depth > MAX_DEPTH) refuse(reader, `more than ${MAX_DEPTH} groups within each other`);
  const branches: Piece[][] = [];
  let branch: Piece[] = [];
  while (depth === 0 ? reader.at < reader.source.length : peek(reader) !== ')') {
    if (peek(reader) === '|') {
      take(reader);
      branches.push(branch);
      branch = [];
    } else branch.push(...readPiece(reader, depth));
  }
  if (depth > 0) take(reader);
  return [...branches, branch];
}

/** One piece, or none: a `$` says nothing more when it is repeated, and nothing at all where it may be left out. */
function readPiece(reader: Reader, depth: number): Piece[] {
  const piece = { ...readAtom(reader, depth), quantifier: readQuantifier(reader) };
  if (piece.kind !== 'end') return [piece];
  return isOptional(piece) ? [] : [END];
}

function readAtom(reader: Reader, depth: number): Atom {
  const char = take(reader);
  if (char === '(') return readGroup(reader, depth);
  if (char === '$') return reader.dollar;
  if (char === '^') return { kind: 'text', text: '^', asks: 'place' };
  if (char === '\\' && peek(reader) === 'Z') {
    take(reader);
    return { kind: 'end' };
  }
  if (char === '\\' && /[bBAz]/.test(peek(reader))) return { kind: 'text', text: `\\${take(reader)}`, asks: 'place' };
  return { kind: 'text', text: translateChar(reader, char), asks: 'character' };
}

function readQuantifier(reader: Reader): string {
  const quantifier = QUANTIFIER.exec(reader.source.slice(reader.at))?.[0] ?? '';
  reader.at += quantifier.length;
  if (quantifier !== '' && peek(reader) === '+') refuse(reader, 'a possessive quantifier');
  return quantifier;
}

function translateChar(reader: Reader, char: string): string {
  if (char === '\\') return translateEscape(reader, false);
  if (char === '[') return translateClass(reader);
  return char === '.' ? reader.dot : char;
}

/** The next character, a pair of surrogates as one. */
function take(reader: Reader): string {
  const code = reader.source.codePointAt(reader.at);
  if (code === undefined) return refuse(reader, 'an end in the middle of something');
  const char = String.fromCodePoint(code);
  reader.at += char.length;
  return char;
}

const peek = ({ source, at }: Reader, length = 1) => source.slice(at, at + length);

function refuse({ source }: Reader, what: string): never {
  throw new RuleProblem(`The pattern ${source.slice(0, 80)} has ${what}, which only Java's engine can match.`);
}

function readGroup(reader: Reader, depth: number): Atom {
  const rest = reader.source.slice(reader.at);
  if (/^\?<?[=!]/.test(rest)) refuse(reader, rest.startsWith('?<') ? 'a lookbehind' : 'a lookahead');
  if (rest.startsWith('?>')) refuse(reader, 'an atomic group');
  const flags = /^\?([a-zA-Z]*)(-[a-zA-Z]+)?[:)]/.exec(rest)?.[0];
  if (flags !== undefined && /[^ismx:)?-]/.test(flags)) refuse(reader, `the flags ${flags}`);
  if (flags?.includes('x') === true) refuse(reader, 'the flag x');
  reader.at += (flags ?? /^\?<[A-Za-z][A-Za-z0-9]*>/.exec(rest)?.[0] ?? '').length;
  if (flags?.endsWith(')') === true) return { kind: 'text', text: `(${flags}`, asks: 'nothing' };
  return { kind: 'group', open: `(${flags ?? '?:'}`, branches: readBranches(reader, depth + 1) };
}

function translateClass(reader: Reader): string {
  const pieces = ['['];
  if (peek(reader) === '^') pieces.push(take(reader));
  for (;;) {
    const char = take(reader);
    if (char === ']') return `${pieces.join('')}]`;
    if (char === '[') refuse(reader, 'a class within a class');
    if (char === '&' && peek(reader) === '&') refuse(reader, 'an intersection of classes');
    pieces.push(char === '\\' ? translateEscape(reader, true) : char);
  }
}

/** What stands after a backslash. `isInClass` says whether brackets are around it already. */
function translateEscape(reader: Reader, isInClass: boolean): string {
  const char = take(reader);
  const set = CLASSES[char] ?? CLASSES[char.toLowerCase()];
  if (set !== undefined) return writeSet(reader, set, char !== char.toLowerCase(), isInClass);
  if (char === 'p' || char === 'P') return translateProperty(reader, char === 'P', isInClass);
  if (/[1-9k]/.test(char)) return refuse(reader, 'a backreference');
  if (/[GRXZN]/.test(char)) return translateRare(reader, char);
  if (/[ux0ce]/.test(char)) return translateCode(reader, char);
  if (char === 'Q') return translateQuoted(reader);
  return `\\${char}`;
}

function writeSet(reader: Reader, set: string, isNegated: boolean, isInClass: boolean): string {
  if (!isInClass) return `[${isNegated ? '^' : ''}${set}]`;
  if (isNegated) refuse(reader, 'the opposite of a class within a class');
  return set;
}

function translateRare(reader: Reader, char: string): string {
  if (char === 'R') return `(?:\\r\\n|[${VERTICALS}])`;
  return refuse(reader, `\\${char}`);
}

function translateProperty(reader: Reader, isNegated: boolean, isInClass: boolean): string {
  const match = /^(?:\{([^}]+)\}|(.))/.exec(reader.source.slice(reader.at)) ?? refuse(reader, 'an end in the middle of something');
  reader.at += match[0].length;
  const name = match[1] ?? match[2] ?? '';
  const set = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  if (set !== undefined) return writeSet(reader, set, isNegated, isInClass);
  if (name.startsWith('java')) refuse(reader, `\\p{${name}}`);
  return `\\${isNegated ? 'P' : 'p'}{${name.replace(/^(?:Is|script=|sc=|general_category=|gc=)/, '')}}`;
}

/** Escapes that name one character by its number. */
function translateCode(reader: Reader, kind: string): string {
  const rest = reader.source.slice(reader.at);
  if (kind === 'e') return '\\x1B';
  if (kind === 'c') return writeCode(take(reader).charCodeAt(0) ^ 64);
  const pattern = kind === 'u' ? /^([0-9A-Fa-f]{4})/ : kind === 'x' ? /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/ : /^([0-3]?[0-7]{1,2})/;
  const match = pattern.exec(rest) ?? refuse(reader, `\\${kind} without a number`);
  reader.at += match[0].length;
  return writeCode(Number.parseInt(match[1] ?? match[2] ?? '', kind === '0' ? 8 : 16));
}

const writeCode = (code: number) => `\\x{${code.toString(16).toUpperCase()}}`;

function translateQuoted(reader: Reader): string {
  const end = reader.source.indexOf('\\E', reader.at);
  const quoted = reader.source.slice(reader.at, end === -1 ? undefined : end);
  reader.at += quoted.length + (end === -1 ? 0 : 2);
  return quoted.replaceAll(/[^\p{L}\p{N}\s_]/gu, '\\$&');
}

const nothing = () => undefined;

/**
 * The pattern in RE2's dialect. Throws RuleProblem for lookaround, backreferences and what else RE2 has not. It stands in a group, for DuckDB makes LIKE
 * of simple patterns that do not, and then finds `$a` in "a".
 */
export function translatePattern(source: string): string {
  return `(${writeBranches(readPattern(source), { isReachedEmpty: false, mayEnd: true }, nothing)})`;
}

/**
 * Whether a text matches from its start to its end, put together as Deequ does: `a|b` is `^a|b$`. The match must hold a character, and a line end that
 * `$` took along is none. Throws RuleProblem.
 */
export function matchesWhole(text: string, source: string): string {
  const branches = readPattern(source);
  const whole = [...branches.slice(0, -1), [...(branches.at(-1) ?? []), END]];
  let captured = 0;
  const pattern = quoteText(`^${writeBranches(whole, { isReachedEmpty: true, mayEnd: true }, () => (captured += 1))}`);
  const match = `regexp_extract(${text}, ${pattern})`;
  const isAnchored = branches.length === 1;
  if (captured === 0) return isAnchored ? `regexp_matches(${text}, ${pattern})` : `${match} <> ''`;
  const ends = Array.from({ length: captured }, (_, index) => `regexp_extract(${text}, ${pattern}, ${index + 1})`);
  // No line end is longer than two characters.
  const long = isAnchored ? `length(${text}) > 2 THEN regexp_matches(${text}, ${pattern})` : `length(${match}) > 2 THEN TRUE`;
  return `CASE WHEN ${long} ELSE ${match} NOT IN ('', ${ends.join(', ')}) END`;
}

/** What a text must not match to meet `not matches`: the pattern as words, at the start of the text. */
export function translateRefused(source: string): string {
  const branches = readPattern(source);
  const words = [...branches.slice(0, -1), appendWordEdge(branches.at(-1) ?? [])];
  return `^(?:\\b${writeBranches(words, { isReachedEmpty: false, mayEnd: true }, nothing)})`;
}

/** Whether a text is one line that is not empty, which a text must be to meet `not matches`. Most hold no line end at all, which is quick to see. */
export function isOneLine(text: string): string {
  const ends = [10, 13, 0x85, 0x2028, 0x2029].map((code) => `contains(${text}, chr(${code}))`);
  return `CASE WHEN ${ends.join(' OR ')} THEN regexp_matches(${text}, '^[^${LINE_ENDS}]+${AT_END}') ELSE ${text} <> '' END`;
}
