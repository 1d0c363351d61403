import fc from 'fast-check';
import { openWorkbench, type Workbench } from './workbench.test-support';

let bench: Workbench;
beforeAll(() => {
  bench = openWorkbench();
});
afterAll(() => bench.remove());

/** One row for each letter of `b`. */
const LETTERS = `select clean(a) as a, unnest(string_split(clean(b), '-')) as letter, generate_subscripts(string_split(clean(b), '-'), 1) as ordinal, _source, _member, _line from bronze.t`;
type Table = Parameters<Workbench['buildSilver']>[1][number];
const letters = (over: Partial<Table> = {}): Table => ({ name: 'letters', sql: LETTERS, key: ['a', 'ordinal'], splits: { table: 't', empty: 'clean(b) is null' }, ...over });

async function build(text: string, ...tables: Table[]) {
  const bronze = await bench.buildBronze({ 'data.csv': text }, { columns: ['a', 'b'] });
  return { bronzeRows: bronze.tables[0]?.rows ?? 0, tables: (await bench.buildSilver(bronze, tables)).tables };
}

describe('a model that splits rows', () => {
  it('tells what became of each bronze row: built, quarantined, superseded or empty by rule', async () => {
    const { tables } = await build('a,b\nx,A-B\ny,\n,C\nbad\nx,D\nz,E\n', letters());
    expect(tables[0]?.parents).toEqual({ table: 't', rows: 6, built: 2, quarantined: 2, superseded: 1, empty: 1 });
  });
  it('counts a row as built where only some of its rows are kept back', async () => {
    const sql = `select *, case when letter = 'B' then 'no B' end as _problem from (${LETTERS})`;
    const { tables } = await build('a,b\nx,A-B\ny,B\n', letters({ sql }));
    expect(tables[0]).toMatchObject({ rows: 1, quarantined: 2, parents: { rows: 2, built: 1, quarantined: 1 } });
  });
  it('knows what an earlier model of the same table has kept back or superseded', async () => {
    const one: Table = { name: 'm', sql: "select clean(a) as a, clean(b) as b, case when b = 'bad' then 'bad' end as _problem, _source, _member, _line from bronze.t", key: ['a'], parent: 't' };
    const of = letters({ sql: LETTERS.replace('bronze.t', 'silver.m'), unreadableOf: [] });
    const { tables } = await build('a,b\nx,A\nx,B\ny,bad\nz,\n', one, of);
    expect(tables[1]?.parents).toEqual({ table: 't', rows: 4, built: 1, quarantined: 1, superseded: 1, empty: 1 });
  });
  it('is refused with the place of a row that it loses', async () => {
    const { name, message } = await build('a,b\nx,A\ny,B\n', letters({ sql: `${LETTERS} where a <> 'y'` })).then(() => new Error('built'), (error: Error) => error);
    expect(name).toBe('RowsUnaccountedError');
    expect(message).toMatch(/models\/letters\.sql.*1 row of none of these, such as line 3 of data\.csv \(test\).*splits\.empty/s);
  });
  it('is refused where it does not say where its rows come from, or its condition cannot be asked', async () => {
    await expect(build('a,b\nx,A\n', letters({ sql: 'select a, b as ordinal from bronze.t' }))).rejects.toMatchObject({ name: 'ModelError', message: expect.stringContaining('_source') });
    await expect(build('a,b\nx,A\n', letters({ splits: { table: 't', empty: 'c is null' } }))).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(/splits\.empty of the model letters.*c is null: Binder Error/s) });
  });
  it('accounts for every bronze row of any text', async () => {
    const cell = fc.constantFrom('x', 'y', 'z', '', 'A-B', '"q', 'a,b');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 25 }), async (records) => {
        const { tables, bronzeRows } = await build(`a,b\n${records.map((record) => `${record.join(',')}\n`).join('')}`, letters());
        const { rows, built, quarantined, superseded, empty } = tables[0]?.parents ?? { rows: -1, built: 0, quarantined: 0, superseded: 0, empty: 0 };
        expect(rows).toBe(bronzeRows);
        expect(built + quarantined + superseded + empty).toBe(rows);
        const silver = await bench.readFile(tables[0]?.files[0]?.key ?? '');
        expect(new Set(silver.map(({ _line }) => Number(_line))).size).toBe(built);
      }),
      { numRuns: 20 },
    );
  });
});
