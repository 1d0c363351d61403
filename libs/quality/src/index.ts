export { explainFailures, findColumnsOfNoTable, judgeQuarantinedShare, listFindings, listThresholdRules, type CandidateTable, type ThresholdContext, type ThresholdRule } from './thresholds';
export { parseRuleset, printRule, printRuleset, RULE_TYPES, type ParseOptions, type Rule, type RuleType, type RuleTypeName, type Ruleset } from './dqdl';
export { findReferences, printBareRule, printRules, readDatasetRules, SEVERITIES, type DatasetRule, type DatasetRules, type DatasetRulesOptions, type RuledTable, type Severity } from './dataset-rules';
export { bronzeAlias, readRules } from './read-rules';
export { listTableRulesets, type TableRuleset } from './table-rulesets';
export { ANOMALY_METHOD, detectAnomaly, type AnomalyVerdict } from './anomaly';
export { printSuggestions, suggestRules, type Suggestion } from './profile';
export {
  checkRules,
  compileRowCondition,
  DIFFERENCES,
  evaluateRuleset,
  type AnalyzerResult,
  type CheckContext,
  type DataColumn,
  type Difference,
  type Evaluation,
  type FileFact,
  type KnownFacts,
  type PastMetric,
  type Relation,
  type RuleOutcome,
  type RuleResult,
  type RuleTarget,
  type VariableValues,
} from './evaluation';
