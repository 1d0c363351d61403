import fc from 'fast-check';
import { openWorkbench, type Workbench } from './workbench.test-support';

let bench: Workbench;
beforeAll(() => {
  bench = openWorkbench();
});
afterAll(() => bench.remove());

const MODEL = `select clean(a) as a, parse_date(b) as b, date_problem('b', b) as _problem, case when a = 'odd' then 'an odd row' end as _finding, _source, _member, _line from bronze.t`;
const model = (over: Partial<Parameters<Workbench['buildSilver']>[1][number]> = {}) => ({ name: 'm', sql: MODEL, key: ['a'], parent: 't', ...over });

async function build(text: string, ...tables: Parameters<Workbench['buildSilver']>[1]) {
  const bronze = await bench.buildBronze({ 'data.csv': text }, { columns: ['a', 'b'] });
  const report = await bench.buildSilver(bronze, tables.length > 0 ? tables : [model()]);
  const [table] = report.tables;
  if (table === undefined) throw new RangeError('no table');
  return { table, report, bronzeRows: bronze.tables[0]?.rows ?? 0, rows: await bench.readFile(table.files[0]?.key ?? '') };
}

describe('buildSilver', () => {
  it('types rows, and keeps where each came from', async () => {
    const { rows, table } = await build('a,b\n x ,20240131\ny,\n');
    expect(rows.map(({ a, b, _line }) => [a, b && (b as Date).toISOString().slice(0, 10), Number(_line)])).toEqual([['x', '2024-01-31', 2], ['y', null, 3]]);
    expect(table).toMatchObject({ rows: 2, quarantined: 0, superseded: 0, stats: [{ name: 'a', type: 'VARCHAR', nulls: 0 }, { name: 'b', type: 'DATE', nulls: 1 }] });
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b', '_finding', '_source', '_member', '_line']);
  });
  it('quarantines rows that cannot be typed, that lack their key, or that are no record, each with its reason and raw values', async () => {
    const { rows, table } = await build('a,b\nx,20241331\n,20240101\nz\nok,20240101\n');
    expect(rows).toHaveLength(1);
    expect(table.quarantined).toBe(3);
    const quarantined = await bench.readFile(table.quarantine?.files[0]?.key ?? '');
    expect(quarantined.map(({ _rule, _reason, _line, a, b, _raw }) => [Number(_line), _rule, _reason, a, b, _raw]).sort()).toEqual([
      [2, 'row', 'b is not a date (YYYYMMDD): "20241331"', 'x', '20241331', null],
      [3, 'row', 'the key column a is empty', null, '20240101', null],
      [4, 'record', 'expected 2 fields, found 1', null, null, 'z'],
    ]);
  });
  it('quarantines unreadable records with a model that is told to, even where their table is nobody\'s parent', async () => {
    const { table } = await build('a,b\nx,1\nbad\n,2\n', { name: 'm', sql: 'select a, b from bronze.t', key: ['a'], unreadableOf: ['t'] });
    expect(table).toMatchObject({ rows: 1, quarantined: 2 });
    const quarantined = await bench.readFile(table.quarantine?.files[0]?.key ?? '');
    expect(quarantined.map(({ _rule, b, _raw, _line }) => [_rule, b, _raw, _line && Number(_line)]).sort()).toEqual([
      ['record', null, 'bad', 3],
      ['row', '2', null, null],
    ]);
  });
  it('keeps the best row of each key by the declared order, and the first by line among equals', async () => {
    const text = 'a,b\nx,20240101\nx,20240301\nx,20240201\ny,20240101\ny,20240101\n';
    const { rows, table } = await build(text, model({ orderBy: ['b desc nulls last'] }));
    expect(rows.map(({ a, _line }) => [a, Number(_line)]).sort()).toEqual([['x', 3], ['y', 5]]);
    expect(table.superseded).toBe(3);
  });
  it('keeps one row of each key of a model without a parent, and counts the rest', async () => {
    const firsts = { name: 'firsts', sql: "select left(a, 1) as letter, a from silver.m", key: ['letter'], orderBy: ['a desc'] };
    const { report } = await build('a,b\nxa,\nxb,\nxc,\ny,\n', model(), firsts);
    const table = report.tables[1];
    expect(table).toMatchObject({ rows: 2, superseded: 2, quarantined: 0 });
    expect((await bench.readFile(table?.files[0]?.key ?? '')).map(({ a }) => a).sort()).toEqual(['xc', 'y']);
  });
  it('accounts for every bronze row: kept, quarantined or superseded', async () => {
    const cell = fc.constantFrom('x', 'y', 'z', '', '20240101', '20240230', '"q', 'a,b');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 25 }), async (records) => {
        const { table, bronzeRows } = await build(`a,b\n${records.map((record) => `${record.join(',')}\n`).join('')}`);
        expect(table.rows + table.quarantined + table.superseded).toBe(bronzeRows);
      }),
      { numRuns: 25 },
    );
  });
  it('hashes content, not order or lineage', async () => {
    const hashes = async (text: string) => (await build(text)).table.contentHash;
    const base = await hashes('a,b\nx,20240101\ny,20240102\n');
    expect(await hashes('a,b\n\ny,20240102\nx,20240101\n')).toBe(base);
    expect(await hashes('a,b\r\nx,20240101\r\ny,20240102\r\n')).toBe(base);
    expect(await hashes('a,b\nx,20240101\ny,20240103\n')).not.toBe(base);
    expect(await hashes('a,b\nx,20240101\n')).not.toBe(base);
  });
  it('reports what models found worth a look, and keeps those rows', async () => {
    const { table } = await build('a,b\nodd,\nx,\n');
    expect(table.findings).toEqual([{ finding: 'an odd row', rows: 1 }]);
    expect(table.rows).toBe(2);
  });
  it('builds a model on another, without a parent', async () => {
    const letters = { name: 'letters', sql: `select a, unnest(string_split(a, '-')) as letter, generate_subscripts(string_split(a, '-'), 1) as ordinal from silver.m`, key: ['a', 'ordinal'] };
    const { report } = await build('a,b\nx-y,\nz,\n', model(), letters);
    expect(report.tables.map(({ name, rows }) => [name, rows])).toEqual([['m', 2], ['letters', 3]]);
  });
  it('refuses a model that loses or doubles rows of its parent', async () => {
    const losing = build('a,b\nx,\ny,\n', model({ sql: `${MODEL} where a <> 'x'` }));
    await expect(losing).rejects.toMatchObject({ name: 'RowsUnaccountedError', message: expect.stringContaining('found 1 built and 0 quarantined') });
    const doubling = build('a,b\nx,\n', model({ sql: `${MODEL} union all ${MODEL}` }));
    await expect(doubling).rejects.toMatchObject({ name: 'RowsUnaccountedError' });
  });
  it('refuses a model that loses one row and doubles another', async () => {
    const sql = `${MODEL} where a = 'x' union all ${MODEL} where a = 'x'`;
    await expect(build('a,b\nx,\ny,\n', model({ sql }))).rejects.toMatchObject({ name: 'RowsUnaccountedError', message: expect.stringContaining('1 row more than once') });
    await expect(build('a,b\nx,20241331\ny,20240101\n', model({ sql }))).rejects.toMatchObject({ name: 'RowsUnaccountedError', message: expect.stringContaining('not one for one') });
  });
  it('takes columns of any name', async () => {
    const names = ['h', 'n', 'high', 'low', 'v0', 'place', 'row_at', 'order', 'select', 'finding', 'k0', 'filename', 'value'];
    const sql = `select ${names.map((name) => `a as "${name}"`).join(', ')}, case when a = 'x' then 'found' end as _finding, _source, _member, _line from bronze.t`;
    const { table } = await build('a,b\nx,1\nx,2\ny,3\n,4\n', model({ sql, key: ['h', 'order'], orderBy: ['"select" desc', 'n'] }));
    expect(table).toMatchObject({ rows: 2, superseded: 1, quarantined: 1, findings: [{ finding: 'found', rows: 1 }] });
    expect(table.stats.map(({ name }) => name)).toEqual(names);
  });
  it('says how columns are in the file, where Parquet has another type', async () => {
    const sql = `select a, case when a = 'x' then 'low' end::enum('low', 'high') as level, _source, _member, _line from bronze.t`;
    const { table } = await build('a,b\nx,\n', model({ sql }));
    expect(table.columns.slice(0, 2)).toEqual([{ name: 'a', type: 'VARCHAR' }, { name: 'level', type: 'VARCHAR' }]);
  });
  it('knows no time zone but UTC', async () => {
    const { rows } = await build('a,b\nx,\n', model({ sql: "select a, current_setting('TimeZone') as zone, _source, _member, _line from bronze.t" }));
    expect(rows[0]).toMatchObject({ zone: 'UTC' });
  });
  it('finds a wrong ordering even where no two rows share a key', async () => {
    await expect(build('a,b\nx,\n', model({ orderBy: ['c desc'] }))).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(/order_by of the model m.*c desc.*Correct `order_by`/s) });
  });
  it.each([
    ['SQL that does not parse', 'selekt 1', /models\/m\.sql.*Parser Error|syntax/s],
    ['an unknown column', 'select nope as a, _source, _member, _line from bronze.t', /nope/],
    ['a sum, which would become a DOUBLE', 'select a, sum(length(b)) as total, _source, _member, _line from bronze.t group by all', /found total as HUGEINT/],
    ['a name that DuckDB keeps for itself', 'select a, b as file_row_number, _source, _member, _line from bronze.t', /another name than file_row_number/],
    ['a missing key', 'select b, _source, _member, _line from bronze.t', /expected its key and the lineage of its parent: a, found b/],
  ])('names the model and the fault of %s', async (_what, sql, message) => {
    await expect(build('a,b\nx,\n', model({ sql }))).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(message) });
  });
  it('stops when it is told to', async () => {
    const bronze = await bench.buildBronze({ 'data.csv': 'a,b\nx,\n' }, { columns: ['a', 'b'] });
    expect(bronze.tables).toHaveLength(1);
    const { Database } = await import('./database');
    const controller = new AbortController();
    const db = await Database.open({ signal: controller.signal });
    const endless = db.rows('select count(*) from range(1000000) a, range(1000000) b');
    setTimeout(() => controller.abort(), 50);
    await expect(endless).rejects.toMatchObject({ name: 'InterruptedError' });
    db.close();
  });
});
