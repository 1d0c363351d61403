/** Rules that compare the table with another: sizes, columns, keys, rows and sums. */
import type { SimpleRule } from '../dqdl';
import type { Relation } from './check';
import { equate, findColumn, isNumeric, textOf, type Column } from './column';
import { isPersonal, type CompileRule, type RuleContext } from './compiled-rule';
import { failed, judgeMetric, type Conclusion } from './conclusion';
import type { Comparison } from './dynamic-number';
import { readNumber } from './measure';
import { parseDouble } from './number-text';
import { RuleProblem, showNumber, showPart } from './rule-problem';
import { readArguments, resolveCondition, type RuleTarget } from './rule-target';

/** The relation of that alias. Throws RuleProblem. */
export function findReference({ references }: RuleTarget, alias: string): Relation {
  const reference = references?.get(alias);
  if (reference !== undefined) return reference;
  const known = [...(references?.keys() ?? [])];
  throw new RuleProblem(`There is no reference "${alias.slice(0, 80)}"${known.length === 0 ? '; none is given' : ` (there are ${known.slice(0, 10).map((name) => `"${name}"`).join(', ')})`}.`);
}

function compareRatio({ type, condition }: SimpleRule, metric: string, context: RuleContext, isSecret = false): Comparison {
  if (condition?.kind !== 'number') throw new RuleProblem(`${type} has no condition on numbers.`);
  return resolveCondition(condition, metric, context, isSecret);
}

async function queryNumbers(sql: string, { query }: RuleContext): Promise<Record<string, number | null>> {
  const [row = {}] = await query(sql);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readNumber(value)]));
}

async function countAll({ from, known }: Relation, context: RuleContext): Promise<number> {
  if (known?.rows !== undefined) return known.rows;
  return (await queryNumbers(`SELECT count(*) AS "rows" FROM ${from}`, context))['rows'] ?? 0;
}

export const compileRowCountMatch: CompileRule = (rule, context) => {
  const [alias = ''] = readArguments(rule.parameters, context.variables);
  const reference = findReference(context, alias);
  const metric = `Dataset.${alias}.RowCountMatch`;
  const comparison = compareRatio(rule, metric, context);
  return {
    run: async () => {
      const [rows, others] = [await countAll(context.primary, context), await countAll(reference, context)];
      return judgeMetric({ metric, value: rows / others, comparison, explanation: `${showNumber(rows)} rows stand against ${showNumber(others)} of "${alias}"` });
    },
  };
};

/** A type as far as Deequ compares it: what is within lists and structures does not count. */
function outerType(type: string): string {
  if (/\]\s*$/.test(type)) return 'LIST';
  return /^(?:STRUCT|MAP|UNION)\b/i.exec(type)?.[0].toUpperCase() ?? type.toUpperCase().replaceAll(' ', '');
}

export const compileSchemaMatch: CompileRule = (rule, context) => {
  const [alias = ''] = readArguments(rule.parameters, context.variables);
  const reference = findReference(context, alias);
  const metric = `Dataset.${alias}.SchemaMatch`;
  const comparison = compareRatio(rule, metric, context);
  const types = new Map(reference.columns.map(({ name, type }) => [name, outerType(type)]));
  const { columns } = context.primary;
  const differing = columns.filter(({ name, type }) => types.get(name) !== outerType(type));
  const run = async (): Promise<Conclusion> => {
    if (types.size !== columns.length) return failed(`There are ${columns.length} columns, and ${types.size} in "${alias}"; tables of different width do not match.`, { [metric]: 0 });
    const explanation = `${differing.length} of ${columns.length} columns are not in "${alias}" with the same type${differing.length === 0 ? '' : ` (${differing.slice(0, 5).map(({ name }) => name).join(', ')})`}`;
    return judgeMetric({ metric, value: (columns.length - differing.length) / columns.length, comparison, explanation });
  };
  return { run };
};

/** Columns of the table, and those of the reference that they are compared with. */
export interface ColumnPairs {
  reference: Relation;
  alias: string;
  pairs: readonly { own: Column; other: Column }[];
}

