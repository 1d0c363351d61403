/** What became of a rule, before the parts that every result has. */
import type { RuleOutcome } from './check';
import { meets, showComparison, showFinding } from './comparison';
import type { Comparison } from './dynamic-number';
import { boundReason, type RuleProblem } from './rule-problem';

export interface Conclusion {
  outcome: RuleOutcome;
  metrics: Record<string, number>;
  reason: string | null;
  failedRows: number | null;
}

export const passed = (metrics: Record<string, number> = {}, failedRows: number | null = null): Conclusion => ({ outcome: 'passed', metrics, reason: null, failedRows });

export function failed(reason: string, metrics: Record<string, number> = {}, failedRows: number | null = null): Conclusion {
  return { outcome: 'failed', metrics, reason: boundReason(reason), failedRows };
}

export function toError(problem: RuleProblem): Conclusion {
  return { outcome: 'error', metrics: {}, reason: boundReason(problem.message), failedRows: null };
}

/** Metrics that are numbers: those that are none have no place in a report. */
export function listMetrics(metrics: Readonly<Record<string, number | null>>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== null && Number.isFinite(entry[1])));
}

/** `Column.price.Mean` is called Mean in reasons. */
export const shortName = (metric: string) => metric.slice(metric.lastIndexOf('.') + 1);

export interface Judged {
  /** As Glue names it. */
  metric: string;
  value: number | null;
  comparison: Comparison;
  /** What a reason begins with. */
  explanation?: string;
  failedRows?: number | null;
  /** Whether only some rows count: where there are none of those, there is nothing to object to. */
  isFiltered?: boolean;
  /** Whether the value may not be shown. */
  isSecret?: boolean;
}

const NO_FINITE_VALUES = 'NaN, infinite or very large numbers are among the values';

/** By the names of metrics. */
const WHY_NO_NUMBER: Readonly<Record<string, string>> = {
  ColumnCorrelation: `the values of a column do not vary, or ${NO_FINITE_VALUES}`,
  RowCountMatch: 'neither table has rows',
};

/** Whether one metric meets its condition. */
export function judgeMetric({ metric, value, comparison, explanation = '', failedRows = null, isFiltered = false, isSecret = false }: Judged): Conclusion {
  const name = shortName(metric);
  if (value === null) return isFiltered ? passed({}, failedRows) : failed(`${name} cannot be taken, for there are no values.`, {}, failedRows);
  const metrics = isSecret ? {} : listMetrics({ [metric]: value });
  if (meets(value, comparison)) return passed(metrics, failedRows);
  const expected = `expected ${showComparison(comparison)}`;
  if (isSecret) return failed(`${name} is not as expected, ${expected}.`, metrics, failedRows);
  if (Number.isNaN(value)) return failed(`${name} is no number, for ${Object.hasOwn(WHY_NO_NUMBER, name) ? WHY_NO_NUMBER[name] : NO_FINITE_VALUES}; ${expected}.`, metrics, failedRows);
  const facts = `${name} ${showFinding(value, 'is', comparison)}`;
  return failed(explanation === '' ? `${facts}.` : `${explanation}; ${facts}.`, metrics, failedRows);
}

