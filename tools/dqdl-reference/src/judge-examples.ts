/** Judges the example of every rule type on the sample, which shows the metrics that it reports. */
import { compileRowCondition, evaluateRuleset, parseRuleset, RULE_TYPES, type RuleOutcome, type RuleType } from '@inlet/quality';
import { openSample, type Sample } from './sample';

export interface JudgedExample {
  /** Null for what stands among the analyzers only. */
  outcome: RuleOutcome | null;
  /** The metrics' names. */
  metrics: readonly string[];
  /** Whether it says of each single row if that meets it. */
  isOfRows: boolean;
  reason: string | null;
}

/** By the rule type's name. */
export async function judgeExamples(): Promise<Map<string, JudgedExample>> {
  await using sample = await openSample();
  const judged = new Map<string, JudgedExample>();
  for (const type of RULE_TYPES) judged.set(type.name, await judgeExample(type, sample));
  return judged;
}

async function judgeExample({ rule: isRule, example }: RuleType, { context }: Sample): Promise<JudgedExample> {
  const ruleset = parseRuleset(`${isRule ? 'Rules' : 'Analyzers'} = [ ${example} ]`);
  const { rules: [result], metrics } = await evaluateRuleset(ruleset, context);
  const [rule] = ruleset.rules;
  return {
    outcome: result?.outcome ?? null,
    metrics: Object.keys(result?.metrics ?? metrics).sort(),
    isOfRows: rule !== undefined && compileRowCondition(rule, context) !== null,
    reason: result?.reason ?? null,
  };
}
