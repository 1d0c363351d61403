import fc from 'fast-check';
import { differenceOf, ratioOf, summarise, summarisePairs } from './statistics';

const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });

describe('summarise', () => {
  it('takes the middle value of an odd number and the mean of both middle ones of an even number', () => {
    expect(summarise([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(summarise([4, 1, 2, 100])).toEqual({ median: 3, min: 1, max: 100 });
  });
  it('depends on no order, and has as many values below the median as above it', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const summary = summarise(values);
        expect(summarise(values.toReversed())).toEqual(summary);
        expect(summary.min).toBeLessThanOrEqual(summary.median);
        expect(summary.median).toBeLessThanOrEqual(summary.max);
        const below = values.filter((value) => value < summary.median).length;
        const above = values.filter((value) => value > summary.median).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
  it('refuses nothing and what is no number', () => {
    expect(() => summarise([])).toThrow(RangeError);
    expect(() => summarise([1, NaN])).toThrow(RangeError);
  });
});

describe('summarisePairs', () => {
  it('combines round by round, so that a slow round does not count', () => {
    expect(summarisePairs([2, 20, 2], [1, 10, 1], ratioOf)).toEqual({ median: 2, min: 2, max: 2 });
    expect(summarisePairs([30, 130], [20, 120], differenceOf)).toEqual({ median: 10, min: 10, max: 10 });
  });
  it('refuses contenders with different numbers of rounds', () => {
    expect(() => summarisePairs([1, 2], [1], ratioOf)).toThrow(RangeError);
  });
});
