export { checkRules, evaluateRuleset } from './check-rules';
export { compileRowCondition } from './row-condition';
export type { RuleTarget, VariableValues } from './rule-target';
export type { CheckContext, DataColumn, Evaluation, FileFact, KnownFacts, PastMetric, Relation, RuleOutcome, RuleResult } from './check';
