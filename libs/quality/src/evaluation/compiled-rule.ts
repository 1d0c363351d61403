/** The form of a rule between reading it and knowing its outcome. */
import type { SimpleRule } from '../dqdl';
import type { CheckContext } from './check';
import type { Conclusion } from './conclusion';
import type { Answer, Request } from './measure';
import type { RuleTarget } from './rule-target';

/** All that a rule may ask: the target that it is compiled against, and whoever answers. */
export type RuleContext = CheckContext & RuleTarget;

/** Answered by the shared scan, or by queries of its own. */
export type CompiledRule = { requests: readonly Request[]; conclude: (answers: readonly Answer[]) => Conclusion } | { run: () => Promise<Conclusion> };

/** Throws RuleProblem where the rule cannot be evaluated. */
export type CompileRule = (rule: SimpleRule, context: RuleContext) => CompiledRule;

/** For a rule that is decided before anything is asked. */
export function decide(conclusion: Conclusion): CompiledRule {
  return { requests: [], conclude: () => conclusion };
}

/** Whether no report may show the values of a column, whose name may stand in backticks. */
export function isPersonal({ pii }: Pick<CheckContext, 'pii'>, column: string): boolean {
  const wanted = column.replace(/^`(.+)`$/, '$1').toLowerCase();
  return [...(pii ?? [])].some((name) => name.toLowerCase() === wanted);
}

