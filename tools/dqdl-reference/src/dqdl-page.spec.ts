import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkRules, DIFFERENCES, parseRuleset, RULE_TYPES } from '@inlet/quality';
import { renderDqdlPage } from './dqdl-page';
import { judgeExamples, type JudgedExample } from './judge-examples';
import { renderSignature } from './rule-section';
import { openSample } from './sample';

const PAGE = path.resolve(__dirname, '../../../docs/reference/dqdl.md');

describe('the reference of DQDL', () => {
  let examples: Map<string, JudgedExample>;
  let page: string;
  let rulesets: string[];
  beforeAll(async () => {
    examples = await judgeExamples();
    page = renderDqdlPage(examples);
    rulesets = [...page.matchAll(/^```dqdl\n(.*?)^```$/gms)].map(([, text]) => text!);
  });

  it('is what docs/reference/dqdl.md holds; `npx nx docs dqdl-reference` writes it anew', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
  it('shows rulesets that are accepted without a warning', () => {
    expect(rulesets.length).toBeGreaterThan(RULE_TYPES.length);
    for (const text of rulesets) expect(parseRuleset(text).warnings).toEqual([]);
  });
  it('has an example of every rule type that the sample passes', () => {
    for (const { name, rule } of RULE_TYPES) {
      expect({ name, ...examples.get(name) }).toMatchObject({ name, outcome: rule ? 'passed' : null, reason: name === 'DetectAnomalies' ? expect.stringContaining('Still learning') as unknown : null });
      expect(examples.get(name)?.metrics).not.toEqual([]);
    }
  });
  it('shows rulesets that can be judged', async () => {
    await using sample = await openSample();
    for (const text of rulesets) {
      const results = await checkRules(parseRuleset(text), sample.context);
      expect(results.filter(({ outcome }) => outcome === 'error')).toEqual([]);
    }
  });
  it('tells every difference, under its rule type where it has one', () => {
    expect(DIFFERENCES.length).toBeGreaterThan(0);
    for (const { type, inlet } of DIFFERENCES) {
      const section = page.split(/^##+ /m).find((part) => part.startsWith(`${type ?? 'Where Inlet differs'}\n`));
      expect(section).toContain(inlet);
    }
  });
  it('has a section for every rule type, which the table leads to', () => {
    for (const { name } of RULE_TYPES) {
      expect(page).toContain(`| [${name}](#${name.toLowerCase()}) |`);
      expect(page).toContain(`\n### ${name}\n`);
    }
  });
});

describe('a signature', () => {
  it.each([
    ['IsComplete', ['IsComplete <column> [where "<SQL>"]']],
    ['IsUnique', ['IsUnique <column>… [where "<SQL>"]']],
    ['CustomSql', ['CustomSql <sql> [<condition on numbers>] [with threshold <condition on numbers>]']],
    ['FileMatch', ['FileMatch <condition on texts>', 'FileMatch <path> <condition on texts>', 'FileMatch <path> <other>']],
  ])('of %s says how it is written', (name, written) => {
    const type = RULE_TYPES.find((candidate) => candidate.name === name)!;
    expect(type.signatures.map((signature) => renderSignature(name, signature))).toEqual(written);
  });
});
