import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { rewriteRecords } from './rewrite-records';
import { openWorkbench, type Workbench } from './workbench.test-support';

let bench: Workbench;
beforeAll(() => {
  bench = openWorkbench();
});
afterAll(() => bench.remove());

const build = (text: string | Buffer, options: Partial<Parameters<Workbench['buildBronze']>[1]> = {}) => bench.buildBronze({ 'data.csv': text }, { columns: ['a', 'b'], ...options });
const read = async (text: string | Buffer, options: Partial<Parameters<Workbench['buildBronze']>[1]> = {}) => {
  const report = await build(text, options);
  return { report, ...(await bench.readBronze(report)) };
};
const cells = (rows: Record<string, unknown>[]) => rows.map(({ a, b, _line }) => [a, b, Number(_line)]);

describe('buildBronze', () => {
  it('keeps every value as text, empty fields as NULL, and the line each row stood on', async () => {
    const { rows, report } = await read('a,b\n007,"x, y"\n,""\n 1 ,2\n');
    expect(cells(rows)).toEqual([['007', 'x, y', 2], [null, '', 3], [' 1 ', '2', 4]]);
    expect(rows[0]).toMatchObject({ _source: 'test', _member: 'data.csv' });
    expect(report.tables[0]?.files[0]?.firstLine).toBe(2);
  });
  it.each([
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['no newline at the end', 'a,b\n1,2\n3,4'],
  ])('reads %s in one pass', async (_what, text) => {
    const { rows, report } = await read(text);
    expect(cells(rows)).toEqual([['1', '2', 2], ['3', '4', 3]]);
    expect(report.tables[0]?.files[0]?.firstLine).toBe(2);
  });
  it.each([
    ['a blank line', 'a,b\n1,2\n\n3,4\n', [['1', '2', 2], ['3', '4', 4]]],
    ['line breaks inside quotes', 'a,b\n"1\n1","2\r\n2"\n3,4\n', [['1\n1', '2\r\n2', 2], ['3', '4', 5]]],
    ['mixed line ends', 'a,b\r\n1,2\n3,4\r\n', [['1', '2', 2], ['3', '4', 3]]],
    ['a carriage return inside a field', 'a,b\n1\r1,2\n3,4\n', [['1\r1', '2', 2], ['3', '4', 3]]],
  ])('tells the right line beside %s', async (_what, text, expected) => {
    const { rows, malformed, report } = await read(text);
    expect(cells(rows)).toEqual(expected);
    expect(malformed).toEqual([]);
    expect(report.tables[0]?.files[0]?.firstLine).toBeNull();
  });
  it('keeps what it cannot read as it stood, with the line and the reason', async () => {
    const text = Buffer.concat([Buffer.from('a,b\n1\n1,2,3\n'), Buffer.from('\x92,2\n', 'latin1'), Buffer.from('"x"y,2\nok,é\n')]);
    const { rows, malformed, report } = await read(text);
    expect(cells(rows)).toEqual([['ok', 'é', 6]]);
    expect(malformed.map(({ _raw, _error, _line }) => [_raw, _error, Number(_line)])).toEqual([
      ['1', 'expected 2 fields, found 1', 2],
      ['1,2,3', 'expected 2 fields, found 3', 3],
      ['\\x92,2', 'the bytes are not UTF-8', 4],
      ['"x"y,2', 'a quote stands where none may stand', 5],
    ]);
    expect(report.tables[0]?.rows).toBe(5);
  });
  it('gives up only the line on which a quote is opened and never closed', async () => {
    const { rows, malformed } = await read('a,b\n1,2\n"3,4\n5,6\n"7\n7",8\n');
    expect(malformed.map(({ _raw, _error, _line }) => [_raw, _error, Number(_line)])).toEqual([['"3,4', 'a quote stands where none may stand', 3]]);
    expect(cells(rows)).toEqual([['1', '2', 2], ['5', '6', 4], ['7\n7', '8', 5]]);
  });
  it('says so when the text ends inside quotes', async () => {
    const { rows, malformed } = await read('a,b\n1,"2\n3,4\n');
    expect(malformed[0]).toMatchObject({ _raw: '1,"2', _error: 'a quote is opened and never closed' });
    expect(cells(rows)).toEqual([['3', '4', 3]]);
  });
  it('bounds a line without end', async () => {
    const { rows, malformed } = await read(`a,b\n${'x'.repeat(3_000_000)}\n1,2\n`);
    expect(malformed[0]).toMatchObject({ _error: 'the line is longer than 1000000 bytes' });
    expect(String(malformed[0]?.['_raw'])).toHaveLength(100_000);
    expect(cells(rows)).toEqual([['1', '2', 3]]);
  });
  it('takes quotes for data where the format has no quoting', async () => {
    const { rows } = await read('a\tb\n"x\ty"\n\'\t"\n', { format: { delimiter: '\t', quoting: false } });
    expect(cells(rows)).toEqual([['"x', 'y"', 2], ["'", '"', 3]]);
  });
  it('finds the record whose values have moved behind a comma without quotes', async () => {
    const { rows, malformed } = await read('a,b,c\nAcme, Inc,,\nx,,\n', { columns: ['a', 'b', 'c'] });
    expect(malformed).toMatchObject([{ _raw: 'Acme, Inc,,', _error: 'expected 3 fields, found 4' }]);
    expect(rows).toMatchObject([{ a: 'x', b: null, c: null }]);
  });
  it('knows a delimiter that is no ASCII, on both ways', async () => {
    const { rows, malformed } = await read('a¦b\nx¦"é¦"\n\ny¦z\n', { format: { delimiter: '¦' } });
    expect(cells(rows)).toEqual([['x', 'é¦', 2], ['y', 'z', 4]]);
    expect(malformed).toEqual([]);
    expect(cells((await read('a¦b\nx¦y\n', { format: { delimiter: '¦' } })).rows)).toEqual([['x', 'y', 2]]);
  });
  it('stops in the middle of a careful reading when it is told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('stop'));
    const input = { source: 's', rawKey: 'r', member: 'm', path: path.join(bench.dir, 'long.csv'), lines: 1, sizeBytes: 1, columns: ['a'], outputKey: 'k' };
    writeFileSync(input.path, `${'x'.repeat(1000)}\n`.repeat(2000));
    const target = path.join(bench.dir, 'long.ndjson');
    await expect(rewriteRecords(input, { delimiter: ',', quoting: true, header: false }, { target, signal: controller.signal })).rejects.toThrow('stop');
  });
  it('fills columns that a file lacks with NULL, and reads a file without a header', async () => {
    const { rows } = await read('1\n2\n', { columns: ['a', 'b'], fileColumns: ['b'], format: { header: false } });
    expect(cells(rows)).toEqual([[null, '1', 1], [null, '2', 2]]);
  });
  it('infers types from a sample, and null shares from all rows', async () => {
    const { report } = await read('a,b\n20240131,01\n20240229,1\n,2\n,3\n');
    expect(report.tables[0]?.inferred).toEqual({
      sampledRows: 4,
      columns: [
        { column: 'a', inferredType: 'date (YYYYMMDD)', nullShare: 0.5 },
        { column: 'b', inferredType: 'text', nullShare: 0 },
      ],
    });
  });
  it('gives the same rows on the quick way and the careful one, for any well-formed text', async () => {
    // A blank line at the end forces the careful way and changes nothing else.
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '0', ' ', ',', '"', ';', '-', '\t', '\u{1f48a}'), maxLength: 6 });
    // Fields go without quotes where they can, in the second column: so that an empty one is NULL there, and '' in the first.
    const isBare = (column: number, value: string) => column === 1 && !/[",]/.test(value);
    const quoteField = (value: string, column: number) => (isBare(column, value) ? value : `"${value.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 30 }), async (records) => {
        const text = `a,b\n${records.map((record) => record.map(quoteField).join(',')).join('\n')}\n`;
        const quick = await read(text);
        const careful = await read(`${text}\n`);
        expect(quick.report.tables[0]?.files[0]?.firstLine).toBe(2);
        expect(careful.report.tables[0]?.files[0]?.firstLine).toBeNull();
        expect(cells(quick.rows)).toEqual(records.map(([a, b], index) => [a || (isBare(0, a) ? null : ''), b || (isBare(1, b) ? null : ''), index + 2]));
        expect(cells(careful.rows)).toEqual(cells(quick.rows));
      }),
      { numRuns: 40 },
    );
  });
  it('accounts for every line of any bytes at all', async () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.array(fc.constantFrom(10, 13, 34, 44, 97, 0x92, 0, 0xc3, 0xa9), { maxLength: 120 }).map((list) => Uint8Array.from(list)));
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (body, quoting) => {
        const text = Buffer.concat([Buffer.from('a,b\n'), body]);
        const { rows, malformed, report } = await read(text, { format: { quoting } });
        expect(rows.length + malformed.length).toBe(report.tables[0]?.rows);
        const lines = [...rows, ...malformed].map(({ _line }) => Number(_line));
        expect(new Set(lines).size).toBe(lines.length);
        const content = Buffer.from(body).toString('latin1').split('\n').map((line) => line.replace(/\r$/, ''));
        if (!quoting) expect(lines.sort((x, y) => x - y)).toEqual(content.flatMap((line, index) => (line === '' ? [] : [index + 2])));
      }),
      { numRuns: 150 },
    );
  });
});
