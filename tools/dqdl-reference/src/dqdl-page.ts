/** docs/reference/dqdl.md: the generator writes it, and a spec compares it. */
import { DIFFERENCES, RULE_TYPES } from '@inlet/quality';
import type { JudgedExample } from './judge-examples';
import { ANOMALIES, CONDITIONS, DIFFERING, DYNAMIC, INTRODUCTION, LABELS, RULES, RULESET } from './language';
import { renderDifference, renderRuleSection } from './rule-section';

/** The page, ending in a newline. */
export function renderDqdlPage(examples: ReadonlyMap<string, JudgedExample>): string {
  const judged = RULE_TYPES.flatMap((type) => {
    const example = examples.get(type.name);
    return example === undefined ? [] : [{ type, example }];
  });
  const table = judged.map(({ type: { name, summary }, example }) => `| [${name}](#${name.toLowerCase()}) | ${summary} | ${example.isOfRows ? 'yes' : ''} |`);
  const overview = ['| rule type | | decides single rows |', '|---|---|---|', ...table, ''].join('\n');
  const findDifferences = (name: string | null) => DIFFERENCES.filter(({ type }) => type === name);
  const general = [DIFFERING, ...findDifferences(null).map(renderDifference), ''].join('\n');
  const sections = judged.map(({ type, example }) => renderRuleSection(type, example, findDifferences(type.name)));
  return [INTRODUCTION, overview, RULESET, CONDITIONS, DYNAMIC, LABELS, ANOMALIES, general, RULES, ...sections].join('\n');
}
