/** What a Spark job found when it let Glue judge the tables that it built: which of these answers stand in the gate's report, in place of its own. */
import type { ModelConfig } from '@inlet/dataset';
import { PermanentError, RulesetError } from '@inlet/errors';
import { parseRuleset, printBareRule, type Rule, type RuleTypeName } from '@inlet/quality';
import { z } from 'zod';
import { isNamedIn } from './is-named-in';
import type { CheckedRule } from './plan';

/** Another program writes it. */
export const JobQualitySchema = z.object({
  /** `glue` */
  engine: z.string().min(1),
  results: z.array(
    z.object({
      /** DQDL, with its labels or without. */
      rule: z.string(),
      evaluatedRule: z.string().optional(),
      outcome: z.enum(['passed', 'failed', 'error']),
      metrics: z.record(z.string(), z.number()),
      reason: z.string().nullable().default(null),
      failedRows: z.int().min(0).nullable().default(null),
    }),
  ),
});

export type JobQuality = z.infer<typeof JobQualitySchema>;

/** Throws PermanentError, which shows none of the values. */
export function parseJobQuality(value: unknown, { table, where }: { table: string; where: string }): JobQuality {
  const { success, data, error } = JobQualitySchema.safeParse(value);
  if (success) return data;
  const faults = error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || '(whole)'}: ${message}`);
  throw new PermanentError({
    what: `What the Spark job says of the quality of ${table} cannot be read`,
    where,
    expected: '{ engine, results: [{ rule, outcome: passed | failed | error, metrics }] }',
    found: faults.join('; '),
    next: 'Deploy the dataset\'s stack again: its job and its functions belong to different versions.',
  });
}

/** Glue's history knows evaluations that were never published, and its files are not those of the source. */
const RULES_OF_THE_GATE: readonly RuleTypeName[] = ['DetectAnomalies', 'FileFreshness', 'FileMatch', 'FileSize', 'FileUniqueness'];

/**
 * Finds the job's answer to a rule by the rule's text, whatever its labels. None for a rule that compares with earlier runs or asks for files, which means
 * something else there, and none for a rule that names a personal column: what Glue says of it may show a value.
 */
export function createAnswerFinder(quality: JobQuality | undefined, { pii }: Pick<ModelConfig, 'pii'>): (rule: Rule) => CheckedRule | undefined {
  const answers = new Map((quality?.results ?? []).map((result) => [normalizeRule(result.rule), result]));
  return (rule) => {
    const text = printBareRule(rule);
    if (isForGateAlone(rule, text) || pii.some((column) => isNamedIn(text, column))) return undefined;
    const answer = answers.get(text);
    return answer && { ...answer, rule: text };
  };
}

function isForGateAlone(rule: Rule, text: string): boolean {
  return listTypes(rule).some((type) => RULES_OF_THE_GATE.includes(type)) || /\blast\s*\(/.test(withoutTexts(text));
}

const listTypes = (rule: Rule): RuleTypeName[] => (rule.kind === 'rule' ? [rule.type] : rule.rules.flatMap(listTypes));

const withoutTexts = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"/gs, '""');

/** As the printer writes it. A text that the parser does not know answers no rule. */
function normalizeRule(text: string): string {
  try {
    const [rule, ...others] = parseRuleset(`Rules = [ ${text} ]`).rules;
    return rule === undefined || others.length > 0 ? text : printBareRule(rule);
  } catch (error) {
    if (error instanceof RulesetError) return text;
    throw error;
  }
}
