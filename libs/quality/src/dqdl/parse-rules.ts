/** The lists of rules and analyzers: rules with their parts, and how `and`, `or` and brackets join them. */
import { checkAnalyzer, checkRule, findMisspeltKeyword } from './check-rule';
import { isAtCondition, parseCondition, parseTagCondition } from './parse-condition';
import type { ParseContext } from './parse-context';
import { parseLabels } from './parse-labels';
import { Unreadable } from './problems';
import { RULE_TYPES } from './rule-types';
import type { Analyzer, Condition, Label, Parameter, RawText, Rule, Span } from './ruleset';
import { unquote, type Position, type Token, type TokenType } from './token';
import type { TokenReader } from './token-reader';

/** A rule as written, before its type is looked up. */
export interface WrittenRule {
  type: Token;
  parameters: readonly Parameter[];
  condition: Condition | null;
  /** Its filter, and where the word `where` stands. */
  where: { text: RawText; position: Position } | null;
  labels: readonly Label[];
  tags: readonly WrittenTag[];
  span: Span;
}

export interface WrittenTag {
  name: string;
  condition: Extract<Condition, { kind: 'number' | 'text' }>;
  position: Position;
}

const RULE_NAMES = RULE_TYPES.filter(({ rule }) => rule).map(({ name }) => name);
/** What a misspelt word after a rule may be meant to be. */
const WORDS_AFTER_RULE = ['where', 'labels', 'with', 'and', 'or', 'days', 'hours', 'minutes', 'KB', 'MB', 'GB', 'TB'];
const RULE_ENDS: readonly TokenType[] = [',', ']', ')', 'and', 'or', 'end'];
const CLOSERS: readonly TokenType[] = [',', ']'];

/** What follows `Rules`, which is taken. */
export function parseRules(context: ParseContext): Rule[] {
  return parseList(context, 'Rules', () => parseAny(context));
}

/** What follows `Analyzers`, which is taken. */
export function parseAnalyzers(context: ParseContext): Analyzer[] {
  return parseList(context, 'Analyzers', () => parseAnalyzer(context));
}

/** A list's elements. After an unreadable one the reading goes on with the next. */
function parseList<Element>({ reader }: ParseContext, section: string, parseElement: () => Element | null): Element[] {
  reader.expect('=', { what: `${section} are incomplete`, expected: ['`=`'] });
  reader.expect('[', { what: `${section} are incomplete`, expected: ['`[`'] });
  if (reader.skip(']')) return [];
  const { depth } = reader;
  const elements: (Element | null)[] = [];
  do elements.push(parseOrRecover(reader, depth, parseElement));
  while (reader.skip(','));
  if (reader.isAt('end')) throw new Unreadable();
  reader.expect(']', { what: `${section} are not ended`, expected: ['`,`', '`]`'] });
  return elements.filter((element) => element !== null);
}

function parseOrRecover<Element>(reader: TokenReader, depth: number, parseElement: () => Element | null): Element | null {
  try {
    const element = parseElement();
    if (!reader.isAt(...CLOSERS)) refuseRest(reader);
    return element;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    reader.recover(depth, ...CLOSERS);
    return null;
  }
}

function refuseRest(reader: TokenReader, parameters: readonly Parameter[] = []): never {
  if (reader.isAt('where', 'labels') || isAtCondition(reader)) {
    return reader.refuse({ what: 'The parts of a rule stand in another order', expected: ['arguments, condition, `where`, `labels`, `with`, each only once but `with`'] });
  }
  const units = reader.isAt('name') ? ['after a whole number a unit: days, hours, minutes, B, KB, MB, GB, TB'] : [];
  return reader.refuse({ what: 'A rule is not ended', expected: ['`,`', '`]`', '`and`', '`or`', 'a part of the rule: arguments, a condition, `where`, `labels` or `with`', ...units], candidates: WORDS_AFTER_RULE, nearest: findMisspeltKeyword(parameters) });
}

/** Rules joined by `or`, which binds less than `and`. */
function parseAny(context: ParseContext): Rule | null {
  return parseJoined(context, 'or', () => parseJoined(context, 'and', () => parseTerm(context)));
}

function parseJoined({ reader }: ParseContext, operator: 'and' | 'or', parseOne: () => Rule | null): Rule | null {
  const start = reader.position;
  const rules = [parseOne()];
  while (reader.skip(operator)) rules.push(parseOne());
  return join(operator, rules, { start, end: reader.end });
}

