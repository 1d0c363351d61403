/** Numbers, durations and sizes of conditions. */
import type { ArithmeticOperator, Duration, DurationUnit, NumberExpression, Size, SizeUnit } from './ruleset';
import type { TokenReader } from './token-reader';
import type { Token, TokenType } from './token';

/** The largest amount that AWS's parser reads: a Java `int`. */
export const MAX_AMOUNT = 2 ** 31 - 1;

const ARITHMETIC_OPERATORS: readonly TokenType[] = ['+', '-', '*', '/'];
const DURATION_UNITS: readonly TokenType[] = ['days', 'hours', 'minutes'];
const SIZE_UNITS: readonly TokenType[] = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `0.9 * avg(last(10))`: operands from left to right, without ranks. Throws Unreadable. */
export function parseNumber(reader: TokenReader, expected: readonly string[] = ['a number']): NumberExpression {
  const start = parseNumberOperand(reader, expected);
  const rest: { operator: ArithmeticOperator; operand: NumberExpression }[] = [];
  while (reader.isAt(...ARITHMETIC_OPERATORS)) {
    const operator = reader.take().type as ArithmeticOperator;
    rest.push({ operator, operand: parseNumberOperand(reader, ['a number']) });
  }
  if (rest.length === 0) return start;
  return start.kind === 'arithmetic' ? { ...start, rest: [...start.rest, ...rest] } : { kind: 'arithmetic', first: start, rest };
}

function parseNumberOperand(reader: TokenReader, expected: readonly string[]): NumberExpression {
  if (reader.isAt('integer', 'decimal')) return { kind: 'literal', source: reader.take().source };
  if (reader.skip('NULL')) return { kind: 'null' };
  if (reader.isAt('name') && reader.peekSecond().type === '(') return parseCall(reader);
  if (reader.skip('(')) {
    const inner = parseNumber(reader);
    reader.expect(')', { what: 'A bracket is not closed', expected: ['`)`', 'an operator: `+`, `-`, `*`, `/`'] });
    return inner;
  }
  if (reader.skip('-')) {
    if (reader.isAt('integer', 'decimal')) return { kind: 'literal', source: `-${reader.take().source}` };
    return reader.refuse({ what: 'A minus has no number after it', expected: ['digits; a function or a bracket cannot be negated, but `0 - last()` can be written'] });
  }
  return reader.refuse({ what: 'A value is missing or of the wrong kind', expected });
}

function parseCall(reader: TokenReader): NumberExpression {
  const { source: name, position } = reader.take();
  reader.take();
  const parameters: NumberExpression[] = [];
  if (!reader.isAt(')')) {
    do parameters.push(parseNumber(reader, ['a number', 'a function', '`)`']));
    while (reader.skip(','));
  }
  reader.expect(')', { what: `The arguments of ${name} are not ended`, expected: ['`,`', '`)`', 'an operator: `+`, `-`, `*`, `/`'] });
  return { kind: 'call', name, arguments: parameters, position };
}

export function isAtDuration(reader: TokenReader): boolean {
  return reader.isAt('integer') && DURATION_UNITS.includes(reader.peekSecond().type);
}

export function isAtSize(reader: TokenReader): boolean {
  return reader.isAt('integer') && SIZE_UNITS.includes(reader.peekSecond().type);
}

/** `24 hours`. Throws Unreadable. */
export function parseDuration(reader: TokenReader): Duration {
  if (!reader.isAt('integer')) reader.refuse({ what: 'A duration is missing', expected: ['a whole number and its unit, as in `24 hours`'] });
  const amount = parseAmount(reader);
  if (!reader.isAt(...DURATION_UNITS)) reader.refuse({ what: 'A duration has no unit', expected: ['`days`', '`hours`', '`minutes`'], candidates: ['days', 'hours', 'minutes'] });
  return { amount, unit: reader.take().type as DurationUnit };
}

/** `10 MB`, of which the reader has seen that it is one. Throws Unreadable. */
export function parseSize(reader: TokenReader): Size {
  const amount = parseAmount(reader);
  return { amount, unit: reader.take().type as SizeUnit };
}

function parseAmount(reader: TokenReader): number {
  const token: Token = reader.peek();
  if (Number(token.source) > MAX_AMOUNT) reader.refuse({ what: 'An amount is too large', expected: [`at most ${MAX_AMOUNT}`] });
  reader.take();
  return Number(token.source);
}
