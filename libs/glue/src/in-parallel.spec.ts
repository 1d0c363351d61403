import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { inParallel } from './in-parallel';

describe('inParallel', () => {
  it('does everything once, and as much at once as it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), async (items, limit) => {
        const done: number[] = [];
        let [atWork, most] = [0, 0];
        await inParallel(items, limit, async (item) => {
          most = Math.max(most, (atWork += 1));
          await turn();
          atWork -= 1;
          done.push(item);
        });
        expect(done).toEqual(items);
        expect(most).toBe(Math.min(limit, items.length));
      }),
    );
  });

  it('finishes the rest before it throws what failed first', async () => {
    const done: number[] = [];
    const work = async (item: number) => {
      if (item < 3) throw new Error(`no ${item}`);
      await turn();
      done.push(item);
    };
    await expect(inParallel([1, 2, 3, 4], 2, work)).rejects.toThrow('no 1');
    expect(done).toEqual([3, 4]);
  });
});
