/** What a rule is compiled against, and how its arguments and texts are read. */
import { readEscapes, type NumberCondition, type Parameter, type SimpleRule, type Tag, type TextCondition, type TextKeyword, type TextValue, type Variable } from '../dqdl';
import type { CheckContext, PastMetric } from './check';
import { findColumn, type Column } from './column';
import { isDynamic, resolveNumbers, type Comparison } from './dynamic-number';
import { RuleProblem } from './rule-problem';
import { readFilter } from './sql-text';

export type VariableValues = ReadonlyMap<string, Variable['value']>;

/** What is needed to compile a rule, without asking the data. */
export interface RuleTarget extends Pick<CheckContext, 'primary' | 'references' | 'now' | 'history' | 'pii'> {
  variables?: VariableValues;
  /** Collects what the conditions work out to. */
  resolved?: Map<NumberCondition, Comparison>;
}

/** A rule's arguments as texts. Throws RuleProblem for a variable that is not there or is a list. */
export function readArguments(parameters: readonly Parameter[], variables?: VariableValues): string[] {
  return parameters.map(({ kind, value }) => {
    if (kind === 'name') return value;
    if (kind === 'text') return readEscapes(value);
    const variable = variables?.get(value);
    if (variable === undefined || !('kind' in variable)) throw new RuleProblem(`There is no variable $${value.slice(0, 60)} with one text.`);
    return variable.kind === 'text' ? readEscapes(variable.text) : variable.keyword;
  });
}

/** The argument as it is written, for those that are SQL or a pattern and have escapes of their own. */
export function readRawArgument(parameter: Parameter | undefined, variables?: VariableValues): string {
  if (parameter === undefined) throw new RuleProblem('An argument is missing.');
  const variable = parameter.kind === 'variable' ? variables?.get(parameter.value) : undefined;
  if (variable !== undefined && 'kind' in variable && variable.kind === 'text') return variable.text;
  return parameter.kind === 'variable' ? readArguments([parameter], variables).join('') : parameter.value;
}

/** The columns that a rule names, all of which there are. Throws RuleProblem. */
export function readColumns({ parameters }: Pick<SimpleRule, 'parameters'>, { primary, variables }: RuleTarget): Column[] {
  return readArguments(parameters, variables).map((name) => findColumn(primary, name));
}

/** The one column that a rule names. */
export function readColumn(rule: Pick<SimpleRule, 'parameters'>, target: RuleTarget): Column {
  const [column] = readColumns(rule, target);
  if (column === undefined) throw new RuleProblem('The rule names no column.');
  return column;
}

/** Which rows a rule is about, as SQL in brackets; null for all. */
export function readScope({ where }: Pick<SimpleRule, 'where'>, { primary }: Pick<RuleTarget, 'primary'>): string | null {
  return where === null ? null : readFilter(where, primary.columns.map(({ name }) => name));
}

export interface TextOperands {
  texts: readonly string[];
  keywords: ReadonlySet<TextKeyword>;
}

/** The texts and keywords of a condition, variables among them. */
export function readTexts({ operands }: TextCondition, variables?: VariableValues): TextOperands {
  const values = operands.flatMap((operand): readonly TextValue[] => {
    if (operand.kind !== 'variable') return [operand];
    const variable = variables?.get(operand.name);
    if (variable === undefined) throw new RuleProblem(`There is no variable $${operand.name.slice(0, 60)}.`);
    return 'kind' in variable ? [variable] : variable;
  });
  return {
    texts: values.flatMap((value) => (value.kind === 'text' ? [readEscapes(value.text)] : [])),
    keywords: new Set(values.flatMap((value) => (value.kind === 'keyword' ? [value.keyword] : []))),
  };
}

/** What a `with` says, the later of equal names; undefined where there is none. */
export function readTag(tags: readonly Tag[], name: string): string | undefined {
  const value = tags.findLast((tag) => tag.name.toLowerCase() === name.toLowerCase())?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'text') return readEscapes(value.text);
  return value.kind === 'literal' ? value.source : '';
}

/** A condition on numbers, worked out with what earlier runs found of that metric. Throws RuleProblem, for a metric that no run may keep as well. */
export function resolveCondition(condition: NumberCondition, metric: string, { history, resolved }: RuleTarget, isSecret = false): Comparison {
  if (isSecret && isDynamic(condition)) throw new RuleProblem('No values of a personal column are kept, so there are no earlier ones to compare with.');
  const past: readonly PastMetric[] = history?.(metric) ?? [];
  const comparison = resolveNumbers(condition, past);
  resolved?.set(condition, comparison);
  return comparison;
}
