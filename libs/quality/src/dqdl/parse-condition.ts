/** Conditions: an operator and its operands, which together tell what kind of condition it is. */
import type {
  Condition, ConditionKind, DateExpression, Duration, NumberExpression, OrderedOperator, Size, TextOperand, TextOperator,
} from './ruleset';
import { isAtDuration, isAtSize, parseDuration, parseNumber, parseSize } from './parse-numbers';
import { unquote, type Position, type TokenType } from './token';
import type { TokenReader } from './token-reader';

const CONDITION_STARTS: readonly TokenType[] = ['=', '!', '>', '>=', '<', '<=', 'between', 'in', 'not', 'matches'];
const VALUES = ['a number', 'a text', 'a date or time in quotes', '`now()`', '`NULL`', '`EMPTY`', '`WHITESPACES_ONLY`', 'a duration as `24 hours`', 'a size as `10 MB`'];
const TEXT_OPERATORS: readonly string[] = ['=', '!=', 'in', 'not in', 'matches', 'not matches'] satisfies TextOperator[];

/** An operand before it is known what the others are: NULL can be a number, a text or a date. */
type Operand =
  | { kind: 'null' }
  | { kind: 'number'; value: NumberExpression }
  | { kind: 'text'; value: TextOperand }
  | { kind: 'date'; value: DateExpression }
  | { kind: 'duration'; value: Duration }
  | { kind: 'size'; value: Size };

type Operator = OrderedOperator | TextOperator;
interface Written {
  operator: Operator;
  operands: readonly Operand[];
  position: Position;
}

export function isAtCondition(reader: TokenReader): boolean {
  return reader.isAt(...CONDITION_STARTS);
}

/** The kinds in the order in which AWS's grammar tries them: NULL alone is a number in a rule. */
const RULE_ORDER: readonly ConditionKind[] = ['number', 'text', 'date', 'duration', 'size'];
/** After `with <name>` NULL alone is a text. */
const TAG_ORDER: readonly ConditionKind[] = ['text', 'number'];

/** The condition of a rule. Throws Unreadable. */
export function parseCondition(reader: TokenReader): Condition {
  return classify(reader, parseWritten(reader), RULE_ORDER);
}

/** What follows the name in `with <name>`. Throws Unreadable. */
export function parseTagCondition(reader: TokenReader): Extract<Condition, { kind: 'number' | 'text' }> {
  const condition = classify(reader, parseWritten(reader), TAG_ORDER);
  if (condition.kind === 'number' || condition.kind === 'text') return condition;
  throw new Error('unreachable: TAG_ORDER has numbers and texts only');
}

function parseWritten(reader: TokenReader): Written {
  const { position } = reader;
  const operator = parseOperator(reader);
  switch (operator) {
    case 'matches':
    case 'not matches':
      return { operator, position, operands: [parsePattern(reader)] };
    case 'in':
    case 'not in':
      return { operator, position, operands: parseSet(reader) };
    case 'between':
    case 'not between': {
      const lower = parseOperand(reader);
      reader.expect('and', { what: 'A range has one end only', expected: ['`and`'] });
      return { operator, position, operands: [lower, parseOperand(reader)] };
    }
    default:
      return { operator, position, operands: [parseOperand(reader)] };
  }
}

function parseOperator(reader: TokenReader): Operator {
  if (reader.skip('!')) {
    reader.expect('=', { what: 'An operator is cut short', expected: ['`!=`'] });
    return '!=';
  }
  const isNegated = reader.skip('not');
  const words = ['between', 'in', 'matches'] as const;
  const word = words.find((candidate) => reader.isAt(candidate));
  if (word !== undefined) {
    reader.take();
    return isNegated ? `not ${word}` : word;
  }
  const comparison = (['>=', '<=', '=', '>', '<'] as const).find((candidate) => reader.isAt(candidate));
  if (isNegated || comparison === undefined) return reader.refuse({ what: 'An operator is missing', expected: words.map((candidate) => `\`${candidate}\``), candidates: words });
  reader.take();
  return comparison;
}

function parsePattern(reader: TokenReader): Operand {
  const token = reader.expect('text', { what: 'A pattern is missing', expected: ['a regular expression in double quotes'] });
  return { kind: 'text', value: { kind: 'text', text: unquote(token.source) } };
}

function parseSet(reader: TokenReader): Operand[] {
  if (reader.skip('$')) {
    const { source: name } = reader.expect('name', { what: 'A variable has no name', expected: ['the name of a variable'] });
    return [{ kind: 'text', value: { kind: 'variable', name } }];
  }
  reader.expect('[', { what: 'A list is missing', expected: ['`[`', '`$` and the name of a variable'] });
  const operands = [parseOperand(reader)];
  while (reader.skip(',')) operands.push(parseOperand(reader));
  reader.expect(']', { what: 'A list is not ended', expected: ['`,`', '`]`'] });
  return operands;
}

