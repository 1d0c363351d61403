import * as fc from 'fast-check';
import { openLake, type TestLake } from './duckdb.test-support';
import { isOneLine, matchesWhole, translatePattern, translateRefused } from './java-pattern';
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
    ['a{2}+', 'a possessive quantifier'], ['(?>a)', 'an atomic group'], ['[a-z&&[^b]]', 'an intersection of classes'], ['[a[bc]]', 'a class within a class'], ['(?x)a b', 'the flag x'], ['(?u)a', 'the flags ?u)'], ['(a', 'an end in the middle of something'], ['\\X', '\\X'], ['a\\', 'an end in the middle of something'], ['[a', 'an end in the middle of something'],
  ])('%s is refused for %s', (pattern, what) => {
    expect(() => translatePattern(pattern)).toThrow(`has ${what}, which only Java's engine can match`);
  });

  it('takes no class from what every object has', () => {
    expect(translatePattern('\\p{constructor}')).toBe('(\\p{constructor})');
  });

  it('refuses groups nested without end', () => {
    expect(() => translatePattern('('.repeat(100_000))).toThrow('has more than 500 groups within each other');
  });

  it.each([
    ['a$', 'a\n', true], ['a$', 'a\r\n', true], ['a$', 'a\u2028', true], ['a$', 'a\n\n', false], ['a$', 'ab', false], ['a$', 'a\nb', false], ['\\$', '$\n', true], ['[$]', 'a\n', false], ['\\Qa$\\E', 'a\n', false],
    ['a$|b', 'xa\n', true], ['(a$|b)c', 'a\n', false], ['(a$|b)c?', 'a\n', true], ['(a$)+', 'a\n', true], ['(a$){2}', 'a\n', false], ['a$+', 'a\n', true], ['a$?b', 'ab', true], ['a$b', 'a', false], ['$a', 'a', false], ['a$\\z', 'a\n', false],
    ['(?m)a$', 'a\nb', true], ['(?i)A$', 'a\n', true], ['(?:a$)', 'a\n', true], ['(?<end>$)', 'a\n', true], ['a^', 'a', false],
  ])('a $ in %s may stand before the last line end of %j: %s', async (pattern, text, expected) => {
    expect(await finds(translatePattern(pattern), text)).toBe(expected);
  });

  it.each([
    ['a|b', 'axx', true], ['a|b', 'xxb', true], ['a|b', 'xax', false], ['abc', 'abc\n', true], ['abc', 'abc\r\n', true], ['abc', 'abc\n\n', false], ['abc$', 'abc\n', true], ['abc', '', false], ['a*', '', false],
    ['a*', '\n', false], ['a*$', '\n', false], ['a*', 'a\n', true], ['a*', 'aaa\n', true], ['a|', 'b\n', false], ['a|$', 'b\n', false], ['a|', 'ab', true], ['(a|)', '\n', false], ['(a|)', 'a\n', true], ['.', '\n', false], ['\\s', '\n', true], ['\\s*|a', '\n', true],
  ])('the whole of a text by %s is that of Deequ: %j %s', async (pattern, text, expected) => {
    const [row] = await lake.query(`SELECT ${matchesWhole('"text"', pattern)} AS found FROM (VALUES (${quoteText(text)}), (NULL)) AS t("text") WHERE "text" IS NOT NULL`);
    expect(row?.['found']).toBe(expected);
  });

  it('a text that is NULL is neither a match nor none', async () => {
    for (const pattern of ['a', 'a|b', 'a*', 'a|']) expect(await lake.query(`SELECT ${matchesWhole('CAST(NULL AS VARCHAR)', pattern)} AS found`)).toEqual([{ found: null }]);
  });

  it('looks for a pattern in a column as in a single text', async () => {
    for (const pattern of ['$a', 'a^', 'a$', '^a']) {
      const [row] = await lake.query(`SELECT regexp_matches("text", ${quoteText(translatePattern(pattern))}) AS found FROM (VALUES ('a'), ('b')) AS t("text") WHERE "text" <> 'b'`);
      expect({ pattern, found: row?.['found'] }).toEqual({ pattern, found: ['a$', '^a'].includes(pattern) });
    }
  });

  it.each([
    ['bad', 'bad luck', true], ['bad', 'badly', false], ['bad', 'is bad', false], ['a|b', 'a!', true], ['a|b', 'ac', true], ['bad$', 'bad\n', true], ['bad$', 'bad luck', false], ['(bad$|worse)', 'bad\r\n', true], ['(bad$|worse)', 'worse!', true],
    ['(bad$|worse)', 'worsen', false], ['!$', '!\n', false], ['bad$$', 'bad\n', true],
  ])('%s at the start of %j, as a word, is refused: %s', async (pattern, text, expected) => {
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
