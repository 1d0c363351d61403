/** What Inlet makes of a ruleset over the same Parquet files that Deequ reads. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { RulesetError } from '@inlet/errors';
import { checkRules, compileRowCondition, parseRuleset, type Relation, type Rule, type RuleResult } from '@inlet/quality';
import type { ArrangedCase } from './arrange-cases.test-support';
import type { RowVerdicts } from './compare-answers.test-support';
import type { WrittenTables } from './generated-tables.test-support';

export interface InletAnswer {
  result: RuleResult;
  /** Null where no rows were asked for, or Inlet says nothing of single rows. */
  rows: RowVerdicts | null;
}

export async function askInlet({ connection, pathOf }: WrittenTables, { table, references = [], rules, preamble = '', rows }: ArrangedCase, now: Date): Promise<InletAnswer[]> {
  const ruleset = parseRuleset(`${preamble}\nRules = [\n${rules.join(',\n')}\n]`);
  const primary = await describeRelation(connection, pathOf(table));
  const others = new Map<string, Relation>();
  for (const alias of references) others.set(alias, await describeRelation(connection, pathOf(alias)));
  const query = (sql: string) => readRows(connection, sql);
  const results = await checkRules(ruleset, { primary, references: others, query, now });
  const target = { primary, references: others, now, variables: new Map(ruleset.variables.map(({ name, value }) => [name, value])) };
  const answers: InletAnswer[] = [];
  for (const [index, rule] of ruleset.rules.entries()) {
    const result = results[index];
    if (result === undefined) throw new Error(`no result for ${rules[index]}`);
    answers.push({ result, rows: rows && result.outcome !== 'error' ? await judgeRows(connection, rule, target) : null });
  }
  return answers;
}

async function judgeRows(connection: DuckDBConnection, rule: Rule, target: Parameters<typeof compileRowCondition>[1]): Promise<RowVerdicts | null> {
  const condition = compileRowConditionOrNull(rule, target);
  if (condition === null) return null;
  const rows = await readRows(connection, `SELECT id::VARCHAR AS id, (${condition}) AS verdict FROM ${target.primary.from}`);
  return new Map(rows.map(({ id, verdict }) => [String(id), verdict === null ? null : Boolean(verdict)]));
}

/** In a composite rule that passes, an operand may be an error. */
function compileRowConditionOrNull(rule: Rule, target: Parameters<typeof compileRowCondition>[1]): string | null {
  try {
    return compileRowCondition(rule, target);
  } catch (error) {
    if (error instanceof RulesetError) return null;
    throw error;
  }
}

async function describeRelation(connection: DuckDBConnection, file: string): Promise<Relation> {
  const from = `read_parquet('${file.replaceAll('\'', '\'\'')}')`;
  const columns = await readRows(connection, `DESCRIBE SELECT * FROM ${from}`);
  return { from, columns: columns.map((column) => ({ name: String(column['column_name']), type: String(column['column_type']) })) };
}

async function readRows(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS();
}
