/** A check's report as a person reads it. */
import path from 'node:path';
import { escapeControl } from '../render/escape-control';
import { formatMetric } from '../render/metrics';
import { countOutcomes, formatReasons, formatRules, type RuleOptions } from '../render/rules';
import { formatTable } from '../render/text-table';
import { wrapWords } from '../render/wrap-words';
import { countOf, type CheckReport } from './run-check';

export interface FormatOptions extends RuleOptions {
  /** The file that was checked. */
  data: string;
}

/** A table of all rules, then why each of those that did not pass did not, with the remarks on those that did, then what the analyzers gathered, then the count. */
export function formatCheck(report: CheckReport, options: FormatOptions): string {
  const sections = [formatRules(report.rules, options), formatReasons(report.rules, options), formatAnalyzed(report, options), formatSummary(report, options)];
  return sections.filter((section) => section.length > 0).map((section) => section.join('\n')).join('\n\n');
}

function formatAnalyzed({ metrics }: CheckReport, { width }: FormatOptions): string[] {
  const rows = Object.entries(metrics).map(([name, value]) => [escapeControl(name), formatMetric(value)]);
  return rows.length === 0 ? [] : formatTable([{ title: 'analyzed' }, { title: 'value', align: 'right' }], rows, { maxWidth: width });
}

function formatSummary({ outcome, rules, rows, failedRows }: CheckReport, { style, width, data }: FormatOptions): string[] {
  const paint = outcome === 'passed' ? style.green : style.red;
  const headline = `${outcome === 'passed' ? 'Passed' : 'Failed'}. ${countOutcomes(rules)}; ${countOf(rows, 'row')} of ${escapeControl(path.basename(data))}`;
  const written = failedRows === undefined ? [] : [`${countOf(failedRows.rows, 'row')} written to ${escapeControl(failedRows.file)}`];
  return [...wrapWords(headline, width).map(paint), ...written.flatMap((line) => wrapWords(line, width))];
}
