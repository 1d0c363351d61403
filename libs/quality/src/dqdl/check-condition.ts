/** Checks a rule's condition: whether there may be one, of which kind, and what only its values can tell. */
import { findNearest } from '@inlet/dataset';
import { isDate, isTimeOfDay, isTimeZone } from './java-time';
import { MAX_AMOUNT } from './parse-numbers';
import type { ParseContext } from './parse-context';
import type { RuleSignature } from './rule-types';
import type { Condition, ConditionKind, DateCondition, NumberCondition, NumberExpression, SizeCondition, Span, TextCondition } from './ruleset';

/** The functions that dynamic rules are documented with. AWS's parser accepts any other name too. */
export const DYNAMIC_FUNCTIONS = ['last', 'avg', 'max', 'min', 'median', 'std', 'percentile', 'sum', 'index', 'abs'];

export interface ConditionOfRule {
  name: string;
  signature: RuleSignature;
  condition: Condition | null;
  timeZone: string;
  span: Span;
}

/** The condition, which for sizes without a unit is turned into one on sizes. What is wrong is reported. */
export function checkCondition(context: ParseContext, rule: ConditionOfRule): Condition | null {
  const { signature, condition, name, span } = rule;
  if (condition === null) {
    if (signature.condition === 'required') context.problems.add({ position: span.start, what: `${name} has no condition`, found: 'none', expected: [describeKinds(signature.kinds)] });
    return null;
  }
  if (!signature.kinds.includes(condition.kind)) {
    const expected = signature.condition === 'forbidden' ? 'no condition' : describeKinds(signature.kinds);
    context.problems.add({ position: condition.position, what: `${name} has a condition of the wrong kind`, found: describeKinds([condition.kind]), expected: [expected] });
    return condition;
  }
  return checkOperands(context, condition, rule);
}

const KINDS: Readonly<Record<ConditionKind, string>> = {
  number: 'numbers, as in `> 0.5`',
  text: 'texts, as in `= "a"`',
  date: 'dates or times, as in `> (now() - 3 days)`',
  duration: 'durations, as in `<= 24 hours`',
  size: 'sizes, as in `< 10 MB`',
};

function describeKinds(kinds: readonly ConditionKind[]): string {
  return `a condition on ${kinds.map((kind) => KINDS[kind]).join(', or ')}`;
}

function checkOperands(context: ParseContext, condition: Condition, { name, signature, timeZone }: ConditionOfRule): Condition {
  switch (condition.kind) {
    case 'number':
      if (signature.kinds.includes('size')) return toSizes(context, condition, name);
      warnOfFunctions(context, condition.operands);
      return condition;
    case 'text':
      checkVariable(context, condition);
      return condition;
    case 'date':
      checkDates(context, condition, timeZone);
      return condition;
    default:
      return condition;
  }
}

/** Sizes without a unit are whole numbers of bytes. */
function toSizes({ problems }: ParseContext, { operator, operands, position }: NumberCondition, name: string): SizeCondition {
  const amounts = operands.map((operand) => (operand.kind === 'literal' && /^-?\d+$/.test(operand.source) ? Number(operand.source) : NaN));
  if (!amounts.every((amount) => amount <= MAX_AMOUNT && amount >= -MAX_AMOUNT - 1)) {
    problems.add({ position, what: `${name} has a size that is none`, found: 'a number that is not whole, too large or computed', expected: [`a whole number up to ${MAX_AMOUNT}, alone or with B, KB, MB, GB or TB`] });
  }
  // `-0` and `0` are the same size, and print the same.
  return { kind: 'size', operator, position, operands: amounts.map((amount) => ({ amount: amount + 0, unit: null })) };
}

function checkVariable({ problems, variables, areVariablesKnown }: ParseContext, { operands, position }: TextCondition): void {
  if (!areVariablesKnown) return;
  for (const operand of operands) {
    if (operand.kind !== 'variable' || variables.has(operand.name)) continue;
    problems.add({ position, what: 'A variable is not defined', found: `\`$${operand.name.slice(0, 60)}\``, expected: listVariables(variables), nearest: findNearest(operand.name, [...variables.keys()]) });
  }
}

/** The variables that there are, for an error about one that there is not. */
export function listVariables(variables: ReadonlyMap<string, unknown>): string[] {
  if (variables.size === 0) return ['a definition before the rules: `name = "text"`'];
  return [...variables.keys()].slice(0, 10).map((name) => `\`$${name.slice(0, 60)}\``);
}

function checkDates({ problems, warnings }: ParseContext, { operands, position }: DateCondition, timeZone: string): void {
  for (const operand of operands) {
    if (operand.kind === 'date' && !isDate(operand.date)) warnings.push({ position, message: `There is no date ${operand.date}; AWS's parser does not look, and the rule will end in an error.` });
    if (operand.kind === 'time' && !isTimeOfDay(operand.time)) problems.add({ position, what: 'A time of day is none', found: `"${operand.time}"`, expected: ['a time up to "23:59" or "12:59 PM"'] });
  }
  if (operands.some(({ kind }) => kind === 'time') && !isTimeZone(timeZone)) {
    problems.add({ position, what: 'A time zone is unknown', found: `"${timeZone.slice(0, 60)}"`, expected: ['a name as "America/Chicago"', '"UTC"', 'an offset as "+05:30"'] });
  }
}

/** Says which functions of an expression no engine knows. */
export function warnOfFunctions(context: ParseContext, operands: readonly NumberExpression[]): void {
  for (const operand of operands) {
    if (operand.kind === 'arithmetic') warnOfFunctions(context, [operand.first, ...operand.rest.map((step) => step.operand)]);
    if (operand.kind !== 'call') continue;
    if (!DYNAMIC_FUNCTIONS.includes(operand.name)) {
      const nearest = findNearest(operand.name, DYNAMIC_FUNCTIONS);
      const meant = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
      context.warnings.push({ position: operand.position, message: `There is no function ${operand.name.slice(0, 60)}${meant}; AWS's parser accepts any name, and the rule will end in an error.` });
    }
    warnOfFunctions(context, operand.arguments);
  }
}