/** `"a, b" "products.{x, y}"`. Throws RuleProblem. */
export function readIntegrity(rule: SimpleRule, target: RuleTarget): ColumnPairs {
  const [own = '', other = ''] = readArguments(rule.parameters, target.variables).map((argument) => argument.replaceAll('"', ''));
  const [, alias = '', inBrackets, single] = /^(.+)\.(?:\{(.+)\}|([^.]+))$/.exec(other) ?? [];
  const names = splitNames(own);
  const otherNames = splitNames(inBrackets ?? single ?? '');
  if (alias === '') throw new RuleProblem('The columns of the reference are not written as "alias.column" or "alias.{a, b}".');
  if (names.length !== otherNames.length) throw new RuleProblem(`${names.length} columns are compared with ${otherNames.length} of "${alias}".`);
  const reference = findReference(target, alias);
  return { reference, alias, pairs: names.map((name, index) => ({ own: findColumn(target.primary, name), other: findColumn(reference, otherNames[index] ?? '', `"${alias}"`) })) };
}

const splitNames = (names: string) => names.split(',').map((name) => name.trim()).filter((name) => name !== '');

/** Whether a row of the table has its like in the reference; for use over the table's own, unqualified columns. */
export function testIntegrity({ reference, pairs }: ColumnPairs): string {
  const keys = pairs.map(({ other }, index) => `${other.sql} AS "inlet_r${index}"`);
  const equal = pairs.map(({ own, other }, index) => equate({ ...own, at: own.sql }, { ...other, at: `"inlet_r${index}"` }));
  return `EXISTS (SELECT 1 FROM (SELECT DISTINCT ${keys.join(', ')} FROM ${reference.from}) WHERE ${equal.join(' AND ')})`;
}

export const compileReferentialIntegrity: CompileRule = (rule, context) => {
  const found = readIntegrity(rule, context);
  const metric = `Column.${found.alias}.ReferentialIntegrity`;
  const comparison = compareRatio(rule, metric, context);
  return {
    run: async () => {
      const { rows, matches } = await queryNumbers(`SELECT count(*) AS "rows", count(*) FILTER (WHERE ${testIntegrity(found)}) AS "matches" FROM ${context.primary.from}`, context);
      if (!rows) return failed('There are no rows to look up.', {}, 0);
      const missing = rows - (matches ?? 0);
      return judgeMetric({ metric, value: (matches ?? 0) / rows, comparison, explanation: `${showPart(missing, rows, 'rows')} are not in "${found.alias}"`, failedRows: missing });
    },
  };
};

/** `"id->other_id, code"`. */
function readMapping(mapping: string): [string, string][] {
  return splitNames(mapping.replaceAll('"', '')).map((part) => {
    const [own = '', other = own] = part.split('->').map((name) => name.trim());
    return [own, other];
  });
}

export const compileDatasetMatch: CompileRule = (rule, context) => {
  const [alias = '', keyText = '', columnText] = readArguments(rule.parameters, context.variables);
  const reference = findReference(context, alias);
  const metric = `Dataset.${alias}.DatasetMatch`;
  const comparison = compareRatio(rule, metric, context);
  const pair = ([own, other]: [string, string]) => ({ own: findColumn(context.primary, own), other: findColumn(reference, other, `"${alias}"`) });
  const keys = readMapping(keyText).map(pair);
  const isKey = (name: string) => keys.some(({ own }) => own.name === name);
  const compared = (columnText === undefined ? context.primary.columns.filter(({ name }) => !isKey(name)).map(({ name }): [string, string] => [name, name]) : readMapping(columnText)).map(pair);
  if (keys.length === 0 || compared.length === 0) throw new RuleProblem(`DatasetMatch has no columns to ${keys.length === 0 ? 'join by' : 'compare'}.`);
  return { run: () => matchRows({ alias, reference, metric, comparison, keys, compared }, context) };
};

interface Match {
  alias: string;
  reference: Relation;
  metric: string;
  comparison: Comparison;
  keys: ColumnPairs['pairs'];
  compared: ColumnPairs['pairs'];
}

