/** ColumnLength as a test of every row. */
import type { OrderedOperator, SimpleRule } from '../dqdl';
import { requireText, textOf, type Column } from './column';
import { requireNumbers, writeComparison, writeDouble } from './comparison';
import type { Comparison } from './dynamic-number';
import { RuleProblem } from './rule-problem';
import { readScope, resolveCondition, type RuleTarget } from './rule-target';
import type { RowTest } from './row-test';

/** The operators that Deequ decides by counting values; it takes the others from the shortest and the longest, which NULLs do not have. */
const COUNTED: readonly OrderedOperator[] = ['in', 'not in', 'not between'];

export const isCounted = (operator: OrderedOperator) => COUNTED.includes(operator);

/** The metric that a rule's earlier runs are compared by. */
export function nameLengthMetric({ condition }: Pick<SimpleRule, 'condition'>, { written }: Column): string {
  const operator = condition?.operator ?? '';
  if (operator === '<' || operator === '<=') return `Column.${written}.MaximumLength`;
  return ['in', 'not in', 'not between'].includes(operator) ? `Column.${written}.LengthCompliance` : `Column.${written}.MinimumLength`;
}

export function resolveLengths(rule: SimpleRule, column: Column, target: RuleTarget): Comparison {
  if (rule.condition?.kind !== 'number') throw new RuleProblem('ColumnLength has no condition on numbers.');
  return resolveCondition(rule.condition, nameLengthMetric(rule, column), target);
}

/** In characters, by code point. */
export const lengthOf = (column: Column) => `length(${requireText(column)})`;

/** What the length of each value must meet. Throws RuleProblem. */
export function testLengths(rule: SimpleRule, column: Column, target: RuleTarget): RowTest {
  const { operator, values } = resolveLengths(rule, column, target);
  const numbers = requireNumbers(values);
  const scope = readScope(rule, target);
  const operands = numbers.map(writeDouble);
  if (!isCounted(operator)) return { scope, values: column.sql, meets: writeComparison(lengthOf(column), operator, operands) };
  const list = writeComparison(`length(${textOf(column)})`, operator, operands);
  // 0 among the operands speaks for NULL: `in` takes it, and the other two refuse it.
  const takesNull = numbers.includes(0) === (operator === 'in');
  return { scope, meets: takesNull ? `${column.sql} IS NULL OR ${list}` : list };
}