function parseOperand(reader: TokenReader): Operand {
  const { type, source } = reader.peek();
  switch (type) {
    case 'text':
      return { kind: 'text', value: { kind: 'text', text: unquote(reader.take().source) } };
    case 'EMPTY':
    case 'WHITESPACES_ONLY':
      reader.take();
      return { kind: 'text', value: { kind: 'keyword', keyword: type } };
    case 'date':
      reader.take();
      return { kind: 'date', value: { kind: 'date', date: unquote(source) } };
    case 'time':
      reader.take();
      return { kind: 'date', value: { kind: 'time', time: unquote(source) } };
    case 'now()':
      reader.take();
      return { kind: 'date', value: { kind: 'now', offset: null } };
    case '$':
      return reader.refuse({ what: 'A variable cannot stand here', expected: ['a value; a variable can be an argument, or the whole list of `in $name` or `not in $name`'] });
    default:
      return parseCountedOperand(reader);
  }
}

function parseCountedOperand(reader: TokenReader): Operand {
  if (reader.isAt('(') && reader.peekSecond().type === 'now()') return { kind: 'date', value: parseShiftedNow(reader) };
  if (isAtDuration(reader)) return { kind: 'duration', value: parseDuration(reader) };
  if (isAtSize(reader)) return { kind: 'size', value: parseSize(reader) };
  const isPlainNull = reader.isAt('NULL');
  const value = parseNumber(reader, VALUES);
  return isPlainNull && value.kind === 'null' ? { kind: 'null' } : { kind: 'number', value };
}

/** `(now() - 3 days)` */
function parseShiftedNow(reader: TokenReader): DateExpression {
  reader.take();
  reader.take();
  if (!reader.isAt('+', '-')) reader.refuse({ what: 'A time is not shifted', expected: ['`+`', '`-`'] });
  const operator = reader.take().type === '+' ? '+' : '-';
  const duration = parseDuration(reader);
  reader.expect(')', { what: 'A bracket is not closed', expected: ['`)`'] });
  return { kind: 'now', offset: { operator, duration } };
}

/** The first kind that all operands and the operator can be. */
function classify(reader: TokenReader, written: Written, order: readonly ConditionKind[]): Condition {
  for (const kind of order) {
    const condition = convert(written, kind);
    if (condition !== undefined) return condition;
  }
  const kinds = [...new Set(written.operands.map(({ kind }) => kind))];
  return reader.refuseAt(written.position, {
    what: 'A condition does not fit together',
    found: `\`${written.operator}\` with ${kinds.map((kind) => NAMES_OF_KINDS[kind]).join(' and ')}`,
    expected: [kinds.includes('text') && kinds.length === 1 ? 'for texts one of `=`, `!=`, `in`, `not in`, `matches`, `not matches`' : `values of one kind: ${order.map((kind) => NAMES_OF_KINDS[kind]).join(', ')}`],
  });
}

const NAMES_OF_KINDS: Readonly<Record<Operand['kind'], string>> = { null: 'NULL', number: 'numbers', text: 'texts', date: 'dates', duration: 'durations', size: 'sizes' };

function convert({ operator, operands, position }: Written, kind: ConditionKind): Condition | undefined {
  if (kind === 'text') {
    const texts = all(operands, (operand) => (operand.kind === 'null' ? { kind: 'keyword', keyword: 'NULL' } as const : operand.kind === 'text' ? operand.value : undefined));
    return texts && isTextOperator(operator) ? { kind, operator, operands: texts, position } : undefined;
  }
  if (!isOrderedOperator(operator)) return undefined;
  switch (kind) {
    case 'number':
      return wrap(all(operands, (operand) => (operand.kind === 'null' ? { kind: 'null' } as const : operand.kind === 'number' ? operand.value : undefined)), (numbers) => ({ kind, operator, operands: numbers, position }));
    case 'date':
      return wrap(all(operands, (operand) => (operand.kind === 'null' ? { kind: 'null' } as const : operand.kind === 'date' ? operand.value : undefined)), (dates) => ({ kind, operator, operands: dates, position }));
    case 'duration':
      return wrap(all(operands, (operand) => (operand.kind === 'duration' ? operand.value : undefined)), (durations) => ({ kind, operator, operands: durations, position }));
    case 'size':
      return wrap(all(operands, (operand) => (operand.kind === 'size' ? operand.value : undefined)), (sizes) => ({ kind, operator, operands: sizes, position }));
  }
}

/** Every operand converted, or nothing where one cannot be. */
function all<Value>(operands: readonly Operand[], convertOne: (operand: Operand) => Value | undefined): Value[] | undefined {
  const values = operands.map(convertOne).filter((value) => value !== undefined);
  return values.length === operands.length ? values : undefined;
}

function wrap<Value>(values: readonly Value[] | undefined, make: (values: readonly Value[]) => Condition): Condition | undefined {
  return values && make(values);
}

function isTextOperator(operator: Operator): operator is TextOperator {
  return TEXT_OPERATORS.includes(operator);
}

function isOrderedOperator(operator: Operator): operator is OrderedOperator {
  return operator !== 'matches' && operator !== 'not matches';
}
