import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { UsageError } from '@inlet/errors';
import { openCheckFiles, type CheckFiles, type CheckFilesOptions } from './check-file';
import { Database } from './database';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'check-file-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  const file = path.join(dir, name);
  writeFileSync(file, content);
  return file;
}

async function withFiles<T>(options: Omit<CheckFilesOptions, 'tempDir'>, work: (files: CheckFiles) => Promise<T>): Promise<T> {
  const files = await openCheckFiles({ tempDir: path.join(dir, 'spill'), ...options });
  try {
    return await work(files);
  } finally {
    files.close();
  }
}

const look = (data: string, options: Partial<CheckFilesOptions> = {}) =>
  withFiles({ data, ...options }, async ({ primary, query }) => ({
    types: Object.fromEntries(primary.columns.map(({ name, type }) => [name, type])),
    rows: await query(`select * from ${primary.from}`),
    known: { rows: primary.known.rows, nulls: Object.fromEntries(primary.known.nulls ?? []) },
    reading: primary.reading,
  }));

async function refusal(data: string): Promise<UsageError> {
  const outcome = await look(data).then(() => undefined, (error: unknown) => error);
  expect(outcome).toBeInstanceOf(UsageError);
  return outcome as UsageError;
}

describe('openCheckFiles', () => {
  it('gives each column of a delimited file the type that all its values have, and counts its rows and NULLs', async () => {
    const file = write('a.csv', 'id,zip,day,at,price,open,note\n1,00501,2024-01-02,2024-01-02T03:04:05,1.5,true,\n2,10001,,2024-01-02 03:04:05,2,false,""\n');
    const { types, rows, known, reading } = await look(file);
    expect(types).toEqual({ id: 'BIGINT', zip: 'VARCHAR', day: 'DATE', at: 'TIMESTAMP', price: 'DOUBLE', open: 'BOOLEAN', note: 'VARCHAR' });
    expect(rows.map(({ zip, note }) => [zip, note])).toEqual([['00501', null], ['10001', '']]);
    expect(known).toEqual({ rows: 2, nulls: { id: 0, zip: 0, day: 1, at: 0, price: 0, open: 0, note: 1 } });
    expect(reading).toBe('separated by commas, with a header');
  });

  it('looks at all rows: one late value changes the type', async () => {
    const file = write('late.csv', `id,n\n${'1,\n'.repeat(60_000)}x,2024-01-01\n`);
    expect((await look(file)).types).toEqual({ id: 'VARCHAR', n: 'DATE' });
  });

  it('takes no date whose order of day and month must be guessed', async () => {
    expect((await look(write('d.csv', 'd,t\n13/02/2024,13/02/2024 10:00\n'))).types).toEqual({ d: 'VARCHAR', t: 'VARCHAR' });
  });

  it('keeps every value as text when asked', async () => {
    expect((await look(write('a.csv', 'id,day\n1,2024-01-02\n'), { allText: true })).rows).toEqual([{ id: '1', day: '2024-01-02' }]);
    expect((await look(write('a.jsonl', '{"id": 1, "tags": [1]}'), { allText: true })).rows).toEqual([{ id: '1', tags: '[1]' }]);
  });

  it.each([
    ['a.csv', 'a,b\n1,"x, y"\n', [{ a: 1n, b: 'x, y' }]],
    ['a.csv', '\ufeffa;b\r\n1;"two\r\nlines"\r\n', [{ a: 1n, b: 'two\r\nlines' }]],
    ['a.txt', 'a|b\n1|x\n', [{ a: 1n, b: 'x' }]],
    ['a.tsv', 'a\n1\n', [{ a: 1n }]],
    ['a.tsv', 'a\tb\n1\t"x" y\n', [{ a: 1n, b: '"x" y' }]],
    ['a.CSV.gz', gzipSync('a,b\n1,x\n'), [{ a: 1n, b: 'x' }]],
    ['a.csv.zst', zstdCompressSync('a,b\n1,x\n'), [{ a: 1n, b: 'x' }]],
    ['n.csv', '1,2\n3,4\n', [{ column0: 1n, column1: 2n }, { column0: 3n, column1: 4n }]],
    ['h.csv', 'a,b\n', []],
    ['a.json', '[{"a": 1, "b": "x"}, {"a": 2}]', [{ a: 1n, b: 'x' }, { a: 2n, b: null }]],
    ['a.json', '{"a": 1}', [{ a: 1n }]],
    ['a.ndjson', '{"a": 1}\n{"a": 2}\n', [{ a: 1n }, { a: 2n }]],
    ['a.jsonl.gz', gzipSync('{"a": "2024-01-02x"}\n'), [{ a: '2024-01-02x' }]],
    ["it's [1]*.csv", 'a\n1\n', [{ a: 1n }]],
  ])('reads %s', async (name, content, expected) => {
    const { rows, known } = await look(write(name, content));
    expect(rows).toEqual(expected);
    expect(known.rows).toBe(expected.length);
  });

  it('reads Parquet with its own types', async () => {
    const file = path.join(dir, 'a.parquet');
    const db = await Database.open();
    await db.run(`copy (select 1::smallint as id, 1.50::decimal(5,2) as price) to '${file}'`);
    db.close();
    const { types, known } = await look(file);
    expect(types).toEqual({ id: 'SMALLINT', price: 'DECIMAL(5,2)' });
    expect(known).toEqual({ rows: 1, nulls: {} });
    truncateSync(file, statSync(file).size - 4);
    expect((await refusal(file)).message).toContain(file);
  });

  it.each([
    ['ragged.csv', 'id,text\n1,a\n2,secret,c\n', 'expected 2 fields a line, found 3 on line 3'],
    ['late.csv', `id,text\n${'1,a\n'.repeat(200_000)}2\n`, 'expected 2 fields a line, found 1 on line 200002'],
    ['titled.csv', 'My export\n\nid,text\n1,a\n', 'expected 1 field a line, found 2 on line 3'],
    ['open.csv', 'id,text\n1,"secret\n2,b\n', 'expected a closing quote, found none on line 2'],
    ['latin.csv', Buffer.from('id,text\n1,secr\xe9t\n', 'latin1'), 'iconv -f windows-1252 -t utf-8'],
    ['wide.csv', Buffer.from('\ufeffid,text\n1,secret\n', 'utf16le'), 'iconv -f utf-16 -t utf-8'],
    ['empty.csv', '', 'found no bytes'],
    ['empty.json', '', 'found no bytes'],
    ['packed.csv.gz', 'id,text\n1,secret\n', 'header'],
    ['cut.json', '[{"id": 1, "text": "secret"', 'Malformed JSON'],
    ['cut.jsonl', '{"id": 1}\n{"id": \n', 'unexpected end of data'],
    ['not.parquet', 'secret', 'Parquet'],
    ['table.xlsx', 'secret', 'a name that ends in csv, tsv'],
    ['a.parquet.gz', 'secret', 'a name that ends in csv, tsv'],
  ])('refuses %s, and names it and the fault, but no value', async (name, content, fault) => {
    const file = write(name, content);
    const { message } = await refusal(file);
    expect(message).toContain(file);
    expect(message).toContain(fault);
    expect(message).not.toContain('secret');
  });

  it('refuses a path with no file', async () => {
    mkdirSync(path.join(dir, 'folder.csv'));
    expect((await refusal(path.join(dir, 'none.csv'))).message).toMatch(/no such data file.*none\.csv/);
    expect((await refusal(path.join(dir, 'folder.csv'))).message).toContain('found a folder');
  });

  it('lets its queries read the named files and nothing else, and write nothing', async () => {
    const other = write('other.csv', 'a\n1\n');
    await withFiles({ data: write('a.csv', 'a\n1\n'), references: new Map([['ref', write('r.csv', 'b\n7\n')]]) }, async ({ query, references }) => {
      expect(await query(`select * from ${references.get('ref')?.from}`)).toEqual([{ b: 7n }]);
      for (const sql of [`from '${other}'`, `from read_text('${other}')`, `copy (select 1) to '${path.join(dir, 'x.csv')}'`, 'set enable_external_access = true']) {
        await expect(query(sql)).rejects.toThrow(/Permission|locked|Cannot/);
      }
    });
    expect(readdirSync(dir).sort()).toEqual(['a.csv', 'other.csv', 'r.csv']);
  });
});

