/** A model on its way to a table: where its rows are read from, and which of them it may not keep. */
import type { SilverTablePlan } from '@inlet/pipeline';
import { quoteName, quoteText } from '@inlet/sql';
import type { ModelColumn } from './model-checks';

/** What tells where a row came from. */
export const LINEAGE = ['_source', '_member', '_line'];

/** A row rule as the model's rows answer it. */
export interface RowRule {
  /** As DQDL, without labels. */
  rule: string;
  /** Column of the source that is FALSE for a row that does not meet the rule. */
  column: string;
}

/** The rows of a model, each with what its rules say of it. */
export interface ModelSource {
  plan: SilverTablePlan;
  /** What can stand after FROM. */
  from: string;
  /** Of the model itself, lineage and `_problem` included. */
  columns: readonly ModelColumn[];
  rules: readonly RowRule[];
}

export interface BuiltModel extends ModelSource {
  /** The Parquet file in scratch. */
  path: string;
  rows: number;
  /** Rows that lost to another row of their key. */
  superseded: number;
}

export const modelView = (plan: SilverTablePlan) => `model.${quoteName(`${plan.layer}_${plan.name}`)}`;

/** Temporary table of where the rows stood that lost to others of their key; there is one only for models with a parent that have such rows. */
export const losersTable = (plan: SilverTablePlan) => quoteName(`losers_${plan.layer}_${plan.name}`);

export const hasColumn = (columns: readonly { name: string }[], wanted: string) => columns.some(({ name }) => name === wanted);

/** A condition that is never NULL: the row lacks its key, has a problem, or does not meet a rule. */
export function isBad({ plan, columns, rules }: ModelSource): string {
  const conditions = [
    ...(hasColumn(columns, '_problem') ? ['_problem is not null'] : []),
    ...plan.key.map((name) => `${quoteName(name)} is null`),
    ...rules.map(({ column }) => `${quoteName(column)} is false`),
  ];
  return `(${conditions.join(' or ')})`;
}

/**
 * What is kept back, each row with `_rule`, `_reason` and where it stood: rows that failed, with their values as bronze has them (or the model,
 * where it has no parent), and records that could not be read, with their text. `_rule` is `record`, `row` or the first rule that the row does not meet.
 */
export function quarantineQuery(source: ModelSource, unreadable: readonly string[]): string {
  const records = unreadable.map((view) => `select 'record' as _rule, _error as _reason, _source, _member, _line, _raw from ${view}`);
  return [failedRowsQuery(source), ...records].join('\nunion all by name\n');
}

function failedRowsQuery(source: ModelSource): string {
  const { plan, columns, rules } = source;
  const problem = hasColumn(columns, '_problem') ? ['_problem'] : [];
  const rowReasons = [...problem, ...plan.key.map((name) => `case when ${quoteName(name)} is null then ${quoteText(`the key column ${name} is empty`)} end`)];
  const ruleNames = rules.map(({ rule, column }) => `case when ${quoteName(column)} is false then ${quoteText(rule)} end`);
  const ruleReasons = rules.map(({ rule, column }) => `case when ${quoteName(column)} is false then ${quoteText(`the row does not meet ${rule}`)} end`);
  const rule = rules.length === 0 ? `'row'` : `case when coalesce(${rowReasons.join(', ')}) is not null then 'row' else coalesce(${ruleNames.join(', ')}) end`;
  const failed = `select ${rule} as _rule, concat_ws('; ', ${[...rowReasons, ...ruleReasons].join(', ')}) as _reason`;
  const from = `from ${source.from} where ${isBad(source)}`;
  if (plan.parent === undefined) return `${failed}, *${excluding([...problem, ...rules.map(({ column }) => column)])} ${from}`;
  return `select m._rule, m._reason, b.* from (${failed}, ${LINEAGE.join(', ')} ${from}) m join bronze.${quoteName(plan.parent)} b using (${LINEAGE.join(', ')})`;
}

/** ` exclude (a, b)`, or nothing. */
export function excluding(names: readonly string[]): string {
  return names.length === 0 ? '' : ` exclude (${names.map(quoteName).join(', ')})`;
}
