import { createHash } from 'node:crypto';
import { readEnvironmentSecrets } from '@inlet/pipeline';
import fc from 'fast-check';
import { openWorkbench, type Workbench } from './workbench.test-support';

const SALT = 'p3pp3r';
const secrets = readEnvironmentSecrets({ INLET_MASK_SALT: SALT });
const hashOf = (value: string) => createHash('sha256').update(SALT + value).digest('hex');

let bench: Workbench;
beforeAll(() => {
  bench = openWorkbench();
});
afterAll(() => bench.remove());

const MODEL = 'select clean(a) as a, clean(b) as b, _source, _member, _line from bronze.t';
const model = (over: Partial<Parameters<Workbench['buildSilver']>[1][number]> = {}) => ({ name: 'm', sql: MODEL, key: ['a'], parent: 't', ...over });

async function build(text: string, table: ReturnType<typeof model>, given: Parameters<Workbench['buildSilver']>[2] = secrets) {
  const bronze = await bench.buildBronze({ 'data.csv': text }, { columns: ['a', 'b'] });
  const report = await bench.buildSilver(bronze, [table], given);
  const [built] = report.tables;
  if (built === undefined) throw new RangeError('no table');
  return { table: built, rows: await bench.readFile(built.files[0]?.key ?? '') };
}

describe('masked columns', () => {
  it('by hash have the SHA-256 of salt and value, and NULL where there is no value', async () => {
    const { rows, table } = await build('a,b\nx,é\ny,\n', model({ masks: { b: { method: 'hash' } } }));
    expect(rows.map(({ b }) => b)).toEqual([hashOf('é'), null]);
    expect(table.stats.find(({ name }) => name === 'b')?.nulls).toBe(1);
  });
  it('redacted have one text for all values', async () => {
    expect((await build('a,b\nx,1\ny,\n', model({ masks: { b: { method: 'redact' } } }))).rows.map(({ b }) => b)).toEqual(['[redacted]', null]);
    expect((await build("a,b\nx,1\ny,2\n", model({ masks: { b: { method: 'redact', text: "it's gone" } } }))).rows.map(({ b }) => b)).toEqual(["it's gone", "it's gone"]);
  });
  it.each([
    [{ keep_last: 4 }, ['**4567', '****', '*', null]],
    [{ keep_first: 1, keep_last: 1 }, ['1****7', '1**4', '*', null]],
    [{}, ['******', '****', '*', null]],
  ])('in part, with %j, keep as much as that', async (kept, expected) => {
    const { rows } = await build('a,b\n1,134567\n2,1234\n3,é\n4,\n', model({ masks: { b: { method: 'partial', ...kept } } }));
    expect(rows.map(({ b }) => b)).toEqual(expected);
  });
  it('show no more of a value than they are told to, whatever it is', async () => {
    const value = fc.stringMatching(/^[a-zé0-9]{1,12}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 20 }), fc.nat(3), fc.nat(3), async (values, keep_first, keep_last) => {
        const { rows } = await build(`a,b\n${values.map((text, index) => `${index},${text}\n`).join('')}`, model({ masks: { b: { method: 'partial', keep_first, keep_last } } }));
        for (const [index, text] of values.entries()) {
          const kept = text.length > keep_first + keep_last ? [text.slice(0, keep_first), text.slice(text.length - keep_last)] : ['', ''];
          expect(rows[index]?.['b']).toBe(`${kept[0]}${'*'.repeat(text.length - kept.join('').length)}${kept[1]}`);
        }
      }),
      { numRuns: 15 },
    );
  });
  it('are text, whatever they were, and their content hash is that of the masks', async () => {
    const sql = 'select clean(a) as a, b::integer as b, _source, _member, _line from bronze.t';
    const first = await build('a,b\nx,17\n', model({ sql, masks: { b: { method: 'hash' } } }));
    expect(first.table.columns.find(({ name }) => name === 'b')?.type).toBe('VARCHAR');
    expect(first.rows[0]?.['b']).toBe(hashOf('17'));
    const other = await build('a,b\nx,17\n', model({ sql, masks: { b: { method: 'hash' } } }), readEnvironmentSecrets({ INLET_MASK_SALT: 'other' }));
    expect(other.table.contentHash).not.toBe(first.table.contentHash);
  });
  it.each([['masked', { masks: { b: { method: 'redact' as const } } }], ['personal', { pii: ['b'] }]])('that are %s are told by no finding: neither what it quotes, nor a value of the row', async (_what, over) => {
    const sql = `select clean(a) as a, clean(b) as b, 'is "' || b || '", or ' || b || ' it is' as _finding, _source, _member, _line from bronze.t`;
    const { rows, table } = await build('a,b\nx,Smith\ny,Jones\nz,\n', model({ sql, ...over }));
    expect(rows.map(({ _finding }) => _finding)).toEqual(['is "…", or … it is', 'is "…", or … it is', null]);
    expect(table.findings).toEqual([{ finding: 'is "…", or … it is', rows: 2 }]);
  });
  it('are keys and order rows by what they were', async () => {
    const { rows, table } = await build('a,b\nx,1\nx,2\n,3\n', model({ orderBy: ['b desc'], masks: { a: { method: 'hash' }, b: { method: 'redact' } } }));
    expect(rows.map(({ a, _line }) => [a, Number(_line)])).toEqual([[hashOf('x'), 3]]);
    expect(table).toMatchObject({ superseded: 1, quarantined: 1 });
    expect((await bench.readFile(table.quarantine?.files[0]?.key ?? ''))[0]).toMatchObject({ b: '3' });
  });
  it('are masked for the models that read them', async () => {
    const bronze = await bench.buildBronze({ 'data.csv': 'a,b\nx,secret\n' }, { columns: ['a', 'b'] });
    const { tables } = await bench.buildSilver(bronze, [model({ masks: { b: { method: 'redact' } } }), { name: 'n', sql: 'select a, b from silver.m', key: ['a'] }], secrets);
    expect((await bench.readFile(tables[1]?.files[0]?.key ?? ''))[0]).toMatchObject({ b: '[redacted]' });
  });
  it('are refused without a salt, and where the model has no such column', async () => {
    await expect(build('a,b\nx,1\n', model({ masks: { b: { method: 'hash' } } }), readEnvironmentSecrets({}))).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('INLET_MASK_SALT') });
    await expect(build('a,b\nx,1\n', model({ masks: { mail: { method: 'hash' } } }))).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(/expected mail, found a, b, .*`masks` and `pii`/s) });
  });
});

