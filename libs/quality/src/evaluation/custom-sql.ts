/** CustomSql: a query of the ruleset's own over the table and its references, which gives one number or the rows that pass. */
import { quoteName, quoteText } from '@inlet/sql';
import { findColumn } from './column';
import { meets, showComparison } from './comparison';
import type { CompileRule, RuleContext } from './compiled-rule';
import { failed, judgeMetric, listMetrics, passed, type Conclusion } from './conclusion';
import type { Comparison } from './dynamic-number';
import { readNumber } from './measure';
import { RuleProblem, showNumber, showPart } from './rule-problem';
import { readRawArgument, resolveCondition } from './rule-target';
import { resolveThreshold } from './row-rules';
import { readQuery } from './sql-text';

export const CUSTOM_SQL_METRIC = 'Dataset.*.CustomSQL';
const COMPLIANCE_METRIC = 'Dataset.*.CustomSQL.Compliance';

/**
 * The query is checked to be a single SELECT and stands in brackets. It runs on the connection of the caller, who decides what that
 * connection may read: a SELECT can name files and functions.
 */
export const compileCustomSql: CompileRule = (rule, context) => {
  const sql = readQuery(readRawArgument(rule.parameters[0], context.variables));
  if (rule.condition?.kind === 'number') {
    const comparison = resolveCondition(rule.condition, CUSTOM_SQL_METRIC, context);
    return { run: async () => judgeMetric({ metric: CUSTOM_SQL_METRIC, value: await queryValue(sql, context), comparison }) };
  }
  const threshold = resolveThreshold(rule.threshold, COMPLIANCE_METRIC, context);
  return { run: () => judgeRows(sql, threshold, context) };
};

/** The one number that a query gives; null where it gives NULL. Throws RuleProblem. */
export async function queryValue(sql: string, context: RuleContext): Promise<number | null> {
  await requireSelect(sql, context);
  const columns = await listColumns(sql, context);
  if (columns.length !== 1) throw new RuleProblem(`The SQL gives ${columns.length} columns where one value is due.`);
  const rows = await context.query(`${withTables(context)} SELECT CAST(${quoteName(columns[0] ?? '')} AS DOUBLE) AS "value" FROM (${sql}\n) LIMIT 2`);
  if (rows.length !== 1) throw new RuleProblem(`The SQL gives ${rows.length === 0 ? 'no row' : 'more than one row'} where one value is due.`);
  return readNumber(rows[0]?.['value']);
}

/** The table as `primary`, and the references by their aliases. */
function withTables({ primary, references }: RuleContext): string {
  const tables = [['primary', primary.from] as const, ...[...(references ?? [])].map(([alias, { from }]) => [alias, from] as const)];
  return `WITH ${tables.map(([alias, from]) => `${quoteName(alias)} AS NOT MATERIALIZED (SELECT * FROM ${from})`).join(', ')}`;
}

async function requireSelect(sql: string, { query }: RuleContext): Promise<void> {
  const [row = {}] = await query(`SELECT json_serialize_sql(${quoteText(sql)}) AS "tree"`);
  const tree = JSON.parse(String(row['tree'])) as { error: boolean; error_message?: string; statements?: readonly unknown[] };
  if (tree.error) throw new RuleProblem(`The SQL is no SELECT: ${tree.error_message ?? 'it cannot be read'}`);
  if (tree.statements?.length !== 1) throw new RuleProblem('The SQL is more than one statement.');
}

async function listColumns(sql: string, context: RuleContext): Promise<string[]> {
  return (await context.query(`DESCRIBE ${withTables(context)} SELECT * FROM (${sql}\n)`)).map((row) => String(row['column_name']));
}

/** Rows that are among those of the query, by the columns that it gives, pass. */
async function judgeRows(sql: string, threshold: Comparison | null, context: RuleContext): Promise<Conclusion> {
  await requireSelect(sql, context);
  const names = await listColumns(sql, context);
  const columns = names.map((name) => findColumn(context.primary, name));
  const keys = columns.map((column, index) => `${quoteName(names[index] ?? column.name)} AS "inlet_q${index}"`);
  const equal = columns.map(({ sql: own }, index) => `"inlet_q${index}" IS NOT DISTINCT FROM ${own}`);
  const isMatched = `EXISTS (SELECT 1 FROM (SELECT DISTINCT ${keys.join(', ')} FROM (${sql}\n)) WHERE ${equal.join(' AND ')})`;
  const [row = {}] = await context.query(`${withTables(context)} SELECT count(*) AS "rows", count(*) FILTER (WHERE ${isMatched}) AS "matches" FROM ${quoteName('primary')}`);
  const [rows, matches] = [Number(row['rows']), Number(row['matches'])];
  if (rows === 0) return failed('There are no rows to check.', {}, 0);
  const share = matches / rows;
  const metrics = listMetrics({ [COMPLIANCE_METRIC]: share });
  if (threshold === null ? matches === rows : meets(share, threshold)) return passed(metrics, rows - matches);
  const facts = `${showPart(rows - matches, rows, 'rows')} are not among those that the SQL returns`;
  return failed(threshold === null ? `${facts}.` : `${facts}; ${showNumber(share)} are, expected ${showComparison(threshold)}.`, metrics, rows - matches);
}

