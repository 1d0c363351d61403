import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { InterruptedError } from '@inlet/errors';
import { tempDir } from '@inlet/testing';
import { chooseThreads, Database } from './database';

/** Takes seconds: longer than an interrupted statement may. */
const LONG = 'select bit_xor(hash(a.i, b.i)) as x from range(100_000) a(i), range(20_000) b(i)';
const PROMPT_MS = 1000;

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

  it('runs statements one after another, in the order in which they were asked for', async () => {
    const db = await Database.open();
    const ended: string[] = [];
    const note = (name: string) => () => void ended.push(name);
    try {
      await Promise.all([
        db.run('create table t as select range as i from range(3_000_000)').then(note('table')),
        db.rows('select no_such_column from t').catch(note('mistake')),
        db.row<{ n: bigint }>('select count(*) as n from t').then(({ n }) => note(`rows ${n}`)()),
      ]);
    } finally {
      db.close();
    }
    expect(ended).toEqual(['table', 'mistake', 'rows 3000000']);
  });

  it.each([0, 100])('stops a statement that is interrupted %d ms after it was asked for, and those that wait for it', async (afterMs) => {
    const controller = new AbortController();
    const db = await Database.open({ signal: controller.signal });
    const reason = new InterruptedError({ what: 'The run was interrupted', next: 'Run it again.' });
    try {
      const statements = Promise.allSettled([db.rows(LONG), db.run('create table t (i int)'), db.rows('select 1')]);
      // The first turn has come, so that the statement is DuckDB's; whether its thread has begun it is a matter of luck when no time passes.
      await Promise.resolve();
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      const abortedAtMs = performance.now();
      controller.abort(reason);
      expect(await statements).toEqual(Array.from({ length: 3 }, () => ({ status: 'rejected', reason })));
      expect(performance.now() - abortedAtMs).toBeLessThan(PROMPT_MS);
    } finally {
      db.close();
    }
  });

  it('closed while a statement is under way lets it end, and refuses those that wait for it', async () => {
    const db = await Database.open();
    const statements = Promise.allSettled([db.row<{ n: bigint }>('select count(distinct hash(range)) as n from range(1_000_000)'), db.rows('select 1')]);
    await Promise.resolve();
    db.close();
    expect(await statements).toMatchObject([{ status: 'fulfilled', value: { n: 1_000_000n } }, { status: 'rejected', reason: { message: expect.stringContaining('closed') } }]);
    await expect(db.rows('select 1')).rejects.toThrow('closed');
    db.close();
  });

  it('survives being interrupted and closed in the midst of many statements, again and again', async () => {
    let interrupted = 0;
    for (let round = 0; round < 40; round += 1) {
      const controller = new AbortController();
      const db = await Database.open({ threads: 2, signal: controller.signal });
      const table = db.run('create temp table t as select range::varchar as v from range(20_000)');
      const counts = Array.from({ length: 8 }, (_, n) => db.run(`select count(*) filter (regexp_full_match(v, '[0-9]*${n}')) from t`));
      setTimeout(() => controller.abort(), round % 8);
      await Promise.all([table, ...counts]).catch((error: unknown) => {
        expect(error).toBeInstanceOf(InterruptedError);
        interrupted += 1;
      });
      db.close();
    }
    expect(interrupted).toBeGreaterThan(0);
  }, 60_000);
  it('confined to a folder reads, writes and spills there, and nowhere else', async () => {
    const [inside, outside] = [tempDir(), tempDir()];
    for (const dir of [inside, outside]) writeFileSync(path.join(dir, 'a.txt'), 'x');
    const db = await Database.open({ memoryMb: 60, threads: 1, tempDir: path.join(inside, 'spill') });
    try {
      await db.confine([], { folder: inside });
      expect(await db.rows(`select content from read_text('${inside}/a.txt')`)).toEqual([{ content: 'x' }]);
      expect(await db.run(`copy (select md5(i::varchar) as m from range(2_000_000) t(i) order by m) to '${inside}/sorted.parquet' (format parquet)`)).toBe(2_000_000);
      for (const file of [`${outside}/a.txt`, `${inside}/../${path.basename(outside)}/a.txt`]) await expect(db.rows(`select content from read_text('${file}')`)).rejects.toThrow('Permission Error');
      await expect(db.run(`copy (select 1) to '${outside}/b.csv'`)).rejects.toThrow('Permission Error');
      await expect(db.run(`set allowed_directories = ['${outside}']`)).rejects.toThrow('locked');
    } finally {
      db.close();
    }
  });
});
