import { chooseThreads, Database } from './database';

describe('Database', () => {
  it.each([
    [512, 16, 4],
    [512, 2, 2],
    [128, 8, 1],
    [64, 8, 1],
    [10_240, 64, 64],
  ])('with %d MB on %d cores takes %d threads', (memoryMb, cores, threads) => {
    expect(chooseThreads(memoryMb, cores)).toBe(threads);
  });
  it('takes the threads and the memory that it is told to', async () => {
    const db = await Database.open({ memoryMb: 100, threads: 3 });
    try {
      const { threads, memory } = await db.row<{ threads: bigint; memory: string }>("select current_setting('threads') as threads, current_setting('memory_limit') as memory");
      expect([Number(threads), memory]).toEqual([3, '95.3 MiB']);
    } finally {
      db.close();
    }
  });
});
