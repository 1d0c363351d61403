/** Checks what is written against the table of rule types, and makes the rule or analyzer of it. */
import { findNearest } from '@inlet/dataset';
import { checkCondition, listVariables } from './check-condition';
import { checkTags } from './check-tags';
import type { ParseContext } from './parse-context';
import type { WrittenRule } from './parse-rules';
import { findRuleType, findSignature, RULE_TYPES, type RuleSignature, type RuleType, type RuleTypeName } from './rule-types';
import type { Token } from './token';
import type { Analyzer, Parameter, SimpleRule } from './ruleset';

type Place = 'rule' | 'analyzer';
interface Resolved {
  name: RuleTypeName;
  signature: RuleSignature;
}

/** The rule; null where its type, its arguments or its condition are wrong, which is reported. */
export function checkRule(context: ParseContext, written: WrittenRule): SimpleRule | null {
  const tags = checkTags(context, written.tags);
  const resolved = resolve(context, written.type, written.parameters, 'rule');
  if (resolved === null) return null;
  const { name, signature } = resolved;
  checkVariables(context, written.parameters);
  const swallowed = written.parameters.find((parameter) => name !== 'DetectAnomalies' && isRuleName(parameter));
  if (swallowed !== undefined) context.warnings.push({ position: swallowed.position, message: `${swallowed.value} is an argument of ${name} here and no rule; rules that \`and\` joins stand in brackets, as in (IsComplete "a") and (IsComplete "b").` });
  checkWhere(context, written, signature);
  if (tags.threshold !== null && !signature.threshold) {
    context.problems.add({ position: tags.threshold.position, what: `${name} takes no threshold`, found: '`with threshold`', expected: [`no threshold; it goes with ${listTypes((other) => other.threshold)}`] });
  }
  const condition = checkCondition(context, { ...written, name, signature, timeZone: tags.timeZone });
  const { parameters, where, labels, span } = written;
  return { kind: 'rule', type: name, parameters, condition, where: where?.text ?? null, labels, threshold: tags.threshold, tags: tags.tags, span };
}

/** The analyzer; null where its type or arguments are wrong, which is reported. AWS's parser does not look up the variables of analyzers. */
export function checkAnalyzer(context: ParseContext, { type, parameters, span }: Pick<WrittenRule, 'type' | 'parameters' | 'span'>): Analyzer | null {
  const resolved = resolve(context, type, parameters, 'analyzer');
  for (const { kind, value, position } of parameters) {
    if (kind === 'variable' && !context.variables.has(value)) context.warnings.push({ position, message: `The analyzer's variable $${value} is not defined; AWS's parser does not look.` });
  }
  return resolved && { type: resolved.name, parameters, span };
}

/** Names that people and documents use for a type that is called otherwise. */
const ALIASES: ReadonlyMap<string, RuleTypeName> = new Map<string, RuleTypeName>([
  ['anomalydetection', 'DetectAnomalies'], ['freshness', 'DataFreshness'], ['primarykey', 'IsPrimaryKey'], ['schema', 'SchemaMatch'],
  ['average', 'Mean'], ['avg', 'Mean'], ['stddev', 'StandardDeviation'], ['notnull', 'IsComplete'], ['isnotnull', 'IsComplete'], ['distinctcount', 'DistinctValuesCount'],
]);

