/** The thresholds of dataset.json as rules: each is written as DQDL would write it, and judged from what the engine counted. */
import type { DatasetConfig, ModelConfig } from '@inlet/dataset';
import type { QualityResult, ReleaseTable } from '@inlet/manifest';

/** A built table with the counts that the rules ask for. */
export interface CandidateTable extends ReleaseTable {
  stats: readonly { name: string; nulls: number }[];
  findings: readonly { finding: string; rows: number }[];
}

export interface Candidate {
  config: DatasetConfig;
  candidate: readonly CandidateTable[];
  /** The tables of the release that readers see now; empty before the first. */
  previous: readonly ReleaseTable[];
}

interface TableContext {
  config: DatasetConfig;
  model: ModelConfig;
  table: CandidateTable;
  previous: ReleaseTable | undefined;
}

type Rule = (context: TableContext) => QualityResult[];

/** Every rule's result, tables in the order in which they were built. */
export function evaluateThresholds({ config, candidate, previous }: Candidate): QualityResult[] {
  const ofTables = candidate.flatMap((table) => {
    const model = config.models.find(({ name }) => name === table.name);
    if (model === undefined) return [];
    const before = previous.find(({ name, layer }) => name === table.name && layer === table.layer);
    return RULES.flatMap((rule) => rule({ config, model, table, previous: before }));
  });
  return [...ofTables, ...findColumnsOfNoTable(config, candidate)];
}

/** A demand that no table can meet is a mistake in the config, and not a demand that is met. */
function findColumnsOfNoTable({ data_quality }: DatasetConfig, candidate: readonly CandidateTable[]): QualityResult[] {
  const missing = data_quality.required_columns.filter((name) => !candidate.some((table) => hasColumn(table, name)));
  return missing.map((column) => ({ table: '*', rule: `ColumnExists "${column}"`, outcome: 'error', metrics: {}, reason: 'no table has such a column' }));
}

/** One sentence on the rules that failed; null when none did. Warnings do not count. */
export function explainFailures(results: readonly QualityResult[]): string | null {
  const failed = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'error');
  if (failed.length === 0) return null;
  const shown = failed.slice(0, 5).map(({ table, rule, reason }) => `${table}: ${rule} (${reason ?? 'no reason given'})`);
  const more = failed.length > shown.length ? ` and ${failed.length - shown.length} more` : '';
  return `${failed.length} of ${results.length} checks failed: ${shown.join('; ')}${more}.`;
}

const hasRows: Rule = ({ model, table }) =>
  model.allow_empty ? [] : [judge(table, 'RowCount > 0', table.rows > 0, { 'Dataset.*.RowCount': table.rows }, 'the table is empty')];

const hasRequiredColumns: Rule = ({ config, model, table }) => {
  const required = [...new Set([...model.required_columns, ...config.data_quality.required_columns.filter((name) => hasColumn(table, name))])];
  return required.map((column) => {
    const stats = table.stats.find(({ name }) => name === column);
    if (stats === undefined) return lacksColumn(table, column);
    return judge(table, `IsComplete "${column}"`, stats.nulls === 0, completeness(table, column, stats.nulls), `${stats.nulls} of ${table.rows} rows have no value`);
  });
};

const hasColumnsOfNullThresholds: Rule = ({ model, table }) =>
  Object.keys(model.null_thresholds).filter((name) => !hasColumn(table, name)).map((name) => lacksColumn(table, name));

const staysUnderNullThresholds: Rule = ({ config, model, table }) =>
  table.stats.flatMap(({ name, nulls }) => {
    const limit = model.null_thresholds[name] ?? config.data_quality.critical_null_threshold;
    if (limit >= 1 || table.rows === 0) return [];
    const share = nulls / table.rows;
    return [judge(table, `Completeness "${name}" >= ${round(1 - limit)}`, share <= limit, completeness(table, name, nulls), `${percent(share)} have no value, allowed are ${percent(limit)}`)];
  });

/** The engine keeps one row of each key and quarantines rows without one, so this fails only where the engine is at fault. */
const hasKey: Rule = ({ model, table }) => {
  const nulls = Math.max(0, ...model.key.map((column) => table.stats.find(({ name }) => name === column)?.nulls ?? table.rows));
  const keyText = model.key.map((name) => `"${name}"`).join(' ');
  return [judge(table, `IsPrimaryKey ${keyText}`, nulls === 0, { 'Dataset.*.Superseded': table.superseded }, `${nulls} rows have no key`)];
};

const staysUnderQuarantineLimit: Rule = ({ config, table }) => {
  const total = table.rows + table.quarantined + table.superseded;
  const share = total === 0 ? 0 : table.quarantined / total;
  const limit = config.data_quality.max_quarantined_share;
  return [
    judge(table, `QuarantinedShare <= ${limit}`, share <= limit, { 'Dataset.*.QuarantinedShare': round(share) }, `${table.quarantined} of ${total} rows (${percent(share)}) are quarantined, allowed are ${percent(limit)}`),
  ];
};

const staysNearLastRowCount: Rule = ({ config, table, previous }) => {
  if (previous === undefined || previous.rows === 0) return [];
  const { max_drop: maxDrop, max_growth: maxGrowth } = config.data_quality.row_count_change;
  const change = (table.rows - previous.rows) / previous.rows;
  const rule = `RowCount between ${round(1 - maxDrop)} * last() and ${round(1 + maxGrowth)} * last()`;
  const isNear = change >= -maxDrop && change <= maxGrowth;
  return [judge(table, rule, isNear, { 'Dataset.*.RowCount': table.rows, 'Dataset.*.RowCountChange': round(change) }, `${table.rows} rows, the last release has ${previous.rows} (${change < 0 ? '' : '+'}${percent(change)})`)];
};

/** What a model found worth a person's look, without a reason to keep the rows back. */
const reportsFindings: Rule = ({ table }) =>
  table.findings.map(({ finding, rows }) => ({ table: table.name, rule: `Finding "${finding}"`, outcome: 'warned' as const, metrics: { 'Dataset.*.FindingCount': rows }, reason: `${rows} ${rows === 1 ? 'row' : 'rows'}` }));

const RULES: readonly Rule[] = [hasRows, hasRequiredColumns, hasColumnsOfNullThresholds, staysUnderNullThresholds, hasKey, staysUnderQuarantineLimit, staysNearLastRowCount, reportsFindings];

function judge(table: CandidateTable, rule: string, passed: boolean, metrics: Record<string, number>, failure: string): QualityResult {
  return { table: table.name, rule, outcome: passed ? 'passed' : 'failed', metrics, ...(!passed && { reason: failure }) };
}

function lacksColumn(table: CandidateTable, column: string): QualityResult {
  return { ...judge(table, `ColumnExists "${column}"`, false, {}, 'there is no such column'), outcome: 'error' };
}

function completeness(table: CandidateTable, column: string, nulls: number): Record<string, number> {
  return { [`Column.${column}.Completeness`]: table.rows === 0 ? 1 : round(1 - nulls / table.rows) };
}

const hasColumn = (table: CandidateTable, wanted: string) => table.stats.some(({ name }) => name === wanted);
const round = (value: number) => Math.round(value * 1e6) / 1e6;
const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;
