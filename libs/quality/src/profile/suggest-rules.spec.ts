import { parseRuleset } from '../dqdl';
import { openLake, type TestLake } from '../evaluation/duckdb.test-support';
import { selectOf, type TestColumn } from './select-of.test-support';
import { printSuggestions } from './print-suggestions';
import { suggestRules } from './suggest-rules';

let database: TestLake;
beforeAll(async () => {
  database = await openLake();
});
afterAll(() => database.close());

async function suggest(columns: readonly TestColumn[], pii: readonly string[] = []) {
  const suggestions = await suggestRules({ primary: await database.table('described', selectOf(columns)), query: database.query, pii: new Set(pii) });
  parseRuleset(printSuggestions(suggestions));
  return suggestions;
}

/** The rules about one column of so many rows. */
async function rulesFor(column: TestColumn, pii: readonly string[] = []): Promise<string[]> {
  return (await suggest([column], pii)).map(({ rule }) => rule).filter((rule) => rule.includes(`"${column.name}`));
}

const repeat = (count: number, value: (index: number) => string | null) => Array.from({ length: count }, (_, index) => value(index));
const text = (name: string, count: number, value: (index: number) => string | null): TestColumn => ({ name, type: 'VARCHAR', values: repeat(count, value) });

describe('the rules for a table', () => {
  it('are about its rows, its columns and their names', async () => {
    const suggestions = await suggest([text('a', 9, () => 'x'), text('b_2', 9, () => 'y')]);
    expect(suggestions.slice(0, 3)).toEqual([
      { rule: 'RowCount between 4 and 19', figures: '9 rows; half to double of it' },
      { rule: 'ColumnCount = 2', figures: '2 columns' },
      { rule: 'ColumnNamesMatchPattern "^[a-z][a-z0-9_]*$"', figures: 'every name is written so' },
    ]);
  });
  it('say nothing of the rows where there are none', async () => {
    expect((await suggest([text('a', 0, () => null), text('two words', 0, () => null)])).map(({ rule }) => rule)).toEqual(['ColumnCount = 2']);
  });
  it('take one scan for fifty columns, and another where texts read as something', async () => {
    const primary = await database.table('described', `SELECT ${repeat(120, (index) => `i * 7 % 13 AS n${index}`).join(', ')} FROM range(200) rows(i)`);
    database.queries.length = 0;
    await suggestRules({ primary, query: database.query });
    expect(database.queries.filter((sql) => sql.includes('FROM "described"'))).toHaveLength(3);
  });
});

