/** Whether a number meets a condition: judged here for one, and written as SQL for every value of a column. */
import { RuleProblem, showNumber } from './rule-problem';
import type { Comparison } from './dynamic-number';
import type { OrderedOperator } from '../dqdl';

/** Ranges exclude both their ends, as in Deequ. Throws RuleProblem for NULL, which no metric equals. */
export function meets(metric: number, { operator, values }: Comparison): boolean {
  const numbers = requireNumbers(values);
  return compareAll(operator, numbers, (value) => compare(metric, value));
}

/** Below, equal and above zero as `a` and `b` stand to each other; NaN where they do not. */
function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : a > b ? 1 : Number.NaN;
}

/** Decides an operator by how a thing stands to each operand. */
export function compareAll<Operand>(operator: OrderedOperator, operands: readonly Operand[], standsTo: (operand: Operand) => number): boolean {
  const [first = Number.NaN, last = first] = operands.map(standsTo);
  switch (operator) {
    case '>':
      return first > 0;
    case '>=':
      return first >= 0;
    case '<':
      return first < 0;
    case '<=':
      return first <= 0;
    case '=':
      return first === 0;
    case '!=':
      return first !== 0;
    case 'between':
      return first > 0 && last < 0;
    case 'not between':
      return first <= 0 || last >= 0;
    case 'in':
      return operands.some((operand) => standsTo(operand) === 0);
    case 'not in':
      return !operands.some((operand) => standsTo(operand) === 0);
  }
}

/** `is 0.8, expected >= 0.9` as reasons show it, with all digits where fewer would make a figure look like one that it is not. */
export function showFinding(value: number, verb: 'is' | 'do' | 'are', comparison: Comparison): string {
  const show = comparison.values.some((each) => each !== null && each !== value && showNumber(each) === showNumber(value)) ? String : showNumber;
  const found = verb === 'is' ? `is ${show(value)}` : `${show(value)} ${verb}`;
  return `${found}, expected ${showComparison(comparison, show)}`;
}

/** `>= 0.9` as reasons show it. */
export function showComparison({ operator, values }: Comparison, showSingle: (value: number) => string = showNumber): string {
  // Commas between thousands are not told from those of a list.
  const show = operator === 'in' || operator === 'not in' ? String : showSingle;
  const shown = values.map((value) => (value === null ? 'NULL' : show(value)));
  return showOperator(operator, shown);
}

/** An operator before its operands, as DQDL writes it. */
export function showOperator(operator: string, operands: readonly string[]): string {
  if (operator.endsWith('between')) return `${operator} ${operands.join(' and ')}`;
  if (!operator.endsWith('in')) return `${operator} ${operands.join('')}`;
  return `${operator} [${operands.slice(0, 10).join(', ')}${operands.length > 10 ? ', …' : ''}]`;
}

/** The operator over operands that are SQL; NULL where the value is NULL. */
export function writeComparison(value: string, operator: OrderedOperator, operands: readonly string[]): string {
  const [first = 'NULL', last = first] = operands;
  if (operator === 'between') return `(${value} > ${first} AND ${value} < ${last})`;
  if (operator === 'not between') return `(${value} <= ${first} OR ${value} >= ${last})`;
  if (operator === 'in') return `${value} IN (${operands.join(', ')})`;
  if (operator === 'not in') return `${value} NOT IN (${operands.join(', ')})`;
  return `${value} ${operator} ${first}`;
}

/** A number as SQL: DuckDB would take a literal with a point for a DECIMAL. */
export function writeDouble(value: number): string {
  return `CAST('${String(value)}' AS DOUBLE)`;
}

export function requireNumbers(values: readonly (number | null)[]): number[] {
  return values.map((value) => {
    if (value === null) throw new RuleProblem('NULL is no number to compare this metric with.');
    return value;
  });
}
