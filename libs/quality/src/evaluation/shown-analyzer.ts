/** An analyzer's metrics that a report may show: of a personal column, those alone from which no value can be told. */
import type { RuleTypeName } from '../dqdl';
import { isPersonal, type RuleContext } from './compiled-rule';
import { compileAnalyzer, type Statistic } from './statistic';

/** Throws RuleProblem where the columns do not go with the type. */
export function compileShownAnalyzer(type: RuleTypeName, columns: readonly string[], context: RuleContext): Statistic[] {
  const statistics = compileAnalyzer(type, columns, context);
  return columns.some((column) => isPersonal(context, column)) ? statistics.filter(({ tellsValues }) => !tellsValues) : statistics;
}
