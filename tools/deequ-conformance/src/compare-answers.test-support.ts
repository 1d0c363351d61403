/** Where Inlet and Deequ differ about one rule: in its outcome, in its metrics, or in which rows fail it. */
import type { RuleResult } from '@inlet/quality';
import type { DeequRuleAnswer } from '@inlet/testing';

export interface Difference {
  table: string;
  rule: string;
  about: 'outcome' | 'metrics' | 'rows';
  /** What stands against what, Deequ's before Inlet's: `failed/passed`, `-/value` for a metric that only Inlet has, `skipped/false` for rows. */
  how: readonly string[];
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
const NO_VALUES = /^Empty state for analyzer|^org\.apache\.spark\.SparkException: Value at index \d is null|Cannot evaluate: primary DataFrame is empty/;

const TOLERANCE = 1e-9;

type Add = (about: Difference['about'], how: readonly string[], deequ: string, inlet: string) => void;

export function compareAnswers(compared: Compared): Difference[] {
  const { table, rule, deequ, inlet } = compared;
  const differences: Difference[] = [];
  const add: Add = (about, how, ofDeequ, ofInlet) => void (how.length > 0 && differences.push({ table, rule, about, how, deequ: ofDeequ, inlet: ofInlet }));
  add('outcome', compareOutcomes(deequ, inlet.outcome), `${deequ.outcome}: ${deequ.reason}`, `${inlet.outcome}: ${inlet.reason}`);
  const metrics = listFinite(deequ.metrics);
  add('metrics', compareMetrics(metrics, inlet.metrics), JSON.stringify(metrics), JSON.stringify(inlet.metrics));
  if (inlet.outcome !== 'error') compareRows(compared, add);
  return differences;
}

function compareOutcomes({ outcome, reason }: DeequRuleAnswer, inlet: RuleResult['outcome']): string[] {
  const said = reason ?? '';
  if (outcome === 'Failed' && NO_VALUES.test(said)) return inlet === 'passed' ? ['no values/passed'] : [];
  const couldNot = outcome === 'Exception' || (outcome === 'Failed' && COULD_NOT.some((pattern) => pattern.test(said)));
  const deequ = couldNot ? 'error' : outcome.toLowerCase();
  return deequ === inlet ? [] : [`${deequ}/${inlet}`];
}

/** Inlet's reports hold numbers only: what is none, JSON cannot say. */
const listFinite = (metrics: DeequRuleAnswer['metrics']) => Object.fromEntries(Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));

function compareMetrics(deequ: Readonly<Record<string, number>>, inlet: Readonly<Record<string, number>>): string[] {
  const names = new Set([...Object.keys(deequ), ...Object.keys(inlet)]);
  return [...new Set([...names].flatMap((name) => compareNumbers(deequ[name], inlet[name])))];
}

function compareNumbers(deequ: number | undefined, inlet: number | undefined): string[] {
  if (deequ === undefined) return ['-/value'];
  if (inlet === undefined) return ['value/-'];
  return Math.abs(deequ - inlet) <= TOLERANCE * Math.max(Math.abs(deequ), Math.abs(inlet)) ? [] : ['value/other'];
}

const MOST_SHOWN = 12;

function compareRows({ rule, deequ, rows }: Compared, add: Add): void {
  const { passedRows = [], failedRows = [], skippedRows = [] } = deequ;
  if (passedRows.length + failedRows.length === 0 || NO_VALUES.test(deequ.reason ?? '')) return;
  if (rows === null) return add('rows', ['rows/-'], `${failedRows.length} rows fail`, 'nothing of single rows');
  const passing = new Set(passedRows);
  const verdicts = [
    // To Deequ, a row that a rule's filter leaves out has passed.
    ...[...passing].map((id) => ({ id, said: 'passed', allowed: / where "/.test(rule) ? [true, null] : [true] })),
    ...[...new Set(failedRows)].map((id) => ({ id, said: 'failed', allowed: [false] })),
    ...[...new Set(skippedRows)].map((id) => ({ id, said: 'skipped', allowed: [null] })),
  ];
  const wrong = verdicts.filter(({ id, allowed }) => !allowed.some((verdict) => verdict === rows.get(id)));
  const shown = wrong.slice(0, MOST_SHOWN);
  const how = [...new Set(wrong.map(({ id, said }) => `${said}/${rows.get(id)}`))];
  add('rows', how, `${wrong.length}: ${shown.map(({ id, said }) => `${id} ${said}`).join(', ')}`, shown.map(({ id }) => `${id} ${rows.get(id)}`).join(', '));
}
