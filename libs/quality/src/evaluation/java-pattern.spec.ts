import * as fc from 'fast-check';
import { openLake, type TestLake } from './duckdb.test-support';
import { isOneLine, translatePattern, translateRefused, translateWhole } from './java-pattern';
import { quoteText } from '@inlet/sql';

describe('patterns of Java', () => {
  let lake: TestLake;
  beforeAll(async () => { lake = await openLake(); });
  afterAll(() => lake.close());

  /** Whether RE2 finds the translated pattern in the text. */
  async function finds(translated: string, text: string): Promise<boolean> {
    const [row] = await lake.query(`SELECT regexp_matches(${quoteText(text)}, ${quoteText(translated)}) AS found`);
    return row?.['found'] === true;
  }

  it.each([
    ['\\s', '\u000B', true], ['\\s', '\u00A0', false], ['\\h', '\u00A0', true], ['\\H', ' ', false], ['\\v', '\u2028', true], ['\\R', '\r\n', true], ['.', '\r', false], ['(?s).', '\r', true], ['[\\s]', '\u000B', true],
    ['\\u0041', 'A', true], ['\\x41', 'A', true], ['\\x{1F642}', '🙂', true], ['\\0101', 'A', true], ['\\cA', '\u0001', true], ['\\e', '\u001B', true], ['\\t', '\t', true], ['\\Qa.b\\E', 'axb', false], ['\\Qa.b\\E', 'a.b', true],
    ['^\\p{Alpha}+$', 'abc', true], ['^\\p{Alpha}+$', 'äbc', false], ['^\\p{L}+$', 'äbc', true], ['^\\p{IsAlphabetic}+$', 'äbc', true], ['^\\P{Punct}$', '!', false], ['[\\p{Upper}_]', '_', true], ['\\p{IsLatin}', 'é', true],
    ['(?<year>\\d{4})', '2024', true], ['(?i)ABC', 'abc', true], ['(?i:ABC)d', 'abcd', true], ['(?:ab)+', 'abab', true], ['a\\Z', 'a\n', true], ['a\\z', 'a\n', false], ['\\"', '"', true], ['[^\\d]', '5', false], ['🙂', '🙂', true], ['\\d', '٣', false],
  ])('%s in %j: %s', async (pattern, text, expected) => {
    expect(await finds(translatePattern(pattern), text)).toBe(expected);
  });

  it.each([
    ['(?=a)b', 'a lookahead'], ['(?!a)b', 'a lookahead'], ['(?<=a)b', 'a lookbehind'], ['(?<!a)b', 'a lookbehind'], ['(a)\\1', 'a backreference'], ['(?<n>a)\\k<n>', 'a backreference'], ['a++', 'a possessive quantifier'],
    ['a{2}+', 'a possessive quantifier'], ['(?>a)', 'an atomic group'], ['[a-z&&[^b]]', 'an intersection of classes'], ['[a[bc]]', 'a class within a class'], ['(?x)a b', 'the flag x'], ['(?u)a', 'the flags ?u)'], ['\\X', '\\X'], ['a\\', 'an end in the middle of something'], ['[a', 'an end in the middle of something'],
  ])('%s is refused for %s', (pattern, what) => {
    expect(() => translatePattern(pattern)).toThrow(`has ${what}, which only Java's engine can match`);
  });

  it.each([
    ['a|b', 'axx', true], ['a|b', 'xxb', true], ['a|b', 'xax', false], ['abc', 'abc\n', true], ['abc', 'abc\r\n', true], ['abc', 'abc\n\n', false],
  ])('the whole of a text by %s is that of Deequ: %j %s', async (pattern, text, expected) => {
    expect(await finds(translateWhole(pattern), text)).toBe(expected);
  });

  it.each([['bad', 'bad luck', true], ['bad', 'badly', false], ['bad', 'is bad', false], ['a|b', 'a!', true], ['a|b', 'ac', true]])('%s at the start of %j, as a word, is refused: %s', async (pattern, text, expected) => {
    expect(await finds(translateRefused(pattern), text)).toBe(expected);
  });

  it.each([['', false], ['a', true], ['a\n', true], ['a\r\n', true], ['a\nb', false], ['\n', false], ['a\u2028b', false], ['é', true]])('%j is one line: %s', async (text, expected) => {
    const [row] = await lake.query(`SELECT ${isOneLine(quoteText(text))} AS "is"`);
    expect(row?.['is']).toBe(expected);
  });

  it('mean the same as in JavaScript where the dialects agree', async () => {
    const piece = fc.constantFrom('a', 'b', '[ab]', '[^a]', '(?:a|b)', 'a*', 'b+', 'a?', '\\d', '\\w', 'a{1,2}', '^', '$', '|', '\\.', 'é');
    await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')), fc.string({ unit: fc.constantFrom('a', 'b', '1', '.', 'é'), maxLength: 5 }), async (pattern, text) => {
      expect(await finds(translatePattern(pattern), text)).toBe(new RegExp(pattern, 'u').test(text));
    }), { numRuns: 300 });
  }, 60_000);

  it('end in a translation or in a refusal, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('\\', '[', ']', '(', ')', '?', '<', '=', 'p', '{', '}', 'u', 'x', '0', '^', '-', '&', 'a', 'Q', 'E', '+', '🙂') }), (pattern) => {
      try {
        expect(typeof translatePattern(pattern)).toBe('string');
      } catch (error) {
        expect((error as Error).message).toMatch(/^The pattern /);
      }
    }), { numRuns: 2000 });
  });
});
