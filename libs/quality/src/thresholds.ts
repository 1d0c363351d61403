/** The demands of dataset.json: as DQDL rules where DQDL can say them, and as checks of Inlet's own where it cannot. */
import type { DatasetConfig, ModelConfig } from '@inlet/dataset';
import type { QualityResult, ReleaseTable } from '@inlet/manifest';
import { parseRuleset, writeEscapes, type Rule } from './dqdl';

/** A built table with the counts that the rules ask for. */
export interface CandidateTable extends ReleaseTable {
  stats: readonly { name: string; nulls: number }[];
  findings: readonly { finding: string; rows: number }[];
}

export interface ThresholdContext {
  config: DatasetConfig;
  model: ModelConfig;
  table: CandidateTable;
  /** Rows of the table in the release that this one is compared with; undefined where there is none. */
  previousRows?: number;
}

/** A demand of the config, which is critical. */
export interface ThresholdRule {
  rule: Rule;
  /** What is to be said where the rule fails: the config's own numbers tell more than the rule's. */
  failure: string;
}

type Threshold = (context: ThresholdContext) => { text: string; failure: string }[];

/** What the config demands of one table. */
export function listThresholdRules(context: ThresholdContext): ThresholdRule[] {
  const written = THRESHOLDS.flatMap((threshold) => threshold(context));
  if (written.length === 0) return [];
  const { rules } = parseRuleset(`Rules = [ ${written.map(({ text }) => text).join(', ')} ]`, { name: 'the thresholds of dataset.json' });
  return rules.map((rule, index) => ({ rule, failure: written[index]?.failure ?? '' }));
}

const hasRows: Threshold = ({ model }) => (model.allow_empty ? [] : [{ text: 'RowCount > 0', failure: 'the table is empty' }]);

/** An empty table has no value that could be missing, whatever Completeness says of it. */
const hasRequiredColumns: Threshold = ({ config, model, table }) => {
  const required = [...new Set([...model.required_columns, ...config.data_quality.required_columns.filter((name) => hasColumn(table, name))])];
  return required.map((column) =>
    table.rows === 0
      ? { text: `ColumnExists ${quote(column)}`, failure: NO_SUCH_COLUMN }
      : { text: `IsComplete ${quote(column)}`, failure: `${countNulls(table, column)} of ${table.rows} rows have no value` },
  );
};

const hasColumnsOfNullThresholds: Threshold = ({ model, table }) =>
  Object.keys(model.null_thresholds).filter((name) => !hasColumn(table, name)).map((name) => ({ text: `ColumnExists ${quote(name)}`, failure: NO_SUCH_COLUMN }));

const staysUnderNullThresholds: Threshold = ({ config, model, table }) =>
  table.stats.flatMap(({ name, nulls }) => {
    const own = Object.hasOwn(model.null_thresholds, name) ? model.null_thresholds[name] : undefined;
    const limit = own ?? config.data_quality.critical_null_threshold;
    if (limit >= 1 || table.rows === 0) return [];
    return [{ text: `Completeness ${quote(name)} >= ${writeNumber(1 - limit)}`, failure: `${percent(nulls / table.rows)} have no value, allowed are ${percent(limit)}` }];
  });

/** The engine keeps one row of each key and quarantines rows without one, so this fails only where the engine is at fault. */
const hasKey: Threshold = ({ model, table }) =>
  table.rows === 0 ? [] : [{ text: `IsPrimaryKey ${model.key.map(quote).join(' ')}`, failure: 'the key is missing or repeated, which is a fault of the engine' }];

/** Not `between`, whose limits are outside. */
const staysNearLastRowCount: Threshold = ({ config, table, previousRows }) => {
  if (previousRows === undefined || previousRows === 0) return [];
  const { max_drop: maxDrop, max_growth: maxGrowth } = config.data_quality.row_count_change;
  const change = (table.rows - previousRows) / previousRows;
  return [
    {
      text: `(RowCount >= ${writeNumber(1 - maxDrop)} * last()) and (RowCount <= ${writeNumber(1 + maxGrowth)} * last())`,
      failure: `${table.rows} rows, the last release has ${previousRows} (${change < 0 ? '' : '+'}${percent(change)})`,
    },
  ];
};

const THRESHOLDS: readonly Threshold[] = [hasRows, hasRequiredColumns, hasColumnsOfNullThresholds, staysUnderNullThresholds, hasKey, staysNearLastRowCount];

/** The share of rows that are kept back, of which DQDL knows nothing. */
export function judgeQuarantinedShare({ config, table }: Pick<ThresholdContext, 'config' | 'table'>): QualityResult {
  const total = table.rows + table.quarantined + table.superseded;
  const share = total === 0 ? 0 : table.quarantined / total;
  const limit = config.data_quality.max_quarantined_share;
  const passed = share <= limit;
  return {
    table: table.name,
    rule: `QuarantinedShare <= ${limit}`,
    outcome: passed ? 'passed' : 'failed',
    metrics: { 'Dataset.*.QuarantinedShare': round(share) },
    severity: 'critical',
    ...(!passed && { reason: `${table.quarantined} of ${total} rows (${percent(share)}) are quarantined, allowed are ${percent(limit)}` }),
  };
}

/** What a model found worth a person's look, without a reason to keep the rows back. */
export function listFindings({ name, findings }: CandidateTable): QualityResult[] {
  return findings.map(({ finding, rows }) => ({ table: name, rule: `Finding "${finding}"`, outcome: 'warned', metrics: { 'Dataset.*.FindingCount': rows }, reason: `${rows} ${rows === 1 ? 'row' : 'rows'}` }));
}

/** A demand that no table can meet is a mistake in the config, and not a demand that is met. */
export function findColumnsOfNoTable({ data_quality }: DatasetConfig, candidate: readonly CandidateTable[]): QualityResult[] {
  const missing = data_quality.required_columns.filter((name) => !candidate.some((table) => hasColumn(table, name)));
  return missing.map((column) => ({ table: '*', rule: `ColumnExists "${column}"`, outcome: 'error', metrics: {}, severity: 'critical', reason: 'no table has such a column' }));
}

/** One sentence on the rules that failed; null when none did. Warnings and quarantined rows do not count. */
export function explainFailures(results: readonly QualityResult[]): string | null {
  const failed = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'error');
  if (failed.length === 0) return null;
  const shown = failed.slice(0, 5).map(({ table, rule, reason }) => `${table}: ${rule} (${reason ?? 'no reason given'})`);
  const more = failed.length > shown.length ? ` and ${failed.length - shown.length} more` : '';
  return `${failed.length} of ${results.length} checks failed: ${shown.join('; ')}${more}.`;
}

const NO_SUCH_COLUMN = 'there is no such column';
const countNulls = (table: CandidateTable, column: string) => table.stats.find(({ name }) => name === column)?.nulls ?? table.rows;
const quote = (name: string) => `"${writeEscapes(name)}"`;
const hasColumn = (table: CandidateTable, wanted: string) => table.stats.some(({ name }) => name === wanted);
const round = (value: number) => Math.round(value * 1e6) / 1e6;
/** DQDL knows no exponents. */
const writeNumber = (value: number) => value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 6 });
const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;
