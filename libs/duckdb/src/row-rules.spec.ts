import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { openWorkbench, type Workbench } from './workbench.test-support';

let bench: Workbench;
beforeAll(() => {
  bench = openWorkbench();
});
afterAll(() => bench.remove());

type Table = Parameters<Workbench['buildSilver']>[1][number];
const MODEL = 'select clean(a) as a, try_cast(b as integer) as b, _source, _member, _line from bronze.t';
const rules = (...list: string[]) => ({ rowRules: { ruleset: `Rules = [ ${list.join(', ')} ]`, now: '2026-11-21T00:00:00.000Z' } });
const model = (over: Partial<Table> = {}): Table => ({ name: 'm', sql: MODEL, key: ['a'], parent: 't', ...over });

async function build(text: string, ...tables: Table[]) {
  const bronze = await bench.buildBronze({ 'data.csv': text }, { columns: ['a', 'b'] });
  const report = await bench.buildSilver(bronze, tables);
  const table = report.tables.at(-1);
  if (table === undefined) throw new RangeError('no table');
  const quarantine = table.quarantine === undefined ? [] : await bench.readFile(table.quarantine.files[0]?.key ?? '');
  const rows = await bench.readFile(table.files[0]?.key ?? '');
  return { table, rows, quarantine, bronzeRows: bronze.tables[0]?.rows ?? 0, lines: quarantine.map(({ _line }) => Number(_line)).sort() };
}