describe('writeFailedRows', () => {
  const CONDITIONS = [
    { rule: 'IsComplete "b"', condition: '"b" is not null' },
    { rule: 'ColumnValues "a" < 3', condition: 'case when "a" > 0 then "a" < 3 end' },
    { rule: "IsUnique 'b'", condition: 'count(*) over (partition by "b") = 1' },
  ];
  const data = () => write('a.csv', 'a,b\n1,x\n2,\n9,\n-5,y\n');

  const failed = async (name: string, omit?: ReadonlySet<string>, conditions = CONDITIONS) => {
    const writable = path.join(dir, name);
    const count = await withFiles({ data: data(), writable }, ({ writeFailedRows }) => writeFailedRows({ conditions, omit }));
    return { count, text: readFileSync(writable, 'utf8') };
  };

  it('writes each row that fails once, with every rule that it fails; NULL is no failure', async () => {
    const { count, text } = await failed('out.json');
    expect(count).toBe(2);
    expect(JSON.parse(text)).toEqual(
      expect.arrayContaining([
        { a: 2, b: null, _rules: ['IsComplete "b"', "IsUnique 'b'"] },
        { a: 9, b: null, _rules: ['IsComplete "b"', 'ColumnValues "a" < 3', "IsUnique 'b'"] },
      ]),
    );
  });

  it('writes CSV, TSV, JSON lines and Parquet', async () => {
    expect((await failed('out.csv', undefined, CONDITIONS.slice(0, 2))).text).toBe('a,b,_rules\n2,,"IsComplete ""b"""\n9,,"IsComplete ""b""; ColumnValues ""a"" < 3"\n');
    expect((await failed('out.tsv', new Set(['b']), CONDITIONS.slice(1, 2))).text).toBe('a\t_rules\n9\t"ColumnValues ""a"" < 3"\n');
    expect((await failed('out.jsonl', undefined, CONDITIONS.slice(1, 2))).text).toBe('{"a":9,"b":null,"_rules":["ColumnValues \\"a\\" < 3"]}\n');
    await failed('out.parquet');
    expect((await look(path.join(dir, 'out.parquet'))).known.rows).toBe(2);
  });

  it('writes numbers that JSON has not as text, and all others as numbers', async () => {
    const file = path.join(dir, 'numbers.parquet');
    const db = await Database.open();
    await db.run(`copy (select * from (values ('nan'::double, [1.5, 'inf'::double], 'NaN "Inf'), ('-inf'::double, [2.5], null), (0.5, null, 'x')) t(n, l, s)) to '${file}' (format parquet)`);
    db.close();
    for (const name of ['numbers.json', 'numbers.jsonl']) {
      const writable = path.join(dir, name);
      await withFiles({ data: file, writable }, ({ writeFailedRows }) => writeFailedRows({ conditions: [{ rule: 'r', condition: 'false' }] }));
      const text = readFileSync(writable, 'utf8');
      expect(JSON.parse(name === 'numbers.json' ? text : `[${text.trim().replaceAll('\n', ',')}]`)).toEqual([
        { n: 'NaN', l: '[1.5,Infinity]', s: 'NaN "Inf', _rules: ['r'] },
        { n: '-Infinity', l: [2.5], s: null, _rules: ['r'] },
        { n: 0.5, l: null, s: 'x', _rules: ['r'] },
      ]);
    }
  });
  it('writes a file without rows where none fails, and leaves a column of the data as it is', async () => {
    expect(await failed('out.csv', undefined, [])).toEqual({ count: 0, text: 'a,b,_rules\n' });
    const writable = path.join(dir, 'named.jsonl');
    await withFiles({ data: write('r.csv', '_RULES\n1\n'), writable }, ({ writeFailedRows }) => writeFailedRows({ conditions: [{ rule: 'r', condition: 'false' }] }));
    expect(readFileSync(writable, 'utf8')).toBe('{"_RULES":1,"_rules_2":["r"]}\n');
  });

  it('leaves no half of a file, and what was there stays', async () => {
    const writable = write('out.csv', 'before');
    await withFiles({ data: data(), writable }, async ({ writeFailedRows }) => {
      await expect(writeFailedRows({ conditions: [{ rule: 'r', condition: 'no_such_column' }] })).rejects.toThrow('no_such_column');
    });
    expect(readFileSync(writable, 'utf8')).toBe('before');
    expect(readdirSync(dir).sort()).toEqual(['a.csv', 'out.csv']);
  });

  it('refuses a kind of file that it does not write, before anything is read', async () => {
    const writable = path.join(dir, 'out.xlsx');
    await expect(openCheckFiles({ data: path.join(dir, 'none.csv'), writable, tempDir: dir })).rejects.toThrow(/out\.xlsx.*csv, tsv, json/);
    expect(existsSync(writable)).toBe(false);
  });
});
