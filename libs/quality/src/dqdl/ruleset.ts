/** What a ruleset says, as values: the tree that the parser builds, the printer writes and the evaluator reads. */
import type { RuleTypeName } from './rule-types';
import type { Position } from './token';

/** From the first character of something to the one after its last. */
export interface Span {
  readonly start: Position;
  /** Offset in UTF-16 code units. */
  readonly end: number;
}

/**
 * Texts stand here as written between their quotes, escapes included: `a \"b\"` is how a text with two quotes looks.
 * `readEscapes` gives what it says, `writeEscapes` is its inverse.
 */
export type RawText = string;

export interface Ruleset {
  metadata: readonly DictionaryEntry[];
  dataSources: readonly DictionaryEntry[];
  variables: readonly Variable[];
  defaultLabels: readonly Label[];
  rules: readonly Rule[];
  analyzers: readonly Analyzer[];
  /** What AWS's parser accepts although it cannot be meant. */
  warnings: readonly RulesetWarning[];
}

export interface RulesetWarning {
  position: Position;
  message: string;
}

export interface DictionaryEntry {
  key: RawText;
  value: RawText | readonly RawText[];
  position: Position;
}

export interface Variable {
  name: string;
  value: TextValue | readonly TextValue[];
  position: Position;
}

export interface Label {
  key: RawText;
  value: RawText;
  position: Position;
}

export type Rule = SimpleRule | CompositeRule;

export interface SimpleRule {
  kind: 'rule';
  type: RuleTypeName;
  parameters: readonly Parameter[];
  condition: Condition | null;
  where: RawText | null;
  /** The rule's own; `listLabels` adds the defaults. */
  labels: readonly Label[];
  threshold: NumberCondition | null;
  tags: readonly Tag[];
  span: Span;
}

/** Two rules or more under one operator. No operand that has no labels of its own is a composite of the same operator. */
export interface CompositeRule {
  kind: 'composite';
  operator: 'and' | 'or';
  rules: readonly Rule[];
  labels: readonly Label[];
  span: Span;
}

export interface Analyzer {
  type: RuleTypeName;
  parameters: readonly Parameter[];
  span: Span;
}

/** A rule's argument: `"a column"`, `a_column` or `$a_variable`. The word before it means nothing. */
export interface Parameter {
  kind: 'text' | 'name' | 'variable';
  /** The text, the name, or the variable's name. */
  value: RawText;
  connector: 'of' | 'and' | null;
  position: Position;
}

/** `with <name> = <value>`. The later of two equal names counts. */
export interface Tag {
  name: string;
  value: TextValue | NumberExpression;
  position: Position;
}

export type ComparisonOperator = '>' | '>=' | '<' | '<=' | '=' | '!=';
export type RangeOperator = 'between' | 'not between';
export type SetOperator = 'in' | 'not in';
export type MatchOperator = 'matches' | 'not matches';
export type OrderedOperator = ComparisonOperator | RangeOperator | SetOperator;
export type TextOperator = '=' | '!=' | SetOperator | MatchOperator;

/** Ranges have two operands, sets one or more, the others one. */
export type Condition = NumberCondition | TextCondition | DateCondition | DurationCondition | SizeCondition;
export type NumberCondition = ConditionOf<'number', OrderedOperator, NumberExpression>;
export type TextCondition = ConditionOf<'text', TextOperator, TextOperand>;
export type DateCondition = ConditionOf<'date', OrderedOperator, DateExpression>;
export type DurationCondition = ConditionOf<'duration', OrderedOperator, Duration>;
export type SizeCondition = ConditionOf<'size', OrderedOperator, Size>;
export type ConditionKind = Condition['kind'];

interface ConditionOf<Kind extends string, Operator extends string, Operand> {
  kind: Kind;
  operator: Operator;
  operands: readonly Operand[];
  position: Position;
}

export type TextKeyword = 'NULL' | 'EMPTY' | 'WHITESPACES_ONLY';
export type TextValue = { kind: 'text'; text: RawText } | { kind: 'keyword'; keyword: TextKeyword };
/** A variable stands only as the one operand of `in` and `not in`. */
export type TextOperand = TextValue | { kind: 'variable'; name: string };

export type NumberExpression = NumberLiteral | NullNumber | FunctionCall | Arithmetic;
export interface NumberLiteral {
  kind: 'literal';
  /** As written, without blanks: `-5`, `007`, `0.50`. */
  source: string;
}
export interface NullNumber {
  kind: 'null';
}
/** `last()`, `avg(last(10))`. AWS's parser accepts every name with any arguments. */
export interface FunctionCall {
  kind: 'call';
  name: string;
  arguments: readonly NumberExpression[];
  position: Position;
}
/** Evaluated from left to right: the four operators rank alike, as in AWS's grammar, so `1 + 2 * 3` is 9. `first` is never arithmetic itself. */
export interface Arithmetic {
  kind: 'arithmetic';
  first: NumberExpression;
  rest: readonly { operator: ArithmeticOperator; operand: NumberExpression }[];
}
export type ArithmeticOperator = '+' | '-' | '*' | '/';

export type DurationUnit = 'days' | 'hours' | 'minutes';
export interface Duration {
  amount: number;
  unit: DurationUnit;
}
export type SizeUnit = 'B' | 'KB' | 'MB' | 'GB' | 'TB';
export interface Size {
  /** A whole number; below zero only where there is no unit. */
  amount: number;
  /** Without a unit: bytes. */
  unit: SizeUnit | null;
}
export type DateExpression =
  | { kind: 'date'; date: string }
  /** A time of today, in the zone of the rule's `timeZone` tag or else UTC. */
  | { kind: 'time'; time: string }
  | { kind: 'now'; offset: { operator: '+' | '-'; duration: Duration } | null }
  | { kind: 'null' };

/** What a text says: a backslash gives the character after it. */
export function readEscapes(raw: RawText): string {
  return raw.replace(/\\(.)/g, '$1');
}

/** A text as it is written between quotes. */
export function writeEscapes(text: string): RawText {
  return text.replace(/[\\"]/g, '\\$&');
}

/** The labels that hold for a rule: the defaults, and over them its own. */
export function listLabels(ruleset: Pick<Ruleset, 'defaultLabels'>, rule: Pick<Rule, 'labels'>): ReadonlyMap<string, string> {
  return new Map([...ruleset.defaultLabels, ...rule.labels].map(({ key, value }) => [key, value]));
}
