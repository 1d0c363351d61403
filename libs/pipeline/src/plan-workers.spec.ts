import fc from 'fast-check';
import { planWorkers } from './plan-workers';

const types = ['G.025X', 'G.1X', 'G.2X', 'G.4X', 'G.8X'];

describe('planWorkers', () => {
  it.each([
    [0, 'G.1X', 2],
    [2e9, 'G.1X', 2],
    [2e9 + 1, 'G.1X', 3],
    [40e9, 'G.1X', 21],
    [40e9, 'G.2X', 11],
    [1e13, 'G.1X', 299],
  ])('takes for %d bytes on %s %d workers', (bytes, workerType, workers) => {
    expect(planWorkers({ bytes, workerType, fewest: 2 })).toBe(workers);
  });
  it('never takes fewer for more bytes, nor fewer than the config asks for', () => {
    fc.assert(
      fc.property(fc.nat(1e13), fc.nat(1e13), fc.constantFrom(...types), fc.integer({ min: 2, max: 299 }), (a, b, workerType, fewest) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((bytes) => planWorkers({ bytes, workerType, fewest })) as [number, number];
        expect(less).toBeLessThanOrEqual(more);
        expect(less).toBeGreaterThanOrEqual(fewest);
        expect(more).toBeLessThanOrEqual(299);
      }),
    );
  });
  it('knows no other worker types', () => {
    expect(() => planWorkers({ bytes: 1, workerType: 'Z.1X', fewest: 2 })).toThrow(RangeError);
  });
});
