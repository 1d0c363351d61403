/** docs/reference/dqdl.md: the generator writes it, and a spec compares it. */
import { RULE_TYPES } from '@inlet/quality';
import type { JudgedExample } from './judge-examples';
import { ANOMALIES, CONDITIONS, DYNAMIC, INTRODUCTION, LABELS, RULES, RULESET } from './language';
import { renderRuleSection } from './rule-section';

/** The page, ending in a newline. */
export function renderDqdlPage(examples: ReadonlyMap<string, JudgedExample>): string {
  const judged = RULE_TYPES.flatMap((type) => {
    const example = examples.get(type.name);
    return example === undefined ? [] : [{ type, example }];
  });
  const table = judged.map(({ type: { name, summary }, example }) => `| [${name}](#${name.toLowerCase()}) | ${summary} | ${example.isOfRows ? 'yes' : ''} |`);
  const overview = ['| rule type | | decides single rows |', '|---|---|---|', ...table, ''].join('\n');
  return [INTRODUCTION, overview, RULESET, CONDITIONS, DYNAMIC, LABELS, ANOMALIES, RULES, ...judged.map(({ type, example }) => renderRuleSection(type, example))].join('\n');
}