function resolve({ problems }: ParseContext, { source, position }: Token, parameters: readonly Parameter[], place: Place): Resolved | null {
  const type = findRuleType(source);
  const found = `\`${source.slice(0, 60)}\``;
  if (type === undefined) {
    const names = RULE_TYPES.filter((candidate) => standsAs(candidate, place)).map(({ name }) => name);
    problems.add({ position, what: 'A rule type is unknown', found, expected: [`one of ${names.join(', ')}`], nearest: ALIASES.get(source.toLowerCase()) ?? findNearest(source, names) });
    return null;
  }
  const signature = findSignature(type, parameters.length);
  if (!standsAs(type, place, signature)) {
    const other = place === 'rule' ? 'an analyzer and no rule' : 'no analyzer';
    problems.add({ position, what: `${type.name} is ${other}`, found, expected: [`${place === 'rule' ? 'it in `Analyzers`, or a rule' : 'it in `Rules`, or an analyzer'} here`] });
    return null;
  }
  if (signature === undefined) {
    problems.add({ position, what: `${type.name} has the wrong number of arguments`, found: describeArguments(parameters), expected: [...type.signatures.map(describeSignature), ...hintAtSeparator(parameters)], nearest: findMisspeltKeyword(parameters) });
    return null;
  }
  return { name: type.name, signature };
}

function standsAs({ rule, signatures }: RuleType, place: Place, signature?: RuleSignature): boolean {
  if (place === 'rule') return rule;
  return signature?.analyzer ?? signatures.some(({ analyzer }) => analyzer);
}

function describeArguments(parameters: readonly Parameter[]): string {
  const shown = parameters.slice(0, 8).map(({ kind, value }) => (kind === 'text' ? `"${value.slice(0, 40)}"` : value.slice(0, 40)));
  return parameters.length === 0 ? 'none' : `${parameters.length}: ${shown.join(' ')}${parameters.length > shown.length ? ' …' : ''}`;
}

function describeSignature({ parameters }: RuleSignature): string {
  if (parameters.length === 0) return 'none';
  return `${parameters.length}${parameters.at(-1)?.repeated ? ' or more' : ''} (${parameters.map(({ name }) => name).join(', ')})`;
}

/** Without a comma or brackets between them, two rules read as one with more arguments. */
function hintAtSeparator(parameters: readonly Parameter[]): string[] {
  const swallowed = parameters.find(isRuleName);
  return swallowed === undefined ? [] : [`a comma before ${swallowed.value}, or brackets around each rule that \`and\` joins`];
}

function isRuleName({ kind, value }: Parameter): boolean {
  return kind === 'name' && findRuleType(value) !== undefined;
}

const KEYWORDS_OF_RULES = ['between', 'in', 'not', 'matches', 'where', 'with', 'labels', 'and', 'or', 'of'];

/** A misspelt keyword, or one in the wrong case, reads as an argument. */
export function findMisspeltKeyword(parameters: readonly Parameter[]): string | undefined {
  const last = parameters.findLast(({ kind }) => kind === 'name');
  return last && findNearest(last.value, KEYWORDS_OF_RULES);
}

function checkVariables({ problems, variables, areVariablesKnown }: ParseContext, parameters: readonly Parameter[]): void {
  if (!areVariablesKnown) return;
  for (const { kind, value, position } of parameters) {
    if (kind !== 'variable') continue;
    const variable = variables.get(value);
    if (variable === undefined) problems.add({ position, what: 'A variable is not defined', found: `\`$${value.slice(0, 60)}\``, expected: listVariables(variables), nearest: findNearest(value, [...variables.keys()]) });
    else if (!('kind' in variable.value)) problems.add({ position, what: 'A variable is of the wrong kind', found: `the list \`$${value.slice(0, 60)}\``, expected: ['a variable with one text; lists go after `in`'] });
  }
}

function checkWhere({ problems }: ParseContext, { where, type: { source: name } }: WrittenRule, signature: RuleSignature): void {
  if (where === null) return;
  if (!signature.where) problems.add({ position: where.position, what: `${name} takes no \`where\``, found: '`where`', expected: [`no filter; it goes with ${listTypes((other) => other.where)}`] });
  if (where.text === '') problems.add({ position: where.position, what: 'A `where` is empty', found: '`""`', expected: ['SQL in double quotes'] });
}

function listTypes(has: (signature: RuleSignature) => boolean): string {
  return RULE_TYPES.filter(({ signatures }) => signatures.some(has)).map(({ name }) => name).join(', ');
}
