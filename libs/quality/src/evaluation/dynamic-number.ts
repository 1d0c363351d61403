/** Works out the numbers of a condition: literals, arithmetic from left to right, and functions of what earlier runs found. */
import { DYNAMIC_FUNCTIONS, type NumberCondition, type NumberExpression, type OrderedOperator } from '../dqdl';
import { findNearest } from '@inlet/dataset';
import type { PastMetric } from './check';
import { RuleProblem } from './rule-problem';

/** A condition whose numbers are known; NULL stands among them where a rule may ask for it. */
export interface Comparison {
  operator: OrderedOperator;
  values: readonly (number | null)[];
}

/** One number, or the list that `last(k)` gives. */
type Value = number | readonly number[];

/** The condition with its numbers worked out. Throws RuleProblem. */
export function resolveNumbers({ operator, operands }: NumberCondition, history: readonly PastMetric[]): Comparison {
  const past = history.map(({ value }) => value);
  return { operator, values: operands.map((operand) => (operand.kind === 'null' ? null : requireNumber(evaluate(operand, past)))) };
}

/** Whether a condition depends on earlier runs. */
export function isDynamic({ operands }: NumberCondition): boolean {
  return operands.some(hasCall);
}

function hasCall(expression: NumberExpression): boolean {
  if (expression.kind === 'arithmetic') return hasCall(expression.first) || expression.rest.some(({ operand }) => hasCall(operand));
  return expression.kind === 'call';
}

/** The same condition with literals in place of what was worked out. */
export function writeNumbers(condition: NumberCondition, { values }: Comparison): NumberCondition {
  return { ...condition, operands: values.map((value) => (value === null ? { kind: 'null' } : { kind: 'literal', source: writeNumber(value) })) };
}

/** A number as DQDL writes it, which knows no exponents. */
export function writeNumber(value: number): string {
  const shown = String(value);
  if (!shown.includes('e')) return shown;
  return Math.abs(value) >= 1 ? BigInt(Math.round(value)).toString() : value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '');
}

function evaluate(expression: NumberExpression, past: readonly number[]): Value {
  switch (expression.kind) {
    case 'literal':
      return Number(expression.source);
    case 'null':
      throw new RuleProblem('NULL is no number to calculate with.');
    case 'arithmetic':
      return expression.rest.reduce((total, { operator, operand }) => calculate(operator, total, requireNumber(evaluate(operand, past))), requireNumber(evaluate(expression.first, past)));
    case 'call':
      return callFunction(expression.name, expression.arguments.map((argument) => evaluate(argument, past)), past);
  }
}

function calculate(operator: '+' | '-' | '*' | '/', left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

function requireNumber(value: Value): number {
  const [single, ...others] = toList(value);
  if (single === undefined || others.length > 0) throw new RuleProblem(`A list of ${others.length + 1} earlier values stands where one number is due; reduce it, as in avg(last(${others.length + 1})).`);
  if (!Number.isFinite(single)) throw new RuleProblem('The condition works out to no finite number.');
  return single;
}

const toList = (value: Value): readonly number[] => (typeof value === 'number' ? [value] : value);
const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
const mean = (list: readonly number[]) => sum(list) / list.length;

const REDUCTIONS: Readonly<Record<string, (list: readonly number[]) => number>> = {
  sum,
  avg: mean,
  max: (list) => list.reduce((a, b) => Math.max(a, b)),
  min: (list) => list.reduce((a, b) => Math.min(a, b)),
  median: (list) => interpolate(list, 0.5),
  std: (list) => Math.sqrt(mean(list.map((value) => (value - mean(list)) ** 2))),
};

function callFunction(name: string, values: readonly Value[], past: readonly number[]): Value {
  const reduce = Object.hasOwn(REDUCTIONS, name) ? REDUCTIONS[name] : undefined;
  const list = values.flatMap(toList);
  if (reduce !== undefined && list.length > 0) return reduce(list);
  const [first, second] = values;
  if (name === 'last' && values.length <= 1) return takeLast(past, first === undefined ? 1 : requireNumber(first));
  if (name === 'abs' && first !== undefined && values.length === 1) return Math.abs(requireNumber(first));
  if (name === 'percentile' && first !== undefined && second !== undefined) return takePercentile(toList(first), requireNumber(second));
  if (name === 'index' && first !== undefined && second !== undefined) return takeIndex(toList(first), requireNumber(second));
  if (DYNAMIC_FUNCTIONS.includes(name)) throw new RuleProblem(`The call ${name}() has ${values.length} arguments, which is not how it is called.`);
  const nearest = findNearest(name, DYNAMIC_FUNCTIONS);
  throw new RuleProblem(`There is no function ${name.slice(0, 60)}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}.`);
}

/** The newest values, fewer where there are fewer. As AWS documents it, 0 stands for a history that is empty. */
function takeLast(past: readonly number[], count: number): Value {
  if (!Number.isInteger(count) || count < 1) throw new RuleProblem(`The call last(${writeNumber(count)}) asks for no whole number of values.`);
  return past.length === 0 ? [0] : past.slice(0, count);
}

function takeIndex(list: readonly number[], index: number): number {
  const value = list[index];
  if (value === undefined) throw new RuleProblem(`The call index(…, ${writeNumber(index)}) is beyond the ${list.length} earlier values that there are; the newest is 0.`);
  return value;
}

function takePercentile(list: readonly number[], rank: number): number {
  if (!(rank >= 0 && rank <= 100)) throw new RuleProblem(`The call percentile(…, ${writeNumber(rank)}) is out of range; give a share up to 1, or percent.`);
  return interpolate(list, rank > 1 ? rank / 100 : rank);
}

function interpolate(list: readonly number[], share: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)] ?? Number.NaN;
  const upper = sorted[Math.ceil(place)] ?? Number.NaN;
  return lower + (upper - lower) * (place - Math.floor(place));
}
