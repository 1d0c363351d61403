import * as fc from 'fast-check';
import { parseRuleset } from './parse-ruleset';
import { listLabels, readEscapes, writeEscapes } from './ruleset';

describe('escapes', () => {
  it('that are written read back as the same text, in a ruleset too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }).map((text) => `-${text}`), (text) => {
        expect(readEscapes(writeEscapes(text))).toBe(text);
        const [rule] = parseRuleset(`Rules = [ IsComplete "${writeEscapes(text)}" ]`).rules;
        expect(rule?.kind === 'rule' && rule.parameters.map(({ value }) => readEscapes(value))).toEqual([text]);
      }),
    );
  });
  it('give the character after a backslash, whatever it is', () => {
    expect(readEscapes('\\d\\\\ \\" \\')).toBe('d\\ " \\');
  });
});

describe('listLabels', () => {
  it('puts a rule\'s own labels over the default ones', () => {
    const ruleset = parseRuleset('DefaultLabels = ["a" = "1", "b" = "2"] Rules = [ RowCount > 1 labels = ["b" = "3", "c" = "4"], RowCount > 1 ]');
    expect(ruleset.rules.map((rule) => Object.fromEntries(listLabels(ruleset, rule)))).toEqual([{ a: '1', b: '3', c: '4' }, { a: '1', b: '2' }]);
  });
});
