/** Tables in a DuckDB in memory, and rules checked against them. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from '@inlet/sql';
import { parseRuleset, type Ruleset } from '../dqdl';
import { checkRules, evaluateRuleset } from './check-rules';
import type { CheckContext, Evaluation, Relation, RuleResult } from './check';

export const NOW = new Date('2026-11-20T12:34:56Z');

export interface TestLake {
  /** The rows of a query, and how many queries there were so far. */
  query: CheckContext['query'];
  /** Every query that was run. */
  queries: string[];
  /** Makes a table of a query, and the relation over it. */
  table: (name: string, select: string) => Promise<Relation>;
  close: () => void;
}

export async function openLake(): Promise<TestLake> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', threads: '2' });
  const connection = await instance.connect();
  const queries: string[] = [];
  const query = async (sql: string) => {
    queries.push(sql);
    return readRows(connection, sql);
  };
  const table = async (name: string, select: string): Promise<Relation> => {
    await connection.run(`CREATE OR REPLACE TABLE ${quoteName(name)} AS ${select}`);
    return { from: quoteName(name), columns: await readColumns(connection, name) };
  };
  return { query, queries, table, close: () => { connection.closeSync(); instance.closeSync(); } };
}

async function readRows(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

async function readColumns(connection: DuckDBConnection, name: string) {
  const rows = await readRows(connection, `DESCRIBE ${quoteName(name)}`);
  return rows.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
}

/** The ruleset of some rules, each as it is written within `Rules`. */
export function rulesetFrom(rules: readonly string[], head = ''): Ruleset {
  return parseRuleset(`${head}\nRules = [\n${rules.join(',\n')}\n]`);
}

export type Extra = Partial<Omit<CheckContext, 'primary' | 'query'>>;

/** Whether a text begins as a sentence does, with a figure or a name perhaps, and ends as one. */
export function isSentence(text: string): boolean {
  return /^[\p{Lu}\p{N}-].*[.!?…]$/u.test(text);
}

/** What becomes of each rule, whose reasons are sentences. */
export async function check(lake: TestLake, primary: Relation, rules: readonly string[], extra: Extra = {}): Promise<RuleResult[]> {
  const results = await checkRules(rulesetFrom(rules), { primary, query: lake.query, now: NOW, ...extra });
  for (const { rule, reason } of results) if (reason !== null && !isSentence(reason)) throw new Error(`the reason of ${rule} is no sentence: ${reason}`);
  return results;
}

/** What becomes of one rule. */
export async function checkOne(lake: TestLake, primary: Relation, rule: string, extra: Extra = {}): Promise<RuleResult> {
  const [result] = await check(lake, primary, [rule], extra);
  if (result === undefined) throw new Error('a rule had no result');
  return result;
}

/** Rules and analyzers of a whole text. */
export async function evaluateText(lake: TestLake, primary: Relation, text: string, extra: Extra = {}): Promise<Evaluation> {
  return evaluateRuleset(parseRuleset(text), { primary, query: lake.query, now: NOW, ...extra });
}
