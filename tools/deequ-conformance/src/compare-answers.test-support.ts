/** Where Inlet and Deequ differ about one rule: in its outcome, in its metrics, or in which rows fail it. */
import type { RuleResult } from '@inlet/quality';
import type { DeequRuleAnswer } from '@inlet/testing';

export interface Difference {
  table: string;
  rule: string;
  about: 'outcome' | 'metrics' | 'rows';
  deequ: string;
  inlet: string;
}

/** By row id: whether it meets the rule; null where the rule is not about it. */
export type RowVerdicts = ReadonlyMap<string, boolean | null>;

export interface Compared {
  table: string;
  rule: string;
  deequ: DeequRuleAnswer;
  inlet: Pick<RuleResult, 'outcome' | 'metrics' | 'reason'>;
  /** Null where Inlet says nothing of single rows. */
  rows: RowVerdicts | null;
}

/** What Deequ says when it could not evaluate a rule: to it, that is a rule that failed. */
const COULD_NOT = [
  /does not include column/, /does not exist in/, /not found/, /Expected type of column/, /org\.apache\.spark/, /^Exception/, /not supported/,
  /^Error executing SQL/, /^Custom SQL did not return/, /PARSE_SYNTAX_ERROR|UNRESOLVED_COLUMN/, /matches the input dataset/, /should only belong to the primary/,
  /could not be evaluated/, /where clause is invalid/, /not comparable due to duplicates/,
];
/** No value to take a metric of: to Deequ an exception, too, but a plain failure is a fair answer. */
const NO_VALUES = /^Empty state for analyzer|Cannot evaluate: primary DataFrame is empty/;

const TOLERANCE = 1e-9;

export function compareAnswers(compared: Compared): Difference[] {
  const { table, rule, deequ, inlet } = compared;
  const differences: Difference[] = [];
  const add = (about: Difference['about'], ofDeequ: string, ofInlet: string) => differences.push({ table, rule, about, deequ: ofDeequ, inlet: ofInlet });
  if (!isSameOutcome(deequ, inlet.outcome)) add('outcome', `${deequ.outcome}: ${deequ.reason}`, `${inlet.outcome}: ${inlet.reason}`);
  const metrics = listFinite(deequ.metrics);
  if (!isSameMetrics(metrics, inlet.metrics)) add('metrics', JSON.stringify(metrics), JSON.stringify(inlet.metrics));
  if (inlet.outcome !== 'error') addRows(compared, (ofDeequ, ofInlet) => add('rows', ofDeequ, ofInlet));
  return differences;
}

function isSameOutcome({ outcome, reason }: DeequRuleAnswer, inlet: RuleResult['outcome']): boolean {
  if (outcome === 'Passed') return inlet === 'passed';
  if (inlet === 'passed') return false;
  const said = reason ?? '';
  if (NO_VALUES.test(said)) return true;
  return (outcome === 'Exception' || COULD_NOT.some((pattern) => pattern.test(said))) === (inlet === 'error');
}

/** Inlet's reports hold numbers only: what is none, JSON cannot say. */
const listFinite = (metrics: DeequRuleAnswer['metrics']) => Object.fromEntries(Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));

function isSameMetrics(deequ: Readonly<Record<string, number>>, inlet: Readonly<Record<string, number>>): boolean {
  const names = new Set([...Object.keys(deequ), ...Object.keys(inlet)]);
  return [...names].every((name) => isSameNumber(deequ[name], inlet[name]));
}

function isSameNumber(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
}

function addRows({ rule, deequ, rows }: Compared, add: (deequ: string, inlet: string) => void): void {
  const { passedRows = [], failedRows = [], skippedRows = [] } = deequ;
  if (passedRows.length + failedRows.length === 0) return;
  if (rows === null) return add(`${failedRows.length} rows fail`, 'nothing of rows');
  const wrong: string[] = [];
  const check = (ids: readonly string[], said: string, allowed: readonly (boolean | null | undefined)[]) => {
    for (const id of new Set(ids)) if (!allowed.includes(rows.get(id))) wrong.push(`${id} ${said}`);
  };
  // To Deequ, a row that its rule's filter leaves out has passed.
  check(passedRows, 'passes', / where "/.test(rule) ? [true, null] : [true]);
  check(failedRows, 'fails', [false]);
  check(skippedRows, 'is skipped', [null]);
  if (wrong.length > 0) add(wrong.slice(0, 12).join(', ') + (wrong.length > 12 ? `, … (${wrong.length})` : ''), describeRows(rows, wrong));
}

function describeRows(rows: RowVerdicts, wrong: readonly string[]): string {
  return wrong.slice(0, 12).map((text) => `${text.split(' ')[0]}: ${rows.get(text.split(' ')[0] ?? '')}`).join(', ');
}
