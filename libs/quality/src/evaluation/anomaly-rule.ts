/** DetectAnomalies: takes the metrics that it names, and asks whether they are out of the ordinary. */
import { detectAnomaly } from '../anomaly';
import { findRuleType } from '../dqdl';
import { isPersonal, type CompileRule, type RuleContext } from './compiled-rule';
import { failed, listMetrics, passed, shortName, type Conclusion } from './conclusion';
import { CUSTOM_SQL_METRIC, queryValue } from './custom-sql';
import { boundReason, RuleProblem } from './rule-problem';
import { readArguments } from './rule-target';
import type { Answer } from './measure';
import { readQuery } from './sql-text';
import { compileShownAnalyzer } from './shown-analyzer';
import type { Statistic } from './statistic';

export const compileAnomalies: CompileRule = ({ parameters }, context) => {
  const [name = '', ...columns] = readArguments(parameters, context.variables);
  if (name.toLowerCase() === 'customsql') {
    const sql = readQuery(columns[0] ?? '');
    return {
      run: async () => {
        const { value, isSecret } = await queryValue(sql, context);
        if (isSecret) throw new RuleProblem('CustomSql gives no metric of a personal column that may be kept.');
        return judgeAll([[CUSTOM_SQL_METRIC, value]], context);
      },
    };
  }
  const type = findRuleType(name);
  if (type === undefined) throw new RuleProblem(`DetectAnomalies knows no metric "${name.slice(0, 60)}".`);
  const statistics = compileShownAnalyzer(type.name, columns, context);
  // What may not be shown has no history either.
  if (statistics.length === 0 && columns.some((column) => isPersonal(context, column))) throw new RuleProblem(`${type.name} gives no metric of this column that may be kept.`);
  return {
    requests: statistics,
    conclude: (answers) => {
      return judgeAll(statistics.map(({ metric, read }, index) => [metric, readAnswer(read, answers[index])] as const), context);
    },
  };
};

const readAnswer = (read: Statistic['read'], answer: Answer | undefined) => (answer === undefined ? null : read(answer));

/** While a metric has too little history to be judged, the rule passes, with a remark that says so. */
function judgeAll(values: readonly (readonly [string, number | null])[], { history, now }: RuleContext): Conclusion {
  const metrics = listMetrics(Object.fromEntries(values));
  const verdicts = Object.entries(metrics).map(([metric, value]) => ({ name: shortName(metric), ...detectAnomaly(history?.(metric) ?? [], { at: now.toISOString(), value }) }));
  const anomalies = verdicts.filter(({ isAnomaly }) => isAnomaly);
  if (anomalies.length > 0) return failed(tell(anomalies), metrics);
  const unjudged = verdicts.filter(({ expected }) => expected === null);
  return unjudged.length === 0 ? passed(metrics) : { ...passed(metrics), reason: boundReason(tell(unjudged)) };
}

function tell(verdicts: readonly { name: string; reason: string }[]): string {
  return verdicts.map(({ name, reason }) => `${name}: ${reason}`).join(' ');
}
