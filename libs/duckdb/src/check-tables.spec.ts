import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SilverTableReport } from '@inlet/pipeline';
import { openWorkbench, type Workbench } from './workbench.test-support';

let bench: Workbench;
let table: SilverTableReport;
let bronze: Awaited<ReturnType<Workbench['buildBronze']>>;
beforeAll(async () => {
  bench = openWorkbench();
  bronze = await bench.buildBronze({ 'data.csv': 'a,b\nx,1\ny,2\nz,\n' }, { columns: ['a', 'b'] });
  const { tables } = await bench.buildSilver(bronze, [{ name: 'm', sql: 'select a, b::integer as b, _source, _member, _line from bronze.t', key: ['a'], parent: 't' }]);
  if (tables[0] === undefined) throw new RangeError('no table');
  table = tables[0];
});
afterAll(() => bench.remove());

describe('checkTables', () => {
  it('says which engine it is, and answers the rules in their order', async () => {
    const { engine, results } = await bench.check(table, 'Rules = [ RowCount = 3 labels = ["team" = "x"], Sum "b" > 5, ColumnValues "b" > 1, IsComplete "nope" ]');
    expect(engine).toEqual({ name: 'duckdb', version: expect.stringMatching(/^v\d+\.\d+/) });
    expect(results.map(({ rule, outcome, metrics, failedRows }) => [rule, outcome, metrics, failedRows])).toEqual([
      ['RowCount = 3', 'passed', { 'Dataset.*.RowCount': 3 }, null],
      ['Sum "b" > 5', 'failed', { 'Column.b.Sum': 3 }, null],
      ['ColumnValues "b" > 1', 'failed', { 'Column.b.Minimum': 1 }, 2],
      ['IsComplete "nope"', 'error', {}, null],
    ]);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });
  it('opens no table where all is known, and every one that is asked for', async () => {
    const gone = { ...table, files: [{ key: 'silver/gone.parquet', rows: 3, bytes: 1 }] };
    const { results } = await bench.check(gone, 'Rules = [ RowCount = 3, Completeness "b" > 0.5, IsPrimaryKey "a" ]', { table: { known: { rows: 3, nulls: { a: 0, b: 1 }, uniqueKey: ['a'] } } });
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
  });
  it('fails where a table cannot be read, and blames no rule for it', async () => {
    const gone = { ...table, files: [{ key: 'silver/gone.parquet', rows: 3, bytes: 1 }] };
    await expect(bench.check(gone, 'Rules = [ Sum "b" > 1 ]')).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('gone.parquet') });
  });
  it('compares with the relations of the plan that the table refers to', async () => {
    const { name, layer, files, columns, rows } = table;
    const [t] = bronze.tables;
    const relations = [{ name, layer, files, columns, known: { rows } }, { name: 'bronze_t', layer: 'bronze' as const, files: t?.files ?? [], columns: t?.columns ?? [], known: { rows: 3 } }];
    const ruleset = 'Rules = [ RowCountMatch "bronze_t" = 1.0, ReferentialIntegrity "a" "bronze_t.a" = 1.0, CustomSql "select count(*) from primary join bronze_t using (a) where primary._line > 2" = 2, RowCountMatch "m" = 1.0 ]';
    const { results } = await bench.check(table, ruleset, { plan: { relations }, table: { references: ['bronze_t'] } });
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed', 'error']);
  });
  it('compares with earlier releases, and gathers the metrics of analyzers', async () => {
    const history = { 'Dataset.*.RowCount': [{ at: '2026-11-20T00:00:00Z', value: 2 }] };
    const { results, tables } = await bench.check(table, 'Rules = [ RowCount = last() + 1 ] Analyzers = [ Completeness "b" ]', { table: { history } });
    expect(results).toMatchObject([{ outcome: 'passed', evaluatedRule: 'RowCount = 3' }]);
    expect(tables[0]?.analyzers).toMatchObject([{ outcome: 'passed', metrics: { 'Column.b.Completeness': expect.closeTo(2 / 3) } }]);
  });
  it('asks files for their size, their age and, only when it must, their bytes', async () => {
    await bench.store.write('raw/t/one.zip', 'bytes');
    const files = [{ path: 'https://example.org/one.zip', rawKey: 'raw/t/one.zip', sizeBytes: 5, lastModified: '2026-11-20T23:00:00.000Z' }];
    const { results } = await bench.check(table, 'Rules = [ FileSize = 5 B, FileFreshness > (now() - 2 hours), FileFreshness > (now() - 1 minutes) ]', { plan: { files } });
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'failed']);
  });
  it('lets no rule read anything but the tables of the plan', async () => {
    const secret = path.join(bench.dir, 'secret.txt');
    writeFileSync(secret, 'secret');
    const { results } = await bench.check(table, `Rules = [ CustomSql "select count(*) from read_text('${secret}')" = 1, CustomSql "select count(*) from glob('${bench.dir}/*')" > 0 ]`);
    expect(results.map(({ outcome }) => outcome)).toEqual(['error', 'error']);
  });
  it('shows no value of a personal column', async () => {
    const { results } = await bench.check(table, 'Rules = [ ColumnValues "a" in ["q"], CustomSql "select a::integer from primary limit 1" = 1, ColumnValues "b" > 1 ]', { table: { pii: ['a', 'b'] } });
    expect(results.map(({ outcome }) => outcome)).not.toContain('passed');
    expect(JSON.stringify(results.map(({ reason, metrics }) => [reason, metrics]))).not.toMatch(/['"\\]x['"\\]|Column\.b\.Minimum/);
  });
  it('stops when it is told to', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const endless = bench.check(table, 'Rules = [ CustomSql "select count(*) from range(1000000) a, range(1000000) b" > 1 ]', { signal: controller.signal });
    await expect(endless).rejects.toMatchObject({ name: expect.stringMatching(/AbortError|InterruptedError/) });
  });
});
