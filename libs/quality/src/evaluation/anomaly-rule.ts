/** DetectAnomalies: takes the metrics that it names, and asks whether they are out of the ordinary. */
import { detectAnomaly } from '../anomaly';
import { findRuleType, type RuleTypeName } from '../dqdl';
import { compileAnalyzer, type Statistic } from './statistic';
import type { CompileRule, RuleContext } from './compiled-rule';
import { failed, listMetrics, passed, shortName, type Conclusion } from './conclusion';
import { CUSTOM_SQL_METRIC, queryValue } from './custom-sql';
import { RuleProblem, showNumber } from './rule-problem';
import { readArguments } from './rule-target';
import { isPersonal } from './compiled-rule';
import { readQuery } from './sql-text';

export const compileAnomalies: CompileRule = ({ parameters }, context) => {
  const [name = '', ...columns] = readArguments(parameters, context.variables);
  if (name.toLowerCase() === 'customsql') {
    const sql = readQuery(columns[0] ?? '');
    return { run: async () => judgeAll([[CUSTOM_SQL_METRIC, await queryValue(sql, context)]], context) };
  }
  const type = findRuleType(name);
  if (type === undefined) throw new RuleProblem(`DetectAnomalies knows no metric "${name.slice(0, 60)}".`);
  const statistics = listStatistics(type.name, columns, context);
  return { requests: statistics, conclude: (answers) => judgeAll(statistics.map((statistic, index) => [statistic.metric, readValue(statistic, answers[index])]), context) };
};

const readValue = ({ read }: Statistic, answer: Parameters<Statistic['read']>[0] | undefined) => (answer === undefined ? null : read(answer));

/** Metrics that may not be shown have no history either. */
function listStatistics(type: RuleTypeName, columns: readonly string[], context: RuleContext): Statistic[] {
  const statistics = compileAnalyzer(type, columns, context).filter(({ showsValue }) => !(showsValue && columns.some((column) => isPersonal(context, column))));
  if (statistics.length === 0) throw new RuleProblem(`${type} gives no metric of this column that may be kept.`);
  return statistics;
}

function judgeAll(values: readonly (readonly [string, number | null])[], { history, now }: RuleContext): Conclusion {
  const metrics = listMetrics(Object.fromEntries(values));
  const anomalies = Object.entries(metrics).flatMap(([metric, value]) => {
    const { isAnomaly, expected, reason } = detectAnomaly(history?.(metric) ?? [], { at: now.toISOString(), value });
    const range = expected === null ? '' : `, expected from ${showNumber(expected.lower)} to ${showNumber(expected.upper)}`;
    return isAnomaly ? [`${shortName(metric)} is ${showNumber(value)}${range}: ${reason}`] : [];
  });
  return anomalies.length === 0 ? passed(metrics) : failed(anomalies.join(' '), metrics);
}
