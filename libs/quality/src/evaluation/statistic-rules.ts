/** Rules that compare one metric of the table: RowCount, Completeness, Mean, Uniqueness and their like. */
import type { SimpleRule } from '../dqdl';
import { decide, isPersonal, type CompileRule, type RuleContext } from './compiled-rule';
import { failed, judgeMetric, listMetrics, passed } from './conclusion';
import type { Comparison } from './dynamic-number';
import type { Answer } from './measure';
import { RuleProblem, showNumber, showPart } from './rule-problem';
import { readArguments, readColumns, readScope, resolveCondition } from './rule-target';
import { compileStatistic, countKeyless } from './statistic';

/** The rule types that stand for another with `= 1.0`. */
const MUST_BE_ONE: Readonly<Partial<Record<SimpleRule['type'], SimpleRule['type']>>> = { IsComplete: 'Completeness', IsUnique: 'Uniqueness' };

const NO_ANSWER: Answer = { figures: {}, groups: [] };

export const compileStatisticRule: CompileRule = (rule, context) => {
  const statistic = compileStatistic(MUST_BE_ONE[rule.type] ?? rule.type, readArguments(rule.parameters, context.variables), readScope(rule, context), context);
  const isSecret = statistic.tellsValues && readColumns(rule, context).some(({ name }) => isPersonal(context, name));
  const comparison = compareTo(rule, statistic.metric, context, isSecret);
  return {
    requests: [statistic],
    conclude: ([answer = NO_ANSWER]) => judgeMetric({
      metric: statistic.metric,
      value: statistic.read(answer),
      comparison,
      explanation: statistic.explain(answer),
      failedRows: statistic.countFailures?.(answer) ?? null,
      isFiltered: rule.where !== null,
      isSecret,
    }),
  };
};

/** The condition of a rule, where `IsComplete` and `IsUnique` have none. */
function compareTo({ type, condition }: SimpleRule, metric: string, context: RuleContext, isSecret: boolean): Comparison {
  if (Object.hasOwn(MUST_BE_ONE, type)) return { operator: '=', values: [1] };
  if (condition?.kind !== 'number') throw new RuleProblem(`${type} has no condition on numbers.`);
  return resolveCondition(condition, metric, context, isSecret);
}

export const compileColumnExists: CompileRule = ({ parameters }, { primary, variables }) => {
  const [name = ''] = readArguments(parameters, variables);
  const exists = primary.columns.some((column) => column.name === name);
  const metrics = { [`Dataset.${name}.ColumnExists`]: exists ? 1 : 0 };
  return decide(exists ? passed(metrics) : failed(`There is no column "${name.slice(0, 80)}" among the ${primary.columns.length}.`, metrics));
};

/** Unique, and complete in every column. */
export const compilePrimaryKey: CompileRule = (rule, context) => {
  const columns = readColumns(rule, context);
  const scope = readScope(rule, context);
  const names = columns.map(({ written }) => written);
  const uniqueness = compileStatistic('Uniqueness', names, scope, context);
  const completeness = names.map((name) => compileStatistic('Completeness', [name], scope, context));
  return {
    requests: [uniqueness, ...completeness],
    conclude: ([keys = NO_ANSWER, ...others]) => {
      const shares = completeness.map(({ metric, read }, index) => [metric, read(others[index] ?? NO_ANSWER)] as const);
      const metrics = listMetrics({ [uniqueness.metric]: uniqueness.read(keys), ...Object.fromEntries(shares) });
      const rows = others[0]?.figures['rows'] ?? 0;
      const failedRows = countKeyless(keys);
      if (rows === 0) return scope === null ? failed('There are no rows, so nothing is a key.', metrics, 0) : passed(metrics, 0);
      if (failedRows === 0) return passed(metrics, 0);
      const nulls = keys.groups.reduce((all, size) => all + (size.hasNull ? size.rows * size.groups : 0), 0);
      const repeated = failedRows - nulls;
      return failed(`${showPart(failedRows, rows, 'rows')} have no key of their own: ${showNumber(repeated)} share it with others, ${showNumber(nulls)} have a NULL in it.`, metrics, failedRows);
    },
  };
};