/** One rule as it is; of several, operands that are composites of the same operator give their own operands. Null where a rule is wrong. */
function join(operator: 'and' | 'or', rules: readonly (Rule | null)[], span: Span): Rule | null {
  const whole = rules.filter((rule) => rule !== null);
  if (whole.length < rules.length || whole.length < 2) return whole.length === rules.length ? whole[0] ?? null : null;
  const operands = whole.flatMap((rule) => (rule.kind === 'composite' && rule.operator === operator && rule.labels.length === 0 ? rule.rules : [rule]));
  return { kind: 'composite', operator, rules: operands, labels: [], span };
}

/** A rule, or rules in brackets. Labels after a bracket take the place of the labels of what it holds. */
function parseTerm(context: ParseContext): Rule | null {
  const { reader } = context;
  const start = reader.position;
  if (!reader.skip('(')) return parseRule(context);
  const inner = parseAny(context);
  if (!reader.isAt(')')) refuseRest(reader);
  reader.take();
  const labels = reader.skip('labels') ? parseLabels(context) : undefined;
  return inner && labels ? { ...inner, labels, span: { start, end: reader.end } } : inner;
}

function parseRule(context: ParseContext): Rule | null {
  const { reader } = context;
  const type = reader.expect('name', { what: 'A rule is missing', expected: ['a rule type', '`(`'], candidates: RULE_NAMES });
  const parameters = parseParameters(reader);
  const condition = isAtCondition(reader) ? parseCondition(reader) : null;
  const where = parseWhere(reader);
  const labels = reader.skip('labels') ? parseLabels(context) : [];
  const tags: WrittenTag[] = [];
  while (reader.skip('with')) tags.push(parseTag(reader));
  if (!reader.isAt(...RULE_ENDS)) refuseRest(reader, parameters);
  return checkRule(context, { type, parameters, condition, where, labels, tags, span: { start: type.position, end: reader.end } });
}

function parseWhere(reader: TokenReader): WrittenRule['where'] {
  const { position } = reader;
  if (!reader.skip('where')) return null;
  const { source } = reader.expect('text', { what: 'A `where` has no filter', expected: ['SQL in double quotes'] });
  return { text: unquote(source), position };
}

function parseTag(reader: TokenReader): WrittenTag {
  const { source: name, position } = reader.expect('name', { what: 'A `with` has no name', expected: ['`threshold`', 'another name'] });
  if (!isAtCondition(reader)) reader.refuse({ what: `\`with ${name.slice(0, 40)}\` has no condition`, expected: ['`=` and a value', 'for `threshold` any condition on a number'] });
  return { name, condition: parseTagCondition(reader), position };
}

function parseAnalyzer(context: ParseContext): Analyzer | null {
  const { reader } = context;
  const type = reader.expect('name', { what: 'An analyzer is missing', expected: ['the name of an analyzer'] });
  const parameters = parseParameters(reader);
  if (isAtCondition(reader)) reader.refuse({ what: 'An analyzer has a condition', expected: ['`,`', '`]`'] });
  return checkAnalyzer(context, { type, parameters, span: { start: type.position, end: reader.end } });
}

/**
 * Arguments, each after `of`, `and` or nothing. After an argument `and` with a name behind it begins another argument and no other rule, as for AWS's parser:
 * rules that end in an argument need brackets.
 */
function parseParameters(reader: TokenReader): Parameter[] {
  const parameters: Parameter[] = [];
  for (;;) {
    const { position } = reader;
    const connector = parseConnector(reader);
    if (connector === undefined) return parameters;
    if (reader.skip('$')) {
      const { source } = reader.expect('name', { what: 'A variable has no name', expected: ['the name of a variable'] });
      parameters.push({ kind: 'variable', value: source, connector, position });
    } else if (reader.isAt('text')) {
      parameters.push({ kind: 'text', value: unquote(reader.take().source), connector, position });
    } else {
      const { source } = reader.expect('name', { what: 'An argument is missing', expected: ['a text in double quotes', 'a name', '`$` and the name of a variable'] });
      parameters.push({ kind: 'name', value: source, connector, position });
    }
  }
}

/** The word before an argument, which is taken; nothing where no argument follows. */
function parseConnector(reader: TokenReader): 'of' | 'and' | null | undefined {
  const starts: readonly TokenType[] = ['text', 'name', '$'];
  if (reader.isAt(...starts)) return null;
  if (reader.skip('of')) return 'of';
  if (!reader.isAt('and') || !starts.includes(reader.peekSecond().type)) return undefined;
  reader.take();
  return 'and';
}
