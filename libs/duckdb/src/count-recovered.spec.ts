import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createLocalStore } from '@inlet/local-io';
import { tempDir } from '@inlet/testing';
import fc from 'fast-check';
import { Database } from './database';
import { createDuckDbEngine } from './engine';

const dir = tempDir();
const store = createLocalStore({ root: path.join(dir, 'lake') });
mkdirSync(path.join(dir, 'scratch'), { recursive: true });
let files = 0;
let db: Database;
beforeAll(async () => {
  db = await Database.open();
});
afterAll(() => db.close());

/** A Parquet file of the lake that holds a query's rows. */
async function writeTable(query: string): Promise<string> {
  const file = path.join(dir, 'scratch', `${(files += 1)}.parquet`);
  await db.run(`copy (${query}) to '${file}' (format parquet)`);
  const key = `t/${files}.parquet`;
  await store.uploadFile(file, key);
  return key;
}

/** `lines` of one member; the column types are those of the layer. */
const linesOf = (lines: readonly number[], type: string) => `select 's' as _source, 'm' as _member, unnest([${lines.join(', ')}]::${type}[]) as _line`;

async function count(quarantineThen: string[], built: string[], quarantineNow: string[] = []): Promise<number | undefined> {
  const { tables } = await createDuckDbEngine().countRecovered({ tables: [{ name: 'a', quarantineThen, quarantineNow, built }] }, { store, scratchDir: path.join(dir, 'scratch') });
  return tables[0]?.recovered;
}

describe('countRecovered', () => {
  it('counts each row of the quarantine that stands in the table now, however often, in files of any number and integer type', async () => {
    const lines = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lines, lines, lines, async (then, more, now) => {
        const quarantine = [await writeTable(linesOf(then, 'bigint')), await writeTable(linesOf(more, 'bigint'))];
        const expected = new Set([...then, ...more].filter((line) => now.includes(line))).size;
        expect(await count(quarantine, [await writeTable(linesOf(now, 'integer'))])).toBe(expected);
      }),
      { numRuns: 15 },
    );
  });
  it('counts no row of which a part is kept back now as then, beside parts that are built', async () => {
    const [then, now] = [await writeTable(linesOf([1, 2, 3], 'bigint')), await writeTable(linesOf([1, 1, 9], 'bigint'))];
    const built = await writeTable(linesOf([1, 2, 2], 'bigint'));
    expect(await count([then], [built], [now])).toBe(1);
    expect(await count([then], [built])).toBe(2);
  });
  it('takes a line of another member or source for another row', async () => {
    const then = await writeTable(`select 's' as _source, 'm' as _member, 1 as _line`);
    const elsewhere = await writeTable(`from (values ('s', 'n', 1), ('r', 'm', 1), ('s', 'm', 2)) t(_source, _member, _line)`);
    expect(await count([then], [elsewhere])).toBe(0);
  });
  it('counts none where the rows do not tell where they came from', async () => {
    const then = await writeTable('select 1 as id');
    expect(await count([then], [await writeTable(linesOf([1], 'bigint'))])).toBe(0);
    expect(await count([await writeTable(linesOf([1], 'bigint'))], [then])).toBe(0);
  });
});
