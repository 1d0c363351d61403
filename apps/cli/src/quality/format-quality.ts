/** A dataset's quality as a person reads it. */
import { escapeControl } from '../render/escape-control';
import { formatMetric } from '../render/metrics';
import { countOutcomes, formatReasons, formatRules, type RuleOptions } from '../render/rules';
import { formatInstant, paintOutcome } from '../render/run-summary';
import { formatTable } from '../render/text-table';
import { wrapWords } from '../render/wrap-words';
import type { MetricHistory, QualityReport } from './quality-history';
import { drawSparkline } from './sparkline';

/** Which run, how it ended, and every rule. */
export function formatReport(dataset: string, report: QualityReport, options: RuleOptions): string {
  const sections = [formatHead(dataset, report, options), formatRules(report.rules, options), formatReasons(report.rules, options), wrapWords(countOutcomes(report.rules), options.width)];
  return sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n');
}

function formatHead(dataset: string, { runId, outcome, at, reason }: QualityReport, { style, width }: RuleOptions): string[] {
  const why = reason === null ? [] : wrapWords(escapeControl(reason), width === undefined ? undefined : Math.max(20, width - 2));
  return [`${style.bold(dataset)} ${paintOutcome(outcome, style)} ${formatInstant(at)}  ${style.dim(runId)}`, ...why.map((line) => `  ${line}`)];
}

const TITLES = ['first', 'last', 'min', 'max'] as const;

/** Table by table, a line for each metric. */
export function formatHistory(dataset: string, history: readonly MetricHistory[], { style, width }: RuleOptions): string {
  const tables = [...new Set(history.map(({ table }) => table))];
  const sections = tables.map((table) => {
    const metrics = history.filter((each) => each.table === table);
    const rows = metrics.map((each) => [escapeControl(each.metric), drawSparkline(each.points.map(({ value }) => value)), ...TITLES.map((title) => formatMetric(each[title]))]);
    const columns = [{ title: 'metric' }, { title: 'trend', align: 'right' as const }, ...TITLES.map((title) => ({ title, align: 'right' as const }))];
    return [style.bold(escapeControl(`${dataset}.${table}`)), ...formatTable(columns, rows, { maxWidth: width, indent: '  ' })].join('\n');
  });
  return sections.join('\n\n');
}
