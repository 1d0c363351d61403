export { checkRules, evaluateRuleset } from './check-rules';
export { DIFFERENCES, type Difference } from './differences';
export { compileRowCondition } from './row-condition';
export type { RuleTarget, VariableValues } from './rule-target';
export type { AnalyzerResult, CheckContext, DataColumn, Evaluation, FileFact, KnownFacts, PastMetric, Relation, RuleOutcome, RuleResult } from './check';
