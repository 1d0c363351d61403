/** The tokens of a text with as much lookahead as the grammar needs, and the ways to say that another one was due. */
import { findNearest } from '@inlet/dataset';
import { Unreadable, type FoundProblem, type Problems } from './problems';
import { Scanner } from './scanner';
import { describeToken, type Position, type Token, type TokenType } from './token';

/** How many brackets may stand open at once. AWS's parser has no limit but the stack of its JVM. */
export const MAX_NESTING = 500;

export interface Unexpected {
  what: string;
  expected: readonly string[];
  /** Right words, one of which may be meant by what was found. */
  candidates?: readonly string[];
  /** The right word where the wrong one stands before what was found. */
  nearest?: string | undefined;
}

export class TokenReader {
  /** Round and square brackets open at this point. */
  depth = 0;
  private readonly scanner: Scanner;
  private readonly ahead: Token[] = [];
  private endOfLast = 0;

  constructor(text: string, private readonly problems: Problems) {
    this.scanner = new Scanner(text, (problem) => problems.add(problem));
  }

  /** Characters scanned: the measure of the work done. */
  get steps(): number {
    return this.scanner.steps;
  }

  /** The offset after the last token taken. */
  get end(): number {
    return this.endOfLast;
  }

  get position(): Position {
    return this.peek().position;
  }

  peek(): Token {
    return this.lookAhead(0);
  }

  peekSecond(): Token {
    return this.lookAhead(1);
  }

  isAt(...types: readonly TokenType[]): boolean {
    return types.includes(this.peek().type);
  }

  take(): Token {
    const token = this.peek();
    this.ahead.shift();
    this.endOfLast = token.position.offset + token.source.length;
    if (token.type === '(' || token.type === '[') this.open(token);
    if (token.type === ')' || token.type === ']') this.depth -= 1;
    return token;
  }

  /** Whether the next token is of that type; if so, it is taken. */
  skip(type: TokenType): boolean {
    const isThere = this.isAt(type);
    if (isThere) this.take();
    return isThere;
  }

  /** Throws Unreadable. */
  expect(type: TokenType, unexpected: Unexpected): Token {
    return this.isAt(type) ? this.take() : this.refuse(unexpected);
  }

  /** Reports the next token as one that cannot stand here. Throws Unreadable. */
  refuse({ what, expected, candidates = [], nearest }: Unexpected): never {
    const token = this.peek();
    this.problems.add({ position: token.position, what, found: describeToken(token), expected, nearest: nearest ?? findNearest(token.source, candidates) });
    throw new Unreadable();
  }

  /** Reports what is already taken. Throws Unreadable. */
  refuseAt(position: Position, problem: Omit<FoundProblem, 'position'>): never {
    this.problems.add({ ...problem, position });
    throw new Unreadable();
  }

  /** Takes everything until one of the types stands at that depth of brackets, or the end. */
  recover(depth: number, ...types: readonly TokenType[]): void {
    while (!this.isAt('end') && !(this.depth <= depth && this.isAt(...types))) {
      const { type } = this.peek();
      this.ahead.shift();
      if (type === '(' || type === '[') this.depth += 1;
      if (type === ')' || type === ']') this.depth -= 1;
    }
  }

  private open({ position }: Token): void {
    this.depth += 1;
    if (this.depth <= MAX_NESTING) return;
    this.refuseAt(position, { what: 'Brackets are nested too deep', found: `${this.depth} open brackets`, expected: [`at most ${MAX_NESTING}`] });
  }

  private lookAhead(index: number): Token {
    for (;;) {
      const token = this.ahead[index];
      if (token !== undefined) return token;
      this.ahead.push(this.scanner.next());
    }
  }
}
