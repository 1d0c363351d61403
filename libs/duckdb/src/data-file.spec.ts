import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { Database } from './database';
import { readDataFile } from './data-file';

let dir: string;
let db: Database;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'data-file-'));
  db = await Database.open({ threads: 1 });
});
afterAll(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

let files = 0;
async function read(text: string, extension: string, allText = true): Promise<unknown[][]> {
  const file = path.join(dir, `${(files += 1)}.${extension}`);
  writeFileSync(file, text);
  const { query } = await readDataFile(db, file, allText);
  return (await db.rows(query)).map((row) => Object.values(row));
}

const field = fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme' }), fc.constantFrom('', '0', '007', '1e5', '2024-01-02', 'true', ' ', '"', ',', '\n', '\t|;', "it's"))
  .filter((value) => value === null || !/[\0\r]/.test(value));
const table = fc.integer({ min: 2, max: 5 }).chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));

describe('readDataFile', () => {
  it.each([
    [',', 'csv'],
    [';', 'csv'],
    ['|', 'txt'],
    ['\t', 'tsv'],
  ])('reads what was written with %j in %s, value for value', async (delimiter, extension) => {
    const write = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const header = rows[0]?.map((_, index) => `c${index}`) ?? [];
        const text = [header, ...rows.map((row) => row.map(write))].map((line) => `${line.join(delimiter)}\n`).join('');
        expect(await read(text, extension)).toEqual(rows);
      }),
      { numRuns: 100 },
    );
  });

  it('reads JSON objects, one a line or in an array, value for value', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const objects = rows.map((row) => JSON.stringify(Object.fromEntries([['c', 'x'], ...row.map((value, index) => [`c${index}`, value])])));
        const expected = rows.map((row) => ['x', ...row]);
        expect(await read(objects.join('\n'), 'jsonl')).toEqual(expected);
        expect(await read(`[${objects.join(',')}]`, 'json')).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('finds one column in a file of one', async () => {
    expect(await read('name\na\nb c\n', 'csv')).toEqual([['a'], ['b c']]);
  });
});
