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
import { compileAnalyzer, type Statistic } from './statistic';

export const compileAnomalies: CompileRule = ({ parameters }, context) => {
  const [name = '', ...columns] = readArguments(parameters, context.variables);
  if (name.toLowerCase() === 'customsql') {
    const sql = readQuery(columns[0] ?? '');
    return { run: async () => judgeAll([[CUSTOM_SQL_METRIC, await queryValue(sql, context)]], context) };
  }
  const type = findRuleType(name);
  if (type === undefined) throw new RuleProblem(`DetectAnomalies knows no metric "${name.slice(0, 60)}".`);
  const statistics = compileAnalyzer(type.name, columns, context);
  const isOfPersonal = columns.some((column) => isPersonal(context, column));
  return {
    requests: statistics,
    conclude: (answers) => {
      const values = statistics.map((statistic, index) => [statistic.metric, readValue(statistic, answers[index], isOfPersonal)] as const);
      // What may not be shown has no history either.
      if (isOfPersonal && values.every(([, value]) => value === null)) throw new RuleProblem(`${type.name} gives no metric of this column that may be kept.`);
      return judgeAll(values, context);
    },
  };
};

function readValue({ read, showsValue }: Statistic, answer: Answer | undefined, isOfPersonal: boolean): number | null {
  return answer === undefined || (isOfPersonal && showsValue(answer)) ? null : read(answer);
}

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
