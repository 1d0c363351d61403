import * as fc from 'fast-check';
import { outerBounds, roundDown, wholeBand } from './margins';

describe('the margins', () => {
  it('lie outside of every range that can be written, near it, and are plain numbers', () => {
    const ends = fc.tuple(fc.double({ min: -1e14, max: 1e14, noNaN: true }), fc.double({ min: -1e14, max: 1e14, noNaN: true }));
    fc.assert(fc.property(ends, (both) => {
      const [lowest, highest] = [Math.min(...both), Math.max(...both)];
      const bounds = outerBounds({ lowest, highest });
      fc.pre(bounds !== null);
      for (const bound of [bounds!.lower, bounds!.upper]) expect(bound).toMatch(/^-?[0-9]+([.][0-9]+)?$/);
      const room = (highest - lowest || Math.abs(highest) || 1) * 0.21;
      expect(Number(bounds!.upper)).toBeGreaterThan(highest);
      expect(Number(bounds!.upper)).toBeLessThan(highest + room);
      expect(bounds!.lower === '0' ? lowest >= 0 : Number(bounds!.lower) < lowest && Number(bounds!.lower) > lowest - room).toBe(true);
    }), { numRuns: 2000 });
  });
  it.each([[{ lowest: -1e16, highest: 1 }], [{ lowest: Number.NEGATIVE_INFINITY, highest: 1 }], [{ lowest: 0, highest: Number.NaN }], [{ lowest: 1e9, highest: 1e9 + 1e-5 }], [{ lowest: 1e-9, highest: 2e-9 }]])('are none for %j', (range) => {
    expect(outerBounds(range)).toBeNull();
  });
  it('of a count are outside of its half and its double', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (count) => {
      const { below, above } = wholeBand(count);
      expect(below).toBeLessThan(count / 2);
      expect(below + 1).toBeGreaterThanOrEqual(count / 2);
      expect(above).toBe(count * 2 + 1);
    }));
  });
  it('of a share are never above it', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), (hundredths) => expect(roundDown(hundredths / 100)).toBe(hundredths / 100)));
    expect(roundDown(0.999)).toBe(0.99);
  });
});
