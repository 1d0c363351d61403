import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BronzeInput } from '@inlet/pipeline';
import fc from 'fast-check';
import { Database, parquetTable } from './database';
import { inspectLineEnds } from './line-ends';
import { writeBronzeQuickly } from './read-delimited';
import { rewriteRecords } from './rewrite-records';

let db: Database;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'inlet-delimited-'));
  db = await Database.open();
});
afterAll(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

type Cells = (string | null | number)[][];

interface Shape {
  columns: string[];
  quoting: boolean;
  header: boolean;
}

const DELIMITER = ',';

function writeInput(text: string, { columns }: Shape): BronzeInput {
  const file = path.join(dir, 'data.csv');
  writeFileSync(file, text);
  const lines = text.split('\n').length - (text === '' || text.endsWith('\n') ? 1 : 0);
  return { source: 's', rawKey: 'raw/x', member: 'data.csv', path: file, lines, sizeBytes: text.length, columns, outputKey: 'bronze/x' };
}

/** Values and line of each record; undefined where the quick way refuses. */
async function readQuickly(text: string, shape: Shape): Promise<Cells | undefined> {
  const target = path.join(dir, 'data.parquet');
  const written = await writeBronzeQuickly(db, writeInput(text, shape), { columns: shape.columns, format: { delimiter: DELIMITER, ...shape }, target });
  if (written === undefined) return undefined;
  const rows = await db.rows(`select * from ${parquetTable(target, 'file_row_number = true')} order by file_row_number`);
  return rows.map((row) => [...shape.columns.map((name) => row[name] as string | null), Number(row['file_row_number']) + (written.firstLine ?? NaN)]);
}

async function readCarefully(text: string, shape: Shape): Promise<Cells> {
  const target = path.join(dir, 'data.ndjson');
  await rewriteRecords(writeInput(text, shape), { delimiter: DELIMITER, ...shape }, { target });
  const records = readFileSync(target, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as (string | null)[]);
  return records.map((record) => [...record.slice(0, shape.columns.length), Number(record[shape.columns.length]), ...(record.at(-1) === null ? [] : [record.at(-1) ?? ''])]);
}

const abc: Shape = { columns: ['a', 'b', 'c'], quoting: true, header: true };

describe('writeBronzeQuickly', () => {
  it.each([
    ['a comma without quotes, on a line that ends in empty fields', 'a,b,c\nAcme, Inc,,\nx,,\n'],
    ['a comma without quotes among records that end in as many commas', 'a,b,c\nx,,\ny,z,\nAcme, Inc,,\n'],
    ['a delimiter at the end of every line', 'a,b,c\n1,2,3,\n4,5,6,\n'],
    ['a carriage return that begins a line', 'a,b,c\n\r1,2,3\n'],
    ['carriage returns on some lines', 'a,b,c\n1,2,3\r\n4,5,6\n'],
    ['a NUL beyond the last column', 'a,b,c\n1,2,3,\0\n'],
  ])('leaves %s to the careful way', async (_what, text) => {
    expect(await readQuickly(text, abc)).toBeUndefined();
  });
  it.each([
    ['empty fields at the end', 'a,b,c\nx,,\n,,\n1,2,\n1,2,3\n'],
    ['CRLF', 'a,b,c\r\nx,,\r\n1,2,\r\n'],
    ['CRLF without a newline at the end', 'a,b,c\r\nx,,\r\n1,2,'],
    ['quoted empty fields and commas at the end', 'a,b,c\nx,"",""\ny,"z,",\n1,,"2,,"\n'],
  ])('takes %s', async (_what, text) => {
    expect(await readQuickly(text, abc)).toEqual(await readCarefully(text, abc));
  });
  it('reads any text as the careful way does, or refuses it', async () => {
    const character = fc.constantFrom('a', ',', ',', '"', '\n', '\n', '\r', ' ', '\0', 'é');
    const wild = fc.string({ unit: character, maxLength: 30 });
    const field = fc.oneof(fc.string({ unit: character, maxLength: 3 }), fc.constant(''));
    const quoted = fc.tuple(field, fc.boolean()).map(([value, bare]) => (bare ? value : `"${value.replaceAll('"', '""')}"`));
    const tame = fc.array(fc.array(quoted, { minLength: 1, maxLength: 3 }), { maxLength: 6 }).map((records) => records.map((record) => `${record.join(',')}\n`).join(''));
    const shape = fc.record({ columns: fc.constantFrom(1, 2).map((width) => ['a', 'b'].slice(0, width)), quoting: fc.boolean(), header: fc.boolean() });
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(wild, tame), shape, async (text, of) => {
        const quick = await readQuickly(text, of);
        if (quick === undefined) return;
        taken += 1;
        expect(quick).toEqual(await readCarefully(text, of));
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});

describe('inspectLineEnds', () => {
  it('counts the same wherever a line ends among the pieces in which a file is read', async () => {
    const piece = 1 << 20;
    for (let shift = 0; shift <= 6; shift += 1) {
      const body = `h\n${'x'.repeat(piece - 6 + shift)},,,\r\n1,,\r\n`;
      writeFileSync(path.join(dir, 'long.csv'), body);
      const { trailing } = await inspectLineEnds({ path: path.join(dir, 'long.csv'), delimiter: ',', width: 4, headerLines: 1 });
      expect(trailing).toEqual([2, 2, 1, 0]);
    }
  });
  it('knows delimiters of several bytes', async () => {
    writeFileSync(path.join(dir, 'wide.csv'), '1¦2¦¦\n1¦2¦3\n');
    expect(await inspectLineEnds({ path: path.join(dir, 'wide.csv'), delimiter: '¦', width: 3, headerLines: 0 })).toEqual({ trailing: [1, 1, 0], isPlain: true });
  });
});
