import { RULE_TYPES } from '@inlet/quality';
import { prepareDeequ, present, skipAloud, tempDir } from '@inlet/testing';
import { arrangeCases, DEEQU_OPTIONS, toDeequ } from './arrange-cases.test-support';
import { askInlet } from './ask-inlet.test-support';
import { compareAnswers, type Difference } from './compare-answers.test-support';
import { CONFORMANCE_RULES } from './conformance-rules.test-support';
import { writeTables } from './generated-tables.test-support';
import { KNOWN_DIFFERENCES, type KnownDifference } from './known-differences';

/** What Deequ's executor has no translation for: it is Glue's alone, or about files and histories. */
const NOT_IN_DEEQU = ['AllStatistics', 'DetectAnomalies', 'FileFreshness', 'FileMatch', 'FileSize', 'FileUniqueness'];

const LIMIT_MS = 400_000;
const deequ = prepareDeequ();
if (!deequ.available) skipAloud('DQDL against Deequ on a local Spark', deequ.reason);

const isAbout = (known: KnownDifference, { about, rule, table }: Difference) => known.about === about && known.rule.test(rule) && (known.table?.test(table) ?? true);
const isKnown = (difference: Difference) => difference.how.every((each) => KNOWN_DIFFERENCES.some((known) => isAbout(known, difference) && known.how.includes(each)));

(deequ.available ? describe : describe.skip)('Deequ on a local Spark', () => {
  const differences: Difference[] = [];
  let compared = 0;

  beforeAll(async () => {
    if (!deequ.available) return;
    const tables = await writeTables(tempDir());
    try {
      const arranged = arrangeCases();
      const run = await deequ.run(arranged.map((each) => toDeequ(each, tables.pathOf)), DEEQU_OPTIONS);
      for (const [index, each] of arranged.entries()) {
        const answers = await askInlet(tables, each, new Date());
        const asked = present(run.cases[index]).rules;
        for (const [place, { result, rows }] of answers.entries()) {
          compared += 1;
          differences.push(...compareAnswers({ table: each.table, rule: present(each.rules[place]), deequ: present(asked[place]), inlet: result, rows }));
        }
      }
    } finally {
      tables.close();
    }
  }, LIMIT_MS);

  it('gives the outcome, the metrics and the failing rows that Inlet gives, known differences apart', () => {
    expect(differences.filter((difference) => !isKnown(difference))).toEqual([]);
    expect(compared).toBeGreaterThan(1200);
  });

  it.each(KNOWN_DIFFERENCES.map((known) => [`${known.about} of ${known.rule.source}: ${known.reason}`, known] as const))('still differs in %s', (_title, known) => {
    for (const how of known.how) expect(differences.some((difference) => isAbout(known, difference) && difference.how.includes(how)) ? how : `no ${how}`).toBe(how);
  });
});

describe('the rules that are compared', () => {
  const texts = CONFORMANCE_RULES.flatMap(({ rules }) => rules);

  it.each(RULE_TYPES.map(({ name }) => name).filter((name) => !NOT_IN_DEEQU.includes(name)))('hold %s', (type) => {
    expect(texts.some((text) => new RegExp(`(^|\\()${type}\\b`).test(text))).toBe(true);
  });

  it('meet at most one of a kind whose metrics Deequ confuses', () => {
    for (const { rules } of arrangeCases()) {
      expect(rules.filter((rule) => rule.startsWith('CustomSql')).length).toBeLessThanOrEqual(1);
      expect(rules.filter((rule) => rule.startsWith('ColumnLength "txt"')).length).toBeLessThanOrEqual(1);
    }
  });
});