describe('rules that quarantine rows', () => {
  it('keep back the rows that do not meet them, with the rule, the reason, the place and the raw values', async () => {
    const { rows, quarantine, table } = await build('a,b\nx,1\n y ,20\nlonger,30\n', model(rules('ColumnValues "b" < 10', 'ColumnLength "a" <= 3')));
    expect(rows.map(({ a }) => a)).toEqual(['x']);
    expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b', '_source', '_member', '_line']);
    expect(quarantine.map(({ _rule, _reason, _source, _member, _line, a, b }) => [_rule, _reason, _source, _member, Number(_line), a, b])).toEqual([
      ['ColumnValues "b" < 10', 'the row does not meet ColumnValues "b" < 10', 'test', 'data.csv', 3, ' y ', '20'],
      ['ColumnValues "b" < 10', 'the row does not meet ColumnValues "b" < 10; the row does not meet ColumnLength "a" <= 3', 'test', 'data.csv', 4, 'longer', '30'],
    ]);
    expect(table.rowRules).toEqual([{ rule: 'ColumnValues "b" < 10', failedRows: 2 }, { rule: 'ColumnLength "a" <= 3', failedRows: 1 }]);
  });
  it('leave alone the rows that they are not about', async () => {
    const { lines, table } = await build('a,b\nx,50\ny,60\nz,5\n', model(rules('ColumnValues "b" < 10 where "a = \'y\'"')));
    expect(lines).toEqual([3]);
    expect(table.rowRules).toEqual([{ rule: 'ColumnValues "b" < 10 where "a = \'y\'"', failedRows: 1 }]);
  });
  it('are asked before the best row of a key is chosen', async () => {
    const { rows, table } = await build('a,b\nx,99\nx,5\nx,3\n', model({ orderBy: ['b desc'], ...rules('ColumnValues "b" < 10') }));
    expect(rows.map(({ b }) => b)).toEqual([5]);
    expect(table).toMatchObject({ quarantined: 1, superseded: 1 });
  });
  it('tell a row with a fault of its own by that', async () => {
    const { quarantine } = await build('a,b\n,99\n', model(rules('ColumnValues "b" < 10')));
    expect(quarantine).toMatchObject([{ _rule: 'row', _reason: 'the key column a is empty; the row does not meet ColumnValues "b" < 10' }]);
  });
  it('may be composite, and about other rows of the model', async () => {
    expect((await build('a,b\nx,1\ny,1\nz,2\nlong,1\n', model(rules('IsUnique "b"')))).lines).toEqual([2, 3, 5]);
    expect((await build('a,b\nx,1\ny,20\nlong,1\n', model(rules('(ColumnValues "b" < 10) and (ColumnLength "a" = 1)')))).lines).toEqual([3, 4]);
  });
  it('may ask for models that were built before, and for bronze', async () => {
    const known: Table = { name: 'known', sql: "select clean(a) as id, _source, _member, _line from bronze.t where a = 'x'", key: ['id'] };
    expect((await build('a,b\nx,1\ny,2\n', known, model(rules('ReferentialIntegrity "a" "known.id" = 1.0')))).lines).toEqual([3]);
    expect((await build('a,b\nx,1\ny,x\n', model({ sql: 'select clean(b) as b, _source, _member, _line from bronze.t', key: ['b'], ...rules('ReferentialIntegrity "b" "bronze_t.a" = 1.0') }))).lines).toEqual([2]);
  });
  it('keep back the values of the model where it has no parent', async () => {
    const { quarantine, table } = await build('a,b\nx,1\ny,20\n', model({ sql: "select a, b::integer as b, 'model' as c from bronze.t", parent: undefined, ...rules('ColumnValues "b" < 10') }));
    expect(quarantine.map(({ _rule, a, b, c }) => [_rule, a, b, c])).toEqual([['ColumnValues "b" < 10', 'y', 20, 'model']]);
    expect(table.rowRules?.[0]?.failedRows).toBe(1);
  });
  it('see the values before they are masked', async () => {
    const { table, quarantine } = await build('a,b\nx,1\ny,20\n', model({ masks: { b: { method: 'redact' } }, ...rules('ColumnValues "b" < 10') }));
    expect(table.quarantined).toBe(1);
    expect(quarantine).toMatchObject([{ b: '20' }]);
  });
  it('read no file but those of the plan, and neither do models', async () => {
    const secret = path.join(bench.dir, 'secret.txt');
    writeFileSync(secret, 'root');
    const nosy = `ColumnValues "b" > 5 where "(select content from read_text('${secret}')) like 'root%'"`;
    await expect(build('a,b\nx,1\n', model(rules(nosy)))).rejects.toMatchObject({ name: 'RulesetError', message: expect.stringContaining('Permission Error') });
    await expect(build('a,b\nx,1\n', model({ sql: `${MODEL} where a <> (select content from read_text('${secret}'))` }))).rejects.toMatchObject({ name: 'ModelError', message: expect.stringContaining('Permission Error') });
  });
  it.each([
    ['a column that the model has not', 'IsComplete "bb"', /There is no column "bb".*did you mean "b"/s],
    ['a filter that is no condition', 'IsComplete "b" where "nope > 1"', /nope/],
  ])('are refused for %s', async (_what, rule, message) => {
    await expect(build('a,b\nx,1\n', model(rules(rule)))).rejects.toMatchObject({ name: 'RulesetError', message: expect.stringMatching(message) });
  });
  it.each([
    ['a column that the model has not', 'IsComplete "bb"'],
    ['a filter that names no column', 'IsComplete "b" where "nope > 1"'],
    ['a filter that fails on a value', 'IsComplete "b" where "cast(a as int) > 1"'],
  ])('that are refused for %s are named with their file, and without a place in the plan', async (_what, rule) => {
    const refused = build('a,b\nx,1\n', model(rules('ColumnValues "b" < 10', rule)));
    await expect(refused).rejects.toMatchObject({ name: 'RulesetError', parts: { where: `quality.dqdl, ${rule}`, next: 'Correct the rule in quality.dqdl.' }, message: expect.not.stringMatching(/line \d|models\//) });
  });
  it('are not blamed for a model that fails on a value, and show none of a personal column', async () => {
    await expect(build('a,b\nx,1\n', model({ sql: MODEL.replace('try_cast', 'cast').replace('(b as', '(a as'), ...rules('IsComplete "b"') }))).rejects.toMatchObject({ name: 'ModelError' });
    const refused = build('a,b\nsecret,1\n', model({ pii: ['a'], ...rules('IsComplete "b" where "cast(a as int) > 1"') }));
    await expect(refused).rejects.toMatchObject({ name: 'RulesetError', message: expect.not.stringContaining('secret'), cause: undefined });
  });
  it('account for every row, and count as many as the same rule on the unguarded table', async () => {
    const list = ['ColumnValues "b" between 2 and 8', 'ColumnLength "a" < 3', 'IsComplete "b"', 'ColumnValues "a" in ["x", "yy"] where "b > 3"'];
    const cell = fc.constantFrom('x', 'yy', 'zzz', '', '"q');
    const figure = fc.constantFrom('1', '2', '5', '8', '9', '', 'n');
    const key = { key: ['_line'], sql: `${MODEL}` };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, figure), { minLength: 1, maxLength: 25 }), async (records) => {
        const text = `a,b\n${records.map((record) => `${record.join(',')}\n`).join('')}`;
        const { table, bronzeRows } = await build(text, model({ ...key, ...rules(...list) }));
        expect(table.rows + table.quarantined + table.superseded).toBe(bronzeRows);
        const unguarded = await build(text, model(key));
        fc.pre(unguarded.table.rows > 0);
        const { results } = await bench.check(unguarded.table, `Rules = [ ${list.join(', ')} ]`);
        expect(table.rowRules?.map(({ failedRows }) => failedRows)).toEqual(results.map(({ failedRows }) => failedRows));
      }),
      { numRuns: 25 },
    );
  });
});
