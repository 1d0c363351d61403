/** What no text can do to the parser: make it hang, take more than linear work, or throw anything but its own error. */
import { RulesetError } from '@inlet/errors';
import * as fc from 'fast-check';
import { parseRuleset, readRuleset } from './parse-ruleset';
import { printRuleset } from './print-ruleset';
import { anyRuleset, withoutPositions } from './ruleset.test-support';
import { KEYWORDS, SYMBOLS } from './token';

/** Reads any text; what is accepted can be printed and read again. */
function survive(text: string): void {
  try {
    const ruleset = parseRuleset(text);
    expect(withoutPositions(parseRuleset(printRuleset(ruleset)))).toEqual(withoutPositions(ruleset));
  } catch (error) {
    if (!(error instanceof RulesetError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
  }
}

const words = fc.constantFrom(...KEYWORDS, ...SYMBOLS, 'now()', '"a"', '"2024-01-01"', '"10:30"', '1', '2.5', 'x', 'last', 'RowCount', 'IsComplete', 'threshold', '"', '\\', '#', '\n', '\r', '@', '');

describe('the parser', () => {
  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survive), { numRuns: 1000 });
  });
  it('survives any words', () => {
    fc.assert(fc.property(fc.array(words, { maxLength: 60 }), (many) => survive(`Rules = [ ${many.join(' ')}`)), { numRuns: 2000 });
    fc.assert(fc.property(fc.array(words, { maxLength: 60 }), (many) => survive(many.join(' '))), { numRuns: 1000 });
  });
  it('survives rulesets with pieces taken out, put in, doubled and cut off', () => {
    const mutations = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(12), put: fc.oneof(words, fc.string({ maxLength: 3 })), isCut: fc.boolean() }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anyRuleset, mutations, (ruleset, changes) => {
        survive(changes.reduce((text, { at, length, put, isCut }, index) => {
          const start = Math.floor(at * text.length);
          return isCut && index === 0 ? text.slice(0, start) : text.slice(0, start) + put + text.slice(start + length);
        }, printRuleset(ruleset)));
      }),
      { numRuns: 1500 },
    );
  });

  const MEGABYTE = 1_000_000;
  const fill = (unit: string, before = 'Rules = [ RowCount > 1, ', after = ' RowCount > 2 ]') => before + unit.repeat(Math.ceil(MEGABYTE / unit.length)) + after;
  it.each([
    ['rules', fill('IsComplete "a",\n')],
    ['rules joined by `and`', fill('RowCount > 1 and ')],
    ['rules joined by `and` and `or`', fill('RowCount > 1 and RowCount > 2 or ')],
    ['arguments', fill('"a" ', 'Rules = [ IsUnique ', ']')],
    ['a list', fill('1, ', 'Rules = [ RowCount in [', '1] ]')],
    ['arithmetic', fill('1 + ', 'Rules = [ RowCount > ', '1 ]')],
    ['comments', fill('# a comment\n')],
    ['blanks', fill(' \n')],
    ['one name', fill('a', 'Rules = [ IsComplete ', ' ]')],
    ['one text', fill('a', 'Rules = [ IsComplete "', '" ]')],
    ['one text of escapes', fill('\\"', 'Rules = [ IsComplete "', '" ]')],
    ['variables', Array.from({ length: 50_000 }, (_, index) => `v${index} = "a${index}"\n`).join('') + 'Rules = [ IsComplete $v1 ]'],
    ['a text without an end', fill('a', 'Rules = [ IsComplete "', '')],
    ['escaped quotes without an end', fill('\\"', 'Rules = [ IsComplete "', '')],
    ['backslashes', fill('\\', 'Rules = [ IsComplete "', '')],
    ['quotes', fill('"', '', '')],
    ['round brackets', fill('(')],
    ['square brackets', fill('[')],
    ['calls', fill('f(', 'Rules = [ RowCount > ', '')],
    ['commas', fill(',')],
    ['wrong rules', fill('Foo "a", ')],
    ['labels', fill('"a" = "b", ', 'Rules = [ RowCount > 1 labels = [', '"c" = "d"] ]')],
    ['tags', fill('with a = 1 ', 'Rules = [ RowCount > 1 ', ']')],
    ['characters that mean nothing', fill('@')],
    ['nothing that is known', fill('x ', '', '')],
    ['carriage returns', fill('\r')],
  ])('looks at each character of a megabyte of %s a bounded number of times', (_what, text) => {
    expect(text.length).toBeGreaterThan(MEGABYTE / 2);
    const { steps, problems } = readRuleset(text);
    // A text that is not ended is looked at once more than the others.
    expect(steps).toBeLessThanOrEqual(3 * text.length + 100);
    expect(problems.length).toBeLessThanOrEqual(50);
  });
  it('prints and reads again a megabyte of rules joined by `and`', () => {
    const ruleset = parseRuleset(fill('RowCount > 1 and '));
    expect(parseRuleset(printRuleset(ruleset)).rules).toHaveLength(2);
  });
  it('reads brackets as deep as it says', () => {
    const nested = (depth: number) => `Rules = [ ${'('.repeat(depth)}RowCount > ${'('.repeat(499 - depth)}1${')'.repeat(499 - depth)}${')'.repeat(depth)} ]`;
    for (const depth of [0, 250, 499]) expect(parseRuleset(nested(depth)).rules).toHaveLength(1);
  });
});