describe('the rules for a column', () => {
  it('ask for completeness as it is, with a margin', async () => {
    expect(await rulesFor(text('a', 5, () => 'some words of a sentence that goes on'))).toEqual(['IsComplete "a"', 'ColumnLength "a" = 37']);
    expect((await suggest([text('a', 3000, (index) => (index === 0 ? null : 'x'.repeat(index % 50)))]))[3]).toEqual({ rule: 'Completeness "a" >= 0.98', figures: '1 of 3000 rows are NULL, 0.9996 are not' });
    expect(await rulesFor(text('a', 1000, (index) => (index % 10 === 0 ? null : 'x'.repeat(index % 50))))).toEqual(['Completeness "a" >= 0.87']);
    expect(await rulesFor(text('a', 100, () => null))).toEqual([]);
    expect(await rulesFor(text('a', 100, (index) => (index === 0 ? 'a rare value' : null)))).toEqual(['ColumnLength "a" = 12 where "a is not null"']);
  });
  it('know the primary key by its name, and other unique columns', async () => {
    const suggestions = await suggest([text('serial', 150, (index) => `s${1000 + index}`), text('product_id', 150, (index) => `p${1000 + index}`)]);
    expect(suggestions.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['IsUnique "serial"', 'IsComplete "serial"', 'IsPrimaryKey "product_id"']));
    expect(suggestions.map(({ rule }) => rule)).not.toContain('IsComplete "product_id"');
  });
  it('count the rows before they call a column unique', async () => {
    expect(await rulesFor(text('id', 500, (index) => `p${1000 + Math.min(index, 498)}`))).toEqual(['IsComplete "id"', 'ColumnLength "id" = 5']);
  });
  it('call no prose unique', async () => {
    expect((await rulesFor(text('note', 200, (index) => `${'word '.repeat(15)}${index}`))).join()).not.toContain('IsUnique');
  });
  it('take no column of few rows for a key that is not named as one', async () => {
    expect(await rulesFor({ name: 'weight', type: 'INTEGER', values: ['1', '5', '9'] })).not.toContain('IsPrimaryKey "weight"');
    expect((await rulesFor({ name: 'paid', type: 'INTEGER', values: ['1', '5', '9'] })).join()).not.toContain('IsPrimaryKey');
    expect(await rulesFor({ name: 'PRODUCTID', type: 'INTEGER', values: ['1', '5', '9'] })).toEqual(['IsPrimaryKey "PRODUCTID"']);
    expect(await rulesFor({ name: 'orderId', type: 'INTEGER', values: ['1', '5', '9'] })).toEqual(['IsPrimaryKey "orderId"']);
  });
  it.each([
    ['Boolean', ['true', 'FALSE']],
    ['Integer', ['0', '-17', '123456789']],
    ['Long', ['0', '12345678901']],
    ['Double', ['0.5', '-17', '3.25']],
    ['Date', ['2024-02-29', '1999-12-31']],
    ['Timestamp', ['2024-02-29 10:00:00', '1999-12-31T23:59:59.5']],
  ])('see that texts read as %s', async (type, values) => {
    expect(await rulesFor(text('a', 40, (index) => values[index % values.length]!))).toContain(`ColumnDataType "a" = "${type}"`);
    expect(await rulesFor(text('a', 400, (index) => (index % 4 === 0 ? null : values[index % values.length]!)))).toContain(`ColumnDataType "a" = "${type}" with threshold >= 0.68`);
  });
  it.each([
    ['a day that is not', ['2024-02-29', '2023-02-29', '2024-03-01']],
    ['a word among numbers', ['1', '15 mg', '2']],
    ['needless zeros', ['007', '012']],
    ['a blank', [' 1', '2']],
  ])('see no type in %s', async (_, values) => {
    expect((await rulesFor(text('a', 40, (index) => values[index % values.length]!))).join()).not.toContain('ColumnDataType');
  });
  it('see the format of dates where only one fits', async () => {
    expect(await rulesFor(text('a', 40, (index) => (index === 7 ? '12/31/2024' : '01/02/2024')))).toContain('ColumnDataType "a" = "Date" with format = "MM/dd/yyyy"');
    expect((await rulesFor(text('a', 40, () => '01/02/2024'))).join()).not.toContain('ColumnDataType');
  });
  it('list the values of a small closed set', async () => {
    expect(await rulesFor(text('a', 90, (index) => ['open', 'it\'s "shut"', ''][index % 3]!))).toContain('ColumnValues "a" in [EMPTY, "it\'s \\"shut\\"", "open"]');
    expect(await rulesFor(text('a', 90, (index) => ['open', 'shut', null][index % 3]!))).toContain('ColumnValues "a" in ["open", "shut", NULL]');
  });
  it.each([
    ['a value is there once', (index: number) => (index === 0 ? 'rare' : 'usual')],
    ['values are many', (index: number) => `v${index % 30}`],
    ['values look like identifiers', (index: number) => `A-${1000 + (index % 2)}`],
    ['values look like mail addresses', (index: number) => ['a@example.org', 'b@example.org'][index % 2]!],
  ])('list no values where %s', async (_, value) => {
    expect((await rulesFor(text('a', 600, value))).join()).not.toContain('ColumnValues');
  });
  it('bound lengths that differ little, whatever the NULLs', async () => {
    expect(await rulesFor(text('a', 50, (index) => `${'z'.repeat(3 + (index % 5))}${index}`))).toContain('ColumnLength "a" between 3 and 10');
    expect(await rulesFor(text('order', 50, (index) => (index % 2 === 0 ? null : `z${index}`)))).toEqual(['Completeness "order" >= 0.28']);
  });
  it('bound numbers with room on both sides', async () => {
    const numbers = (type: string, value: (index: number) => string | null) => rulesFor({ name: 'n', type, values: repeat(200, value) });
    expect(await numbers('INTEGER', (index) => String(50 + (index % 21)))).toEqual(['IsComplete "n"', 'ColumnValues "n" between 48 and 72']);
    expect(await numbers('DOUBLE', (index) => String((index % 20) / 4))).toEqual(['IsComplete "n"', 'ColumnValues "n" >= 0', 'ColumnValues "n" <= 5.3']);
    expect(await numbers('DECIMAL(10,2)', (index) => (index % 2 === 0 ? null : '-7.25'))).toEqual(['Completeness "n" >= 0.39', 'ColumnValues "n" between -8.0 and -6.5 where "n is not null"']);
    expect(await numbers('DOUBLE', (index) => (index === 0 ? 'NaN' : '1'))).toEqual(['IsComplete "n"']);
    expect(await numbers('DOUBLE', (index) => (index === 0 ? '1e300' : '1'))).toEqual(['IsComplete "n"']);
  });
  it('are none where its name reads as a date, a time or quotes', async () => {
    expect(await rulesFor(text('10:30', 9, () => 'x'))).toEqual([]);
    expect(await rulesFor(text('`a`', 9, () => 'x'))).toEqual([]);
    expect(await rulesFor(text('2024-01-01', 9, () => 'x'))).toEqual([]);
  });
  it('bound no numbering', async () => {
    expect((await rulesFor({ name: 'n', type: 'BIGINT', values: repeat(200, (index) => String(index)) })).join()).not.toContain('ColumnValues');
  });
});

describe('a pii column', () => {
  it('shows no value, neither in rules nor in figures', async () => {
    const columns = [text('status', 100, (index) => ['secret', 'hidden'][index % 2]!), { name: 'income', type: 'INTEGER', values: repeat(100, (index) => String(31_337 + (index % 4))) }];
    const shown = JSON.stringify(await suggest(columns, ['status', 'income']));
    expect(shown).not.toMatch(/secret|hidden|3133|3134/);
    expect(shown).toContain('IsComplete');
    expect(JSON.stringify(await suggest(columns))).toMatch(/secret.*3134/);
  });
});

describe('the printed suggestions', () => {
  it('are a ruleset with the figures as comments', () => {
    expect(printSuggestions([{ rule: 'ColumnCount = 2', figures: '2\ncolumns' }, { rule: 'IsComplete "a"', figures: 'no NULL' }])).toBe(
      '# Proposed from the data alone: each rule holds for it today. Read them, and keep those that must hold tomorrow.\nRules = [\n    # 2 columns\n    ColumnCount = 2,\n    # no NULL\n    IsComplete "a"\n]\n',
    );
  });
});