async function matchRows({ alias, reference, metric, comparison, keys, compared }: Match, context: RuleContext): Promise<Conclusion> {
  for (const [relation, columns, name] of [[context.primary, keys.map(({ own }) => own), 'the table'], [reference, keys.map(({ other }) => other), `"${alias}"`]] as const) {
    const repeated = await countRepeatedKeys(relation, columns, context);
    if (repeated > 0) throw new RuleProblem(`Rows cannot be joined by ${columns.map(({ name: column }) => column).join(', ')}: ${showNumber(repeated)} keys of ${name} are there more than once.`);
  }
  const rows = await countAll(context.primary, context);
  if (rows === 0) return failed('There are no rows to compare.');
  const equalKeys = keys.map(({ own, other }) => equate({ ...own, at: `p.${own.sql}` }, { ...other, at: `r.${other.sql}` }));
  const equalRest = compared.map(({ own, other }) => `${own.type === other.type ? `p.${own.sql}` : `CAST(p.${own.sql} AS VARCHAR)`} IS NOT DISTINCT FROM ${own.type === other.type ? `r.${other.sql}` : `CAST(r.${other.sql} AS VARCHAR)`}`);
  const { matches } = await queryNumbers(`SELECT count(*) AS "matches" FROM (SELECT * FROM ${context.primary.from}) AS p JOIN (SELECT * FROM ${reference.from}) AS r ON ${[...equalKeys, ...equalRest].join(' AND ')}`, context);
  return judgeMetric({ metric, value: (matches ?? 0) / rows, comparison, explanation: `${showPart(rows - (matches ?? 0), rows, 'rows')} are not the same in "${alias}"` });
}

async function countRepeatedKeys({ from }: Relation, columns: readonly Column[], context: RuleContext): Promise<number> {
  const { repeated } = await queryNumbers(`SELECT count(*) AS "repeated" FROM (SELECT 1 FROM ${from} GROUP BY ${columns.map(({ sql }) => sql).join(', ')} HAVING count(*) > 1)`, context);
  return repeated ?? 0;
}

interface Aggregate {
  relation: Relation;
  column: Column;
  sql: string;
}

/** `sum(amount)`, `avg(reference.amount)`. Throws RuleProblem. */
function readAggregate(text: string, context: RuleContext): Aggregate {
  const [, operation = '', inner = ''] = /^(sum|avg)\((.*)\)$/i.exec(text.trim()) ?? [];
  if (operation === '') throw new RuleProblem(`The argument "${text.slice(0, 60)}" is none of sum(column), avg(column), sum(alias.column) and avg(alias.column).`);
  const path = inner.replaceAll('"', '').trim();
  const at = path.lastIndexOf('.');
  const alias = at === -1 ? 'primary' : path.slice(0, at);
  const relation = alias === 'primary' ? context.primary : findReference(context, alias);
  const column = findColumn(relation, path.slice(at + 1), alias === 'primary' ? 'the table' : `"${alias}"`);
  if (!isNumeric(column) && column.kind !== 'text') throw new RuleProblem(`Column "${column.written}" is ${column.type}, not a number.`);
  const value = isNumeric(column) ? column.sql : parseDouble(textOf(column));
  return { relation, column, sql: `CAST(${operation.toLowerCase()}(${value}) AS DOUBLE)` };
}

export const compileAggregateMatch: CompileRule = (rule, context) => {
  const [first, second] = readArguments(rule.parameters, context.variables).map((argument) => readAggregate(argument, context));
  if (first === undefined || second === undefined) throw new RuleProblem('AggregateMatch compares two aggregates.');
  const names = [...new Set([first.column.written, second.column.written])];
  const metric = `Column.${names.join(',')}.AggregateMatch`;
  const isSecret = [first, second].some(({ column }) => isPersonal(context, column.name));
  const comparison = compareRatio(rule, metric, context, isSecret);
  return {
    run: async () => {
      const [own, other] = [await queryAggregate(first, context), await queryAggregate(second, context)];
      const ratio = own === 0 && other === 0 ? 1 : other === 0 ? 0 : own / other;
      return judgeMetric({ metric, value: ratio, comparison, explanation: `${showNumber(own)} stands against ${showNumber(other)}`, isSecret });
    },
  };
};

/** Nothing adds up to 0, as in Deequ. */
async function queryAggregate({ relation, sql }: Aggregate, context: RuleContext): Promise<number> {
  return (await queryNumbers(`SELECT ${sql} AS "value" FROM ${relation.from}`, context))['value'] ?? 0;
}

