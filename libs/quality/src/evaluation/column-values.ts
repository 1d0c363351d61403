/** ColumnValues as a test of every row: on numbers, texts, patterns and dates. */
import { quoteText } from '@inlet/sql';
import type { DateCondition, NumberCondition, OrderedOperator, SimpleRule, TextCondition } from '../dqdl';
import { isNumeric, numberOf, requireText, textOf, type Column } from './column';
import { requireNumbers, writeComparison, writeDouble } from './comparison';
import { isPersonal } from './compiled-rule';
import type { Comparison } from './dynamic-number';
import { isOneLine, matchesWhole, translateRefused } from './java-pattern';
import { RuleProblem } from './rule-problem';
import { readTag, readTexts, resolveCondition, type RuleTarget } from './rule-target';
import { dateOf, resolveMoment } from './time-text';
import { parseDouble } from './number-text';

/** What each value of the column must meet; NULL counts as not met. Throws RuleProblem. */
export function testValues(rule: SimpleRule, column: Column, target: RuleTarget): string {
  const { condition } = rule;
  if (condition?.kind === 'number') return testNumbers(column, resolveValueCondition(rule, condition, column, target));
  if (condition?.kind === 'text') return testTexts(column, condition, target);
  if (condition?.kind === 'date') return testDates(column, condition, rule, target);
  throw new RuleProblem('ColumnValues has no condition that it could check.');
}

const MINIMUM_OPERATORS: readonly OrderedOperator[] = ['>', '>='];
const MAXIMUM_OPERATORS: readonly OrderedOperator[] = ['<', '<='];

/** The metric that a rule's earlier runs are compared by. */
export function nameValueMetric({ condition }: Pick<SimpleRule, 'condition'>, column: Column): string {
  if (condition?.kind === 'number' && MINIMUM_OPERATORS.includes(condition.operator)) return `Column.${column.written}.Minimum`;
  if (condition?.kind === 'number' && MAXIMUM_OPERATORS.includes(condition.operator)) return `Column.${column.written}.Maximum`;
  return `Column.${column.written}.ColumnValues.Compliance`;
}

export function resolveValueCondition(rule: SimpleRule, condition: NumberCondition, column: Column, target: RuleTarget): Comparison {
  const metric = nameValueMetric(rule, column);
  return resolveCondition(condition, metric, target, isPersonal(target, column.name) && !metric.endsWith('.Compliance'));
}

/** `= NULL`, `in [1, NULL]` and their opposites, where `list` is the test of the values beside NULL. */
function testWithNull(sql: string, operator: OrderedOperator, list: string | null, hasNull: boolean): string {
  const isNegated = operator === '!=' || operator === 'not in';
  if (list === null) return isNegated ? `${sql} IS NOT NULL` : `${sql} IS NULL`;
  if (isNegated) return hasNull ? `${sql} IS NOT NULL AND ${list}` : `${sql} IS NULL OR ${list}`;
  return hasNull ? `${sql} IS NULL OR ${list}` : list;
}

const SET_OPERATORS: readonly OrderedOperator[] = ['=', '!=', 'in', 'not in'];

function testNumbers(column: Column, { operator, values }: Comparison): string {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length < values.length && !SET_OPERATORS.includes(operator)) requireNumbers(values);
  if (numbers.length === 0) return testWithNull(column.sql, operator, null, true);
  const value = numberAsSparkReads(column, operator);
  const list = writeComparison(value, operator, numbers.map(writeDouble));
  return SET_OPERATORS.includes(operator) ? testWithNull(column.sql, operator, list, numbers.length < values.length) : list;
}

const BOUND_OPERATORS: readonly OrderedOperator[] = ['>', '>=', '<', '<=', '='];

/** Deequ takes bounds from the minimum and maximum, which only numbers have; elsewhere Spark reads texts as numbers. */
function numberAsSparkReads(column: Column, operator: OrderedOperator): string {
  if (isNumeric(column) || BOUND_OPERATORS.includes(operator)) return numberOf(column);
  if (column.kind === 'text') return parseDouble(textOf(column));
  throw new RuleProblem(`Column "${column.written}" is ${column.type}, not a number.`);
}

function testTexts(column: Column, condition: TextCondition, { variables }: RuleTarget): string {
  const { operator } = condition;
  if (operator === 'matches' || operator === 'not matches') return testPattern(column, condition);
  const { texts, keywords } = readTexts(condition, variables);
  const isNegated = operator === '!=' || operator === 'not in';
  if (texts.length > 0 && column.kind === 'boolean') throw new RuleProblem(`Column "${column.written}" is ${column.type}, which is not compared with texts.`);
  const value = textOf(column);
  const tests = [
    keywords.has('NULL') && `${value} IS ${isNegated ? 'NOT ' : ''}NULL`,
    keywords.has('EMPTY') && `${value} ${isNegated ? '<>' : '='} ''`,
    keywords.has('WHITESPACES_ONLY') && (isNegated ? `(length(trim(${value}, ' ')) > 0 OR length(${value}) = 0)` : `(length(trim(${value}, ' ')) = 0 AND length(${value}) > 0)`),
    texts.length > 0 && testList(value, texts, isNegated),
  ].filter((test) => test !== false);
  return tests.map((test) => `(${test})`).join(isNegated ? ' AND ' : ' OR ');
}

function testList(value: string, texts: readonly string[], isNegated: boolean): string {
  const list = texts.map(quoteText).join(', ');
  return isNegated ? `${value} IS NULL OR ${value} NOT IN (${list})` : `${value} IN (${list})`;
}

function testPattern(column: Column, { operator, operands: [operand] }: TextCondition): string {
  const value = requireText(column);
  // A pattern's backslashes are its own, so it is taken as it is written.
  const pattern = operand?.kind === 'text' ? operand.text : '';
  if (operator === 'not matches') return `${isOneLine(value)} AND NOT regexp_matches(${value}, ${quoteText(translateRefused(pattern))})`;
  return matchesWhole(value, pattern);
}

function testDates(column: Column, { operator, operands }: DateCondition, { tags }: SimpleRule, { now }: RuleTarget): string {
  const moments = operands.map((operand) => resolveMoment(operand, now, readTag(tags, 'timeZone') ?? 'UTC'));
  const days = moments.flatMap((moment) => (moment === null ? [] : [`CAST(${quoteText(moment.toISOString().slice(0, moment.toISOString().indexOf('T')))} AS DATE)`]));
  const hasNull = days.length < moments.length;
  if (hasNull && !SET_OPERATORS.includes(operator)) throw new RuleProblem('NULL is no date to compare with.');
  if (days.length === 0) return testWithNull(column.sql, operator, null, true);
  const list = writeComparison(dateOf(column), operator, days);
  if (SET_OPERATORS.includes(operator)) return testWithNull(column.sql, operator, list, hasNull);
  return operator === 'not between' ? `${column.sql} IS NULL OR ${list}` : list;
}
