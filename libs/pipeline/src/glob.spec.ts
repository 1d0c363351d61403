import { matchesAny, matchesGlob } from './index';

describe('matchesGlob', () => {
  it.each([
    ['*.csv', 'Data.CSV', true],
    ['*.csv', 'folder/data.csv', true],
    ['product.txt', 'unfinished_product.txt', false],
    ['*product*.txt', 'Products_excluded.txt', true],
    ['a?.txt', 'ab.txt', true],
    ['a.txt', 'abtxt', false],
    ['in/*.csv', 'in/a.csv', true],
    ['in/*.csv', 'out/a.csv', false],
  ])('%s on %s: %s', (pattern, member, expected) => {
    expect(matchesGlob(pattern, member)).toBe(expected);
    expect(matchesAny(['nothing', pattern], member)).toBe(expected);
  });
});
