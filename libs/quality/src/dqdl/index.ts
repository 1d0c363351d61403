export { parseRuleset, readRuleset, type ParseOptions, type Reading } from './parse-ruleset';
export { printAnalyzer, printCondition, printNumber, printRule, printRuleset } from './print-ruleset';
export { findRuleType, findSignature, RULE_TYPES, type ParameterShape, type RuleSignature, type RuleType, type RuleTypeName } from './rule-types';
export { listLabels, readEscapes, writeEscapes } from './ruleset';
export type {
  Analyzer,
  Arithmetic,
  ArithmeticOperator,
  ComparisonOperator,
  CompositeRule,
  Condition,
  ConditionKind,
  DateCondition,
  DateExpression,
  DictionaryEntry,
  Duration,
  DurationCondition,
  DurationUnit,
  FunctionCall,
  Label,
  MatchOperator,
  NullNumber,
  NumberCondition,
  NumberExpression,
  NumberLiteral,
  OrderedOperator,
  Parameter,
  RangeOperator,
  RawText,
  Rule,
  Ruleset,
  RulesetWarning,
  SetOperator,
  SimpleRule,
  Size,
  SizeCondition,
  SizeUnit,
  Span,
  Tag,
  TextCondition,
  TextKeyword,
  TextOperand,
  TextOperator,
  TextValue,
  Variable,
} from './ruleset';
export { DYNAMIC_FUNCTIONS } from './check-condition';
export { ADDITIONAL_SOURCES, PRIMARY_SOURCE } from './parse-header';
export { isDate, isTimeOfDay, isTimeZone } from './java-time';
export type { Position } from './token';
