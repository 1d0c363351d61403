/** CustomSql: a query of the ruleset's own over the table and its references, which gives one number or the rows that pass. */
import { quoteName, quoteText } from '@inlet/sql';
import { findColumn, type Column } from './column';
import { meets, showFinding } from './comparison';
import type { CompileRule, RuleContext } from './compiled-rule';
import { failed, judgeMetric, listMetrics, passed, type Conclusion } from './conclusion';
import type { Comparison } from './dynamic-number';
import { readNumber } from './measure';
import { dependsOnPersonal, namesPersonal } from './personal-query';
import { RuleProblem, showPart } from './rule-problem';
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
    const comparison = resolveCondition(rule.condition, CUSTOM_SQL_METRIC, context, namesPersonal(sql, context));
    return { run: async () => judgeMetric({ metric: CUSTOM_SQL_METRIC, ...(await queryValue(sql, context)), comparison }) };
  }
  const threshold = resolveThreshold(rule.threshold, COMPLIANCE_METRIC, context, namesPersonal(sql, context));
  return { run: () => judgeRows(sql, threshold, context) };
};

/** The one number that a query gives, null where it gives NULL, and whether it may not be shown. Throws RuleProblem. */
export async function queryValue(sql: string, context: RuleContext): Promise<{ value: number | null; isSecret: boolean }> {
  await requireSelect(sql, context);
  const value = await askValue(sql, context);
  return { value, isSecret: await dependsOnPersonal(sql, context, async (blanked) => Object.is(await askValue(sql, blanked), value)) };
}

async function askValue(sql: string, context: RuleContext): Promise<number | null> {
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

interface Matched {
  rows: number;
  matches: number;
}

/** How many rows are among those of the query, by the columns that it gives. */
async function countMatches(sql: string, context: RuleContext): Promise<Matched> {
  const names = await listColumns(sql, context);
  const columns = names.map((name) => findReturned(name, context));
  const keys = columns.map((column, index) => `${quoteName(names[index] ?? column.name)} AS "inlet_q${index}"`);
  const equal = columns.map(({ sql: own }, index) => `"inlet_q${index}" IS NOT DISTINCT FROM ${own}`);
  const isMatched = `EXISTS (SELECT 1 FROM (SELECT DISTINCT ${keys.join(', ')} FROM (${sql}\n)) WHERE ${equal.join(' AND ')})`;
  const [row = {}] = await context.query(`${withTables(context)} SELECT count(*) AS "rows", count(*) FILTER (WHERE ${isMatched}) AS "matches" FROM ${quoteName('primary')}`);
  return { rows: Number(row['rows']), matches: Number(row['matches']) };
}

/** A query can make names of columns out of values. */
function findReturned(name: string, { primary, pii }: RuleContext): Column {
  if ((pii?.size ?? 0) > 0 && !primary.columns.some((column) => column.name.toLowerCase() === name.toLowerCase())) throw new RuleProblem('The SQL gives a column that is not in the table.');
  return findColumn(primary, name);
}

/** Rows that are among those of the query pass. */
async function judgeRows(sql: string, threshold: Comparison | null, context: RuleContext): Promise<Conclusion> {
  await requireSelect(sql, context);
  const { rows, matches } = await countMatches(sql, context);
  const isSecret = await dependsOnPersonal(sql, context, async (blanked) => (await countMatches(sql, blanked)).matches === matches);
  if (rows === 0) return failed('There are no rows to check.', {}, 0);
  const share = matches / rows;
  const isMet = threshold === null ? matches === rows : meets(share, threshold);
  if (isSecret) return isMet ? passed() : failed('Rows are not among those that the SQL returns.');
  const metrics = listMetrics({ [COMPLIANCE_METRIC]: share });
  if (isMet) return passed(metrics, rows - matches);
  const facts = `${showPart(rows - matches, rows, 'rows')} are not among those that the SQL returns`;
  return failed(threshold === null ? `${facts}.` : `${facts}; ${showFinding(share, 'are', threshold)}.`, metrics, rows - matches);
}

