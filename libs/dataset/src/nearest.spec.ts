import fc from 'fast-check';
import { findNearest } from './nearest';

describe('findNearest', () => {
  it.each([
    ['ndse', ['cder', 'nsde'], 'nsde'],
    ['NSDE', ['nsde'], 'nsde'],
    ['retension', ['retention', 'schedule'], 'retention'],
    ['alias', ['name', 'source', 'aliases'], 'aliases'],
    ['rxnorm', ['cder', 'nsde'], undefined],
    ['', ['cder'], undefined],
    ['a', [], undefined],
  ])('%j among %j is %j', (word, candidates, expected) => {
    expect(findNearest(word, candidates)).toBe(expected);
  });

  it('is the word itself where it is a candidate', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 1 }), fc.nat(), (words, at) => {
        const word = words[at % words.length]!;
        expect(findNearest(word, words)).toBe(word);
      }),
    );
  });

  it('does not compare texts of any length', () => {
    expect(findNearest('x'.repeat(100_000), ['x'.repeat(99_999)])).toBeUndefined();
  });
});
