/** Rules that ask something of every row: ColumnValues, ColumnLength, ColumnDataType and DataFreshness. */
import type { NumberCondition, SimpleRule } from '../dqdl';
import { isNumeric, type Column } from './column';
import { isCounted, resolveLengths, testLengths } from './column-length';
import { testFreshness, testType } from './column-type';
import { testValues } from './column-values';
import { meets, showFinding } from './comparison';
import { isPersonal, type CompileRule, type RuleContext } from './compiled-rule';
import { failed, listMetrics, passed, type Conclusion } from './conclusion';
import type { Comparison } from './dynamic-number';
import type { Answer, Figure } from './measure';
import { RuleProblem, showNumber, showPart } from './rule-problem';
import { readColumn, readScope, resolveCondition, type RuleTarget } from './rule-target';
import { countFailures, type RowTest } from './row-test';
import { maximum, maximumLength, minimum, minimumLength, rowsOf, valuesOf, type Statistic } from './statistic';

/** The test that a rule makes of each row; null for rules that make none. Throws RuleProblem. */
export function findRowTest(rule: SimpleRule, target: RuleTarget): RowTest | null {
  switch (rule.type) {
    case 'ColumnValues':
      return { scope: readScope(rule, target), meets: testValues(rule, readColumn(rule, target), target) };
    case 'ColumnLength':
      return testLengths(rule, readColumn(rule, target), target);
    case 'ColumnDataType':
      return { scope: readScope(rule, target), meets: testType(rule, readColumn(rule, target), target) };
    case 'DataFreshness':
      if (rule.condition?.kind !== 'duration') throw new RuleProblem('DataFreshness has no condition on durations.');
      return { scope: readScope(rule, target), meets: testFreshness(rule.condition, readColumn(rule, target), target.now) };
    case 'IsComplete':
    case 'Completeness':
      return { scope: readScope(rule, target), meets: `${readColumn(rule, target).sql} IS NOT NULL` };
    default:
      return null;
  }
}

interface Counted {
  rule: SimpleRule;
  test: RowTest;
  column: Column;
  /** The share of rows that meet the test, as Glue names it. */
  compliance: string;
  /** Shown beside, or in place of, the share. */
  extremes: readonly Statistic[];
  /** Whether no rows at all are good enough. */
  passesEmpty: boolean;
}

function compileCounted({ rule, test, column, compliance, extremes, passesEmpty }: Counted, context: RuleContext): ReturnType<CompileRule> {
  const threshold = resolveThreshold(rule.threshold, compliance, context);
  const figures: Record<string, Figure> = { all: rowsOf(context, test.scope), values: valuesOf(context, column, test.scope), failures: { aggregate: countFailures(test) } };
  const showsCompliance = extremes.length === 0 || threshold !== null;
  return {
    requests: [{ figures, grouping: null }, ...extremes],
    conclude: ([counts, ...others]) => {
      const { all = 0, values = 0, failures = 0 } = readCounts(counts);
      const [rows, nulls] = test.values === undefined ? [all, all - values] : [values, 0];
      const share = rows === 0 ? null : (rows - failures) / rows;
      const found = extremes.map((extreme, index) => [extreme.metric, readExtreme(extreme, others[index])]);
      const metrics = listMetrics({ ...Object.fromEntries(found), ...(showsCompliance && { [compliance]: share }) });
      return judgeShare({ share, rows, failures, nulls, threshold, metrics, passesEmpty: passesEmpty || rule.where !== null });
    },
  };
}

const readCounts = (answer: Answer | undefined): Record<string, number> => Object.fromEntries(Object.entries(answer?.figures ?? {}).map(([name, value]) => [name, value ?? 0]));
const readExtreme = ({ read }: Statistic, answer: Answer | undefined) => (answer === undefined ? null : read(answer));

interface Share {
  share: number | null;
  rows: number;
  failures: number;
  nulls: number;
  threshold: Comparison | null;
  metrics: Record<string, number>;
  passesEmpty: boolean;
}

function judgeShare({ share, rows, failures, nulls, threshold, metrics, passesEmpty }: Share): Conclusion {
  if (share === null) return passesEmpty ? passed(metrics, 0) : failed('There are no values to check.', metrics, 0);
  const isMet = threshold === null ? failures === 0 : meets(share, threshold);
  if (isMet) return passed(metrics, failures);
  const facts = `${showPart(failures, rows, 'values')} do not meet it${nulls > 0 ? ` (${showNumber(nulls)} of them NULL)` : ''}`;
  return failed(threshold === null ? `${facts}.` : `${facts}; ${showFinding(share, 'do', threshold)}.`, metrics, failures);
}

/** What `with threshold` says of the share; null where there is none, and every row must meet the rule. */
export function resolveThreshold(threshold: NumberCondition | null, metric: string, context: RuleTarget, isSecret = false): Comparison | null {
  return threshold === null ? null : resolveCondition(threshold, metric, context, isSecret);
}

export const compileValues: CompileRule = (rule, context) => {
  const column = readColumn(rule, context);
  const test = { scope: readScope(rule, context), meets: testValues(rule, column, context) };
  const isPattern = rule.condition?.operator === 'matches' || rule.condition?.operator === 'not matches';
  const compliance = `Column.${column.written}.${isPattern ? 'PatternMatch' : 'ColumnValues.Compliance'}`;
  const extremes = isPersonal(context, column.name) ? [] : findExtremes(rule, column, context);
  return compileCounted({ rule, test, column, compliance, extremes, passesEmpty: false }, context);
};

/** Deequ takes bounds from the smallest and the largest value, and reports those. */
function findExtremes(rule: SimpleRule, column: Column, context: RuleContext): Statistic[] {
  const { condition } = rule;
  const scope = readScope(rule, context);
  if (condition?.kind !== 'number' || !isNumeric(column) || condition.operands.some(({ kind }) => kind === 'null')) return [];
  return pickByOperator(condition.operator, minimum(column, scope), maximum(column, scope));
}

function pickByOperator(operator: string, lower: Statistic, upper: Statistic): Statistic[] {
  if (operator === '>' || operator === '>=') return [lower];
  if (operator === '<' || operator === '<=') return [upper];
  return operator === '=' ? [lower, upper] : [];
}

export const compileLength: CompileRule = (rule, context) => {
  const column = readColumn(rule, context);
  const test = testLengths(rule, column, context);
  const { operator } = resolveLengths(rule, column, context);
  const extremes = isCounted(operator) ? [] : listLengths(operator, minimumLength(column, readScope(rule, context)), maximumLength(column, readScope(rule, context)));
  return compileCounted({ rule, test, column, compliance: `Column.${column.written}.LengthCompliance`, extremes, passesEmpty: false }, context);
};

function listLengths(operator: string, shortest: Statistic, longest: Statistic): Statistic[] {
  return /^[<>]/.test(operator) ? pickByOperator(operator, shortest, longest) : [shortest, longest];
}

export const compileDataType: CompileRule = (rule, context) => {
  const column = readColumn(rule, context);
  const test = { scope: readScope(rule, context), meets: testType(rule, column, context) };
  return compileCounted({ rule, test, column, compliance: `Column.${column.written}.ColumnDataType.Compliance`, extremes: [], passesEmpty: true }, context);
};

export const compileFreshness: CompileRule = (rule, context) => {
  const column = readColumn(rule, context);
  const test = findRowTest(rule, context);
  if (test === null) throw new RuleProblem('DataFreshness makes no test.');
  return compileCounted({ rule, test, column, compliance: `Column.${column.written}.DataFreshness.Compliance`, extremes: [], passesEmpty: true }, context);
};
