/** Cuts a ruleset's text into tokens, one at a time and on demand, exactly where AWS's lexer cuts it. */
import { classifyQuoted, classifyWord, SYMBOLS, type Position, type Token, type TokenType } from './token';

/** A character that no token begins with, or a token that does not end. */
export interface ScanProblem {
  position: Position;
  what: string;
  found: string;
  expected: readonly string[];
}

const WORD = /[A-Za-z0-9_.]+/y;
const BLANK = /[ \t\n]+/y;

export class Scanner {
  /** Characters looked at so far: the measure of the work done. */
  steps = 0;
  private offset = 0;
  private line = 1;
  private lineStart = 0;
  private isReturnReported = false;

  constructor(private readonly text: string, private readonly report: (problem: ScanProblem) => void) {}

  /** The next token; at the end, the same `end` for ever. What cannot be read is reported and left out. */
  next(): Token {
    for (;;) {
      this.skipBlanks();
      const position = this.position();
      if (this.offset >= this.text.length) return { type: 'end', source: '', position };
      const found = this.scan();
      if (found !== undefined) return { ...found, position };
    }
  }

  private scan(): { type: TokenType; source: string } | undefined {
    const char = this.text.charAt(this.offset);
    if (char === '#') return this.skipComment();
    if (char === '"') return this.scanQuoted();
    if (this.text.startsWith('now()', this.offset)) return { type: 'now()', source: this.take(5) };
    const word = this.match(WORD);
    if (word !== '') return { type: classifyWord(word), source: this.take(word.length) };
    const symbol = SYMBOLS.find((candidate) => this.text.startsWith(candidate, this.offset));
    return symbol === undefined ? this.refuseCharacter() : { type: symbol, source: this.take(symbol.length) };
  }

  private skipBlanks(): void {
    const blank = this.match(BLANK);
    this.take(blank.length);
  }

  /** A comment ends with its line; AWS's lexer refuses one that the end of the text cuts off. */
  private skipComment(): undefined {
    const position = this.position();
    const end = this.text.indexOf('\n', this.offset);
    this.take((end < 0 ? this.text.length : end + 1) - this.offset);
    if (end < 0) this.report({ position, what: 'A comment is not ended', found: 'the end of the text', expected: ['a line feed after the comment'] });
    return undefined;
  }

  private scanQuoted(): { type: TokenType; source: string } | undefined {
    const end = this.findClosingQuote();
    if (end !== undefined) {
      const source = this.take(end + 1 - this.offset);
      return { type: classifyQuoted(source), source };
    }
    this.report({ position: this.position(), what: 'A text is not ended', found: 'the end of the text', expected: ['a closing `"`'] });
    this.take(this.text.length - this.offset);
    return undefined;
  }

  /** The first quote that is not escaped. Where there is none, the last escaped one closes the text, as it does for AWS's lexer. */
  private findClosingQuote(): number | undefined {
    let lastEscaped: number | undefined;
    let index = this.offset + 1;
    for (; index < this.text.length; index += 1) {
      const char = this.text.charAt(index);
      if (char === '"') return index;
      if (char !== '\\') continue;
      const escaped = this.text.charAt(index + 1);
      if (escaped === '"') lastEscaped = index + 1;
      if (escaped === '"' || escaped === '\\') index += 1;
    }
    this.steps += index - this.offset;
    return lastEscaped;
  }

  private refuseCharacter(): undefined {
    const position = this.position();
    const char = this.take(String.fromCodePoint(this.text.codePointAt(this.offset) ?? 0).length);
    if (char === '\r') {
      if (this.isReturnReported) return undefined;
      this.isReturnReported = true;
      this.report({ position, what: 'A line ends in a carriage return', found: 'CR', expected: ['line feeds alone: AWS\'s parser knows no carriage return outside of comments and texts'] });
    } else {
      this.report({ position, what: 'A character means nothing here', found: describeCharacter(char), expected: ['a name', 'a text in double quotes', 'a number', 'a symbol'] });
    }
    return undefined;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  private take(length: number): string {
    const taken = this.text.slice(this.offset, this.offset + length);
    for (let at = taken.indexOf('\n'); at >= 0; at = taken.indexOf('\n', at + 1)) {
      this.line += 1;
      this.lineStart = this.offset + at + 1;
    }
    this.offset += length;
    this.steps += length + 1;
    return taken;
  }

  private position(): Position {
    return { offset: this.offset, line: this.line, column: this.offset - this.lineStart + 1 };
  }
}

function describeCharacter(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(char) ? `\`${char}\` (${code})` : code;
}
