/** docs/reference/dqdl.md: the generator writes it, and a spec compares it. */
import { RULE_TYPES, type RuleType } from '@inlet/quality';
import { ANOMALIES, CONDITIONS, DYNAMIC, INTRODUCTION, LABELS, RULESET } from './language';
import { renderRuleSection } from './rule-section';

/** The page, ending in a newline. */
export function renderDqdlPage(): string {
  return [INTRODUCTION, renderTable(), RULESET, CONDITIONS, DYNAMIC, LABELS, ANOMALIES, '## Rule types\n', ...RULE_TYPES.map(renderRuleSection)].join('\n');
}

function renderTable(): string {
  return ['| rule type | |', '|---|---|', ...RULE_TYPES.map(renderRow), ''].join('\n');
}

function renderRow({ name, summary }: RuleType): string {
  return `| [${name}](#${name.toLowerCase()}) | ${summary} |`;
}
