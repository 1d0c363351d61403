/** Generates rulesets of every rule type, and forgets where in the text something stands. */
import * as fc from 'fast-check';
import { RULE_TYPES, type RuleSignature, type RuleTypeName } from './rule-types';
import {
  writeEscapes, type Analyzer, type ArithmeticOperator, type Condition, type DateExpression, type Duration, type Label, type NumberCondition, type NumberExpression,
  type OrderedOperator, type Parameter, type Rule, type Ruleset, type SimpleRule, type Size, type Tag, type TextCondition, type TextOperand, type TextValue, type Variable,
} from './ruleset';
import { classifyQuoted, classifyWord } from './token';

const position = { offset: 0, line: 1, column: 1 };
const span = { start: position, end: 0 };

/** The same value without positions and warnings, which belong to a text. */
export function withoutPositions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPositions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !['position', 'span', 'warnings'].includes(key)).map(([key, inner]) => [key, withoutPositions(inner)]));
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', '\\', 'a', '#', '\n', '$', ']', ',', '\r', '2', ':', '-') })).map(writeEscapes)
  .filter((raw) => classifyQuoted(`"${raw}"`) === 'text');
const name = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_.]{1,12}$/), fc.constantFrom('now', 'last', 'RowCount', 'between1', 'And')).filter((word) => classifyWord(word) === 'name');
const variableName = name.filter((word) => !/^[._]/.test(word));

const textValue: fc.Arbitrary<TextValue> = fc.oneof(
  text.map((raw) => ({ kind: 'text', text: raw }) as const),
  fc.constantFrom('NULL', 'EMPTY', 'WHITESPACES_ONLY').map((keyword) => ({ kind: 'keyword', keyword }) as const),
);

const literal = fc.oneof(fc.integer().map(String), fc.tuple(fc.integer(), fc.nat()).map(([whole, part]) => `${whole}.${part}`)).map((source) => ({ kind: 'literal', source }) as const);
const arithmeticOperator = fc.constantFrom<ArithmeticOperator[]>('+', '-', '*', '/');
const number: fc.Arbitrary<NumberExpression> = fc.letrec<{ any: NumberExpression; single: NumberExpression }>((tie) => ({
  any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('single'), fc.record({
    kind: fc.constant('arithmetic' as const),
    first: tie('single'),
    rest: fc.array(fc.record({ operator: arithmeticOperator, operand: tie('any') }), { minLength: 1, maxLength: 3 }),
  })),
  single: fc.oneof({ depthSize: 'small', withCrossShrink: true }, literal, fc.constant({ kind: 'null' as const }), fc.record({
    kind: fc.constant('call' as const), name, arguments: fc.array(tie('any'), { maxLength: 3 }), position: fc.constant(position),
  })),
})).any;