describe('the errors of a model with personal columns', () => {
  const sql = "select clean(a) as a, case when b = 'oops' then error('bad: ' || b) else b::integer end as b, _source, _member, _line from bronze.t";
  it.each([['a value that cannot be cast', 'secret-17'], ['an error of the model\'s own', 'oops']])('quote no value: %s', async (_what, value) => {
    const failure: Error = await build(`a,b\nx,${value}\n`, model({ sql, pii: ['b'] })).then(() => new Error('built'), (error: Error) => error);
    expect(failure).toMatchObject({ name: 'ModelError', message: expect.stringMatching(/models\/m\.sql.*no more is told.*personal columns/s) });
    const told = `${failure.message} ${failure.stack ?? ''} ${JSON.stringify(failure)} ${String(failure.cause)}`;
    expect(told).not.toContain(value);
  });
  it('quote it where nothing is personal, and say what is wrong with SQL in any case', async () => {
    await expect(build('a,b\nx,secret-17\n', model({ sql }))).rejects.toThrow('secret-17');
    await expect(build('a,b\nx,1\n', model({ sql: 'select nope as a, b, _source, _member, _line from bronze.t', pii: ['b'] }))).rejects.toThrow(/nope/);
    await expect(build('a,b\nx,1\n', model({ pii: ['mail'] }))).rejects.toMatchObject({ name: 'ModelError', message: expect.stringContaining('expected mail') });
  });
});

describe('the salt', () => {
  it('is in no error and no report', async () => {
    const masks = { b: { method: 'hash' } as const };
    const failure: Error = await build('a,b\nx,1\n', model({ sql: "select a, error('x') as b, _source, _member, _line from bronze.t", masks })).then(() => new Error('built'), (error: Error) => error);
    expect(failure.name).toBe('ModelError');
    expect(`${failure.message} ${failure.stack ?? ''} ${String(failure.cause)}`).not.toContain(SALT);
    expect(JSON.stringify((await build('a,b\nx,1\n', model({ masks }))).table)).not.toContain(SALT);
  });
});
