import * as fc from 'fast-check';
import { parseRuleset } from './parse-ruleset';
import { printRule, printRuleset } from './print-ruleset';
import { RULE_TYPES } from './rule-types';
import { anyRuleset, ruleOf, rulesetOf, withoutPositions } from './ruleset.test-support';

describe('printRuleset', () => {
  it('writes what the parser reads as the same ruleset', () => {
    fc.assert(
      fc.property(anyRuleset, (ruleset) => {
        expect(withoutPositions(parseRuleset(printRuleset(ruleset)))).toEqual(withoutPositions(ruleset));
      }),
      { numRuns: 400 },
    );
  });

  it.each(RULE_TYPES.filter(({ rule }) => rule).map(({ name }) => name))('writes %s in every form', (name) => {
    fc.assert(
      fc.property(ruleOf(name), (rule) => {
        expect(withoutPositions(parseRuleset(printRuleset(rulesetOf([rule]))).rules)).toEqual(withoutPositions([rule]));
      }),
      { numRuns: 60 },
    );
  });

  it('puts every section and every rule on a line of its own', () => {
    const text = 'Metadata={"Version":"1.0"}DataSources={"Primary":"a","AdditionalDataSources":["b"]}x=["1",NULL]DefaultLabels=["team"="dq"]Rules=[IsComplete "id",RowCount>5]Analyzers=[RowCount]';
    expect(printRuleset(parseRuleset(text))).toBe(`Metadata = {
    "Version": "1.0"
}

DataSources = {
    "Primary": "a",
    "AdditionalDataSources": ["b"]
}

x = ["1", NULL]

DefaultLabels = ["team" = "dq"]

Rules = [
    IsComplete "id",
    RowCount > 5
]

Analyzers = [
    RowCount
]
`);
  });

  it.each([
    ['ColumnValues a in[1,2 , -3]with threshold>0.5', 'ColumnValues a in [1, 2, -3] with threshold > 0.5'],
    ['Completeness OF "a" not between 0.1 AND 0.2 where "x > 1" labels=["a"="b"]', 'Completeness of "a" not between 0.1 and 0.2 where "x > 1" labels = ["a" = "b"]'],
    ['RowCount > ((1 + 2)) * (last() - (3))', 'RowCount > 1 + 2 * (last() - 3)'],
    ['RowCount > 1 - (2 - 3)', 'RowCount > 1 - (2 - 3)'],
    ['RowCount > now ()', 'RowCount > now ()'],
    ['ColumnValues "a" = null', 'ColumnValues "a" = NULL'],
    ['ColumnValues "a" > ( now()+3 days )', 'ColumnValues "a" > (now() + 3 days)'],
    ['(RowCount > 1 AND (RowCount > 2 and RowCount > 3)) OR ColumnCount = 1', '((RowCount > 1) and (RowCount > 2) and (RowCount > 3)) or (ColumnCount = 1)'],
    ['((RowCount > 1)) labels = ["a" = "b"]', 'RowCount > 1 labels = ["a" = "b"]'],
    ['FileSize > 10', 'FileSize > 10'],
  ])('writes %s in its own way', (written, printed) => {
    expect(parseRuleset(`Rules = [ ${written} ]`).rules.map(printRule)).toEqual([printed]);
  });
});