const amount = fc.nat(2 ** 31 - 1);
const duration: fc.Arbitrary<Duration> = fc.record({ amount, unit: fc.constantFrom('days', 'hours', 'minutes') });
const date: fc.Arbitrary<DateExpression> = fc.oneof(
  fc.stringMatching(/^\d{4}-\d\d-\d\d$/).map((day) => ({ kind: 'date', date: day }) as const),
  fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => ({ kind: 'time', time: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` }) as const),
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(59), fc.constantFrom('AM', 'PM')).map(([hour, minute, half]) => ({ kind: 'time', time: `${hour}:${String(minute).padStart(2, '0')} ${half}` }) as const),
  fc.option(fc.record({ operator: fc.constantFrom('+', '-'), duration })).map((offset) => ({ kind: 'now', offset }) as const),
  fc.constant({ kind: 'null' } as const),
);
const sizes: fc.Arbitrary<Size[]> = fc.oneof(
  fc.array(fc.record({ amount, unit: fc.constantFrom('B', 'KB', 'MB', 'GB', 'TB') }), { minLength: 2, maxLength: 4 }),
  fc.array(fc.record({ amount: fc.integer().map((whole) => whole + 0), unit: fc.constant(null) }), { minLength: 2, maxLength: 4 }),
);

const orderedOperator = fc.constantFrom<OrderedOperator[]>('>', '>=', '<', '<=', '=', '!=', 'between', 'not between', 'in', 'not in');

/** So many operands as the operator takes, of the two or more that are there. */
function cut<Operand>(operator: string, operands: readonly Operand[]): Operand[] {
  if (operator.endsWith('in')) return [...operands];
  return operands.slice(0, operator.endsWith('between') ? 2 : 1);
}

const isNull = (operand: { kind: string }) => operand.kind === 'null';

function ordered<Operand>(operands: fc.Arbitrary<Operand[]>): fc.Arbitrary<{ operator: OrderedOperator; operands: Operand[]; position: typeof position }> {
  return fc.tuple(orderedOperator, operands).map(([operator, many]) => ({ operator, operands: cut(operator, many), position }));
}
const several = <Operand>(operand: fc.Arbitrary<Operand>) => fc.array(operand, { minLength: 2, maxLength: 4 });

const numberCondition: fc.Arbitrary<NumberCondition> = ordered(several(number)).map((parts) => ({ kind: 'number', ...parts }));

function textCondition(variables: readonly Variable[]): fc.Arbitrary<Condition> {
  const values = fc.tuple(fc.constantFrom('=' as const, '!=' as const, 'in' as const, 'not in' as const), several<TextOperand>(textValue))
    .map(([operator, many]): TextCondition => ({ kind: 'text', operator, operands: cut(operator, many), position }))
    // NULL alone is a number.
    .filter(({ operands }) => operands.some((operand) => !(operand.kind === 'keyword' && operand.keyword === 'NULL')));
  const patterns = fc.tuple(fc.constantFrom('matches' as const, 'not matches' as const), text)
    .map(([operator, raw]): Condition => ({ kind: 'text', operator, operands: [{ kind: 'text', text: raw }], position }));
  if (variables.length === 0) return fc.oneof(values, patterns);
  const references = fc.tuple(fc.constantFrom('in' as const, 'not in' as const), fc.constantFrom(...variables))
    .map(([operator, variable]): Condition => ({ kind: 'text', operator, operands: [{ kind: 'variable', name: variable.name }], position }));
  return fc.oneof(values, patterns, references);
}

function conditionOf({ kinds, condition }: RuleSignature, variables: readonly Variable[]): fc.Arbitrary<Condition | null> {
  const isSize = kinds.includes('size');
  const choices = kinds.filter((kind) => !(isSize && kind === 'number')).map((kind): fc.Arbitrary<Condition | null> => {
    if (kind === 'number') return numberCondition;
    if (kind === 'text') return textCondition(variables);
    if (kind === 'date') return ordered(several(date)).filter(({ operands }) => !operands.every(isNull)).map((parts) => ({ kind, ...parts }));
    if (kind === 'duration') return ordered(several(duration)).map((parts) => ({ kind, ...parts }));
    return ordered(sizes).map((parts) => ({ kind, ...parts }));
  });
  return fc.oneof(...choices, ...(condition === 'required' ? [] : [fc.constant(null)]));
}

const connector = fc.constantFrom('of', 'and', null);
function parametersOf({ parameters }: RuleSignature, variables: readonly Variable[]): fc.Arbitrary<Parameter[]> {
  const simple = variables.filter(({ value }) => 'kind' in value).map((variable) => variable.name);
  const parameter: fc.Arbitrary<Parameter> = fc.oneof(
    fc.record({ kind: fc.constant('text' as const), value: text, connector, position: fc.constant(position) }),
    fc.record({ kind: fc.constant('name' as const), value: name, connector, position: fc.constant(position) }),
    ...(simple.length === 0 ? [] : [fc.record({ kind: fc.constant('variable' as const), value: fc.constantFrom(...simple), connector, position: fc.constant(position) })]),
  );
  const isRepeated = parameters.at(-1)?.repeated === true;
  return fc.array(parameter, { minLength: parameters.length, maxLength: parameters.length + (isRepeated ? 3 : 0) });
}

function labelsOf(maxLength: number): fc.Arbitrary<Label[]> {
  const part = text.filter((raw) => raw !== '');
  return fc.uniqueArray(fc.record({ key: part, value: part, position: fc.constant(position) }), { maxLength, selector: ({ key }) => key });
}

const tag: fc.Arbitrary<Tag> = fc.oneof(
  fc.record({ name: name.filter((word) => word !== 'timeZone'), value: textValue, position: fc.constant(position) }),
  fc.record({ name: fc.constant('timeZone'), value: fc.constantFrom('UTC', 'America/Chicago', '+05:30').map((zone) => ({ kind: 'text', text: zone }) as const), position: fc.constant(position) }),
  fc.record({ name: name.filter((word) => word !== 'timeZone' && word.toLowerCase() !== 'threshold'), value: number.filter((value) => !isNull(value)), position: fc.constant(position) }),
);

/** A rule of that type, any of its signatures. */
export function ruleOf(typeName: RuleTypeName, variables: readonly Variable[] = []): fc.Arbitrary<SimpleRule> {
  const signatures = RULE_TYPES.find((type) => type.name === typeName)?.signatures ?? [];
  return fc.constantFrom(...signatures).chain((signature): fc.Arbitrary<SimpleRule> => fc.record({
    kind: fc.constant('rule' as const),
    type: fc.constant(typeName),
    parameters: parametersOf(signature, variables),
    condition: conditionOf(signature, variables),
    where: signature.where ? fc.option(text.filter((raw) => raw !== '')) : fc.constant(null),
    labels: labelsOf(5),
    threshold: signature.threshold ? fc.option(numberCondition.filter(({ operands }) => !operands.every(isNull))) : fc.constant(null),
    tags: fc.array(tag, { maxLength: 2 }),
    span: fc.constant(span),
  }));
}

const RULE_NAMES = RULE_TYPES.filter(({ rule }) => rule).map((type) => type.name);
const ANALYZERS = RULE_TYPES.filter(({ signatures }) => signatures.some(({ analyzer }) => analyzer));

/** Composites never hold a composite of their own operator without labels: the parser gives its operands to the outer one. */
function anyRule(variables: readonly Variable[], depth = 2, outer?: 'and' | 'or'): fc.Arbitrary<Rule> {
  const simple = fc.constantFrom(...RULE_NAMES).chain((type) => ruleOf(type, variables));
  if (depth === 0) return simple;
  const composite = fc.constantFrom('and' as const, 'or' as const).chain((operator): fc.Arbitrary<Rule> => fc.record({
    kind: fc.constant('composite' as const),
    operator: fc.constant(operator),
    rules: fc.array(anyRule(variables, depth - 1, operator), { minLength: 2, maxLength: 3 }),
    labels: labelsOf(3).filter((labels) => labels.length > 0 || operator !== outer),
    span: fc.constant(span),
  }));
  return fc.oneof({ weight: 3, arbitrary: simple }, { weight: 1, arbitrary: composite });
}

function analyzerOf(variables: readonly Variable[]): fc.Arbitrary<Analyzer> {
  return fc.constantFrom(...ANALYZERS).chain(({ name: type, signatures }) => fc.constantFrom(...signatures.filter(({ analyzer }) => analyzer))
    .chain((signature) => fc.record({ type: fc.constant(type), parameters: parametersOf(signature, variables), span: fc.constant(span) })));
}

/** Variables hold no `$` before a name: AWS's parser refuses those. */
const variableValue = textValue.filter((value) => value.kind === 'keyword' || !/\$[a-zA-Z_]/.test(value.text));
const variables = fc.uniqueArray(fc.record({ name: variableName, value: fc.oneof(variableValue, fc.array(variableValue, { minLength: 1, maxLength: 3 })), position: fc.constant(position) }), { maxLength: 3, selector: (variable) => variable.name });
const entry = (keys: fc.Arbitrary<string>, value: fc.Arbitrary<string | string[]>) => fc.record({ key: keys, value, position: fc.constant(position) });
const names = fc.array(text, { minLength: 1, maxLength: 3 });

/** A ruleset with all its sections, any of which may be empty. */
export const anyRuleset: fc.Arbitrary<Ruleset> = variables.chain((defined) => fc.record({
  metadata: fc.array(entry(fc.constant('Version'), fc.oneof(text, names)), { maxLength: 1 }),
  dataSources: fc.array(fc.oneof(entry(fc.constant('Primary'), text), entry(fc.constant('AdditionalDataSources'), names)), { maxLength: 2 }),
  variables: fc.constant(defined),
  defaultLabels: labelsOf(3),
  rules: fc.array(anyRule(defined), { maxLength: 3 }),
  analyzers: fc.array(analyzerOf(defined), { maxLength: 2 }),
  warnings: fc.constant([]),
})).filter(({ rules, analyzers }) => rules.length + analyzers.length > 0);

/** A ruleset of that one rule. */
export function rulesetOf(rules: readonly Rule[]): Ruleset {
  return { metadata: [], dataSources: [], variables: [], defaultLabels: [], rules, analyzers: [], warnings: [] };
}
