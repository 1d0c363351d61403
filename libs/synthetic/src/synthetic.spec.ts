import fc from 'fast-check';
import { keyOfSeed, mix, scheduleSlots } from './index';

describe('mix', () => {
  it('gives the same unsigned 32-bit numbers on every machine', () => {
    expect([mix(1, 1), mix(1, 2), mix(2, 1), keyOfSeed(1)]).toEqual([0, 1342625760, 1342625760, 2145795459]);
    expect(new Set(Array.from({ length: 10_000 }, (_, n) => mix(keyOfSeed(7), n))).size).toBeGreaterThan(9_990);
  });
});

describe('scheduleSlots', () => {
  it('never touches the quirks, and touches just the slots it lists', () => {
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5000 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 5 }), (rows, band, transition) => {
        const { stride, touchesOf, slotsTouchedBy } = scheduleSlots(rows, band);
        const listed = new Set(slotsTouchedBy(transition));
        for (const slot of listed) expect(slot % stride).toBeGreaterThanOrEqual(band);
        for (let slot = 0; slot < rows; slot += 1) {
          const isTouched = touchesOf(slot, transition + 1).some((touch) => touch.transition === transition);
          expect(isTouched).toBe(listed.has(slot));
        }
      }),
      { numRuns: 20 },
    );
  });
});
