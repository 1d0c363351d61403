/** Rules and what became of them: a table of all, and why each that did not pass did not. */
import type { QualityResult } from '@inlet/manifest';
import { escapeControl } from './escape-control';
import { formatMetrics } from './metrics';
import type { Style } from './style';
import { formatHeader, formatRow, layOutTable, type TextColumn } from './text-table';
import { wrapWords } from './wrap-words';

/** A rule's result, whether of a check that stands alone or of a run. */
export type ShownRule = Omit<QualityResult, 'table' | 'reason'> & { table?: string; reason?: string | null };

export interface RuleOptions {
  style: Style;
  /** Cells of the terminal; undefined where there is none, and then nothing is cut. */
  width?: number;
}

type RuleColumn = TextColumn & { cell: (rule: ShownRule) => string };

const COLUMNS: readonly RuleColumn[] = [
  { title: 'outcome', cell: ({ outcome }) => outcome },
  { title: 'severity', cell: ({ severity }) => severity ?? '' },
  { title: 'table', cell: ({ table }) => table ?? '' },
  { title: 'failed rows', align: 'right', cell: ({ failedRows }) => failedRows?.toLocaleString('en') ?? '' },
  { title: 'rule', cell: ({ rule }) => rule },
  { title: 'metrics', cell: ({ metrics }) => formatMetrics(metrics) },
];

/** One line a rule; columns of which no rule has anything are left out. */
export function formatRules(rules: readonly ShownRule[], { style, width }: RuleOptions): string[] {
  if (rules.length === 0) return [];
  const columns = COLUMNS.filter(({ cell }) => rules.some((rule) => cell(rule) !== ''));
  const rows = rules.map((rule) => columns.map(({ cell }) => escapeControl(cell(rule))));
  const layout = layOutTable(columns, rows, width);
  const lines = rows.map((row, index) => formatRow(layout, row, (cell, column) => (column === 0 ? paintRule(cell, rules[index], style) : cell)));
  return [...formatHeader(layout).map((line) => style.bold(line)), ...lines];
}

/** Of each rule that did not pass, or has a remark though it did: the rule in full, what its dynamic numbers were, and the reason. */
export function formatReasons(rules: readonly ShownRule[], { style, width }: RuleOptions): string[] {
  const wrapped = (text: string, indent: number) => wrapWords(escapeControl(text), width === undefined ? undefined : Math.max(20, width - indent));
  return rules.filter(({ outcome, reason }) => outcome !== 'passed' || (reason ?? '') !== '').flatMap((rule) => {
    const head = wrapped(rule.table === undefined ? rule.rule : `${rule.table}: ${rule.rule}`, 2);
    const evaluated = rule.evaluatedRule === undefined || rule.evaluatedRule === rule.rule ? [] : [`With its numbers: ${rule.evaluatedRule}`];
    const details = [...evaluated, rule.reason ?? 'No reason was given.'].flatMap((text) => wrapped(text, 4));
    const mark = markRule(rule, style);
    return [...head.map((line, index) => `${index === 0 ? mark : ' '} ${line}`), ...details.map((line) => `    ${line}`)];
  });
}

/** `3 rules: 1 passed, 1 failed, 1 error` */
export function countOutcomes(rules: readonly Pick<ShownRule, 'outcome'>[]): string {
  const counts = (['passed', 'failed', 'error', 'warned', 'quarantined'] as const).flatMap((wanted) => {
    const count = rules.filter(({ outcome }) => outcome === wanted).length;
    return count === 0 ? [] : [`${count} ${wanted}`];
  });
  return `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`;
}

const MARKS: Readonly<Record<ShownRule['outcome'], string>> = { passed: '✓', warned: '!', quarantined: '→', failed: '✗', error: '✗' };

/** One character, in the colour of the outcome. */
export function markRule(rule: ShownRule, style: Style): string {
  return paintRule(MARKS[rule.outcome], rule, style);
}

function paintRule(text: string, rule: ShownRule | undefined, style: Style): string {
  switch (rule?.outcome) {
    case 'failed':
    case 'error':
      return style.red(text);
    case 'warned':
    case 'quarantined':
      return style.yellow(text);
    default:
      return style.green(text);
  }
}
