/** Finds what a rule's type needs to be evaluated, and shows the rule with its numbers worked out. */
import { printRule, type NumberCondition, type Rule, type RuleTypeName, type SimpleRule } from '../dqdl';
import { compileAnomalies } from './anomaly-rule';
import type { CompileRule, CompiledRule, RuleContext } from './compiled-rule';
import { compileCustomSql } from './custom-sql';
import { isDynamic, writeNumbers, type Comparison } from './dynamic-number';
import { compileFileFreshness, compileFileMatch, compileFileSize, compileFileUniqueness } from './file-rules';
import { compileColumnNames } from './name-rule';
import { compileAggregateMatch, compileDatasetMatch, compileReferentialIntegrity, compileRowCountMatch, compileSchemaMatch } from './reference-rules';
import { RuleProblem } from './rule-problem';
import { compileDataType, compileFreshness, compileLength, compileValues } from './row-rules';
import { compileColumnExists, compilePrimaryKey, compileStatisticRule } from './statistic-rules';

const COMPILERS: Readonly<Record<RuleTypeName, CompileRule>> = {
  AggregateMatch: compileAggregateMatch,
  AllStatistics: () => {
    throw new RuleProblem('AllStatistics stands among the analyzers only.');
  },
  ColumnCorrelation: compileStatisticRule,
  ColumnCount: compileStatisticRule,
  ColumnDataType: compileDataType,
  ColumnExists: compileColumnExists,
  ColumnLength: compileLength,
  ColumnNamesMatchPattern: compileColumnNames,
  ColumnValues: compileValues,
  Completeness: compileStatisticRule,
  CustomSql: compileCustomSql,
  DataFreshness: compileFreshness,
  DatasetMatch: compileDatasetMatch,
  DetectAnomalies: compileAnomalies,
  DistinctValuesCount: compileStatisticRule,
  Entropy: compileStatisticRule,
  FileFreshness: compileFileFreshness,
  FileMatch: compileFileMatch,
  FileSize: compileFileSize,
  FileUniqueness: compileFileUniqueness,
  IsComplete: compileStatisticRule,
  IsPrimaryKey: compilePrimaryKey,
  IsUnique: compileStatisticRule,
  Mean: compileStatisticRule,
  ReferentialIntegrity: compileReferentialIntegrity,
  RowCount: compileStatisticRule,
  RowCountMatch: compileRowCountMatch,
  SchemaMatch: compileSchemaMatch,
  StandardDeviation: compileStatisticRule,
  Sum: compileStatisticRule,
  UniqueValueRatio: compileStatisticRule,
  Uniqueness: compileStatisticRule,
  Variance: compileStatisticRule,
};

/** Throws RuleProblem where the rule cannot be evaluated. */
export function compileRule(rule: SimpleRule, context: RuleContext): CompiledRule {
  return COMPILERS[rule.type](rule, context);
}

/** The rule as the printer writes it, without labels. */
export function printWithoutLabels(rule: Rule): string {
  return printRule(withoutLabels(rule));
}

function withoutLabels(rule: Rule): Rule {
  return rule.kind === 'rule' ? { ...rule, labels: [] } : { ...rule, labels: [], rules: rule.rules.map(withoutLabels) };
}

/** The rule with its dynamic numbers worked out, as far as they were; undefined where it has none. */
export function writeEvaluated(rule: Rule, resolved: ReadonlyMap<NumberCondition, Comparison>): Rule | undefined {
  if (rule.kind === 'composite') {
    const operands = rule.rules.map((operand) => writeEvaluated(operand, resolved));
    return operands.some((operand) => operand !== undefined) ? { ...rule, rules: rule.rules.map((operand, index) => operands[index] ?? operand) } : undefined;
  }
  const { condition, threshold } = rule;
  const ofCondition = condition?.kind === 'number' ? writeResolved(condition, resolved) : undefined;
  const ofThreshold = threshold === null ? undefined : writeResolved(threshold, resolved);
  if (ofCondition === undefined && ofThreshold === undefined) return undefined;
  return { ...rule, condition: ofCondition ?? condition, threshold: ofThreshold ?? threshold };
}

function writeResolved(condition: NumberCondition, resolved: ReadonlyMap<NumberCondition, Comparison>): NumberCondition | undefined {
  const comparison = isDynamic(condition) ? resolved.get(condition) : undefined;
  return comparison && writeNumbers(condition, comparison);
}
