/** Whatever the data: the rules proposed for it are a ruleset, and hold for it. */
import * as fc from 'fast-check';
import { parseRuleset } from '../dqdl';
import { checkRules } from '../evaluation';
import { openLake } from '../evaluation/duckdb.test-support';
import { selectOf, type TestColumn } from './select-of.test-support';
import { printSuggestions } from './print-suggestions';
import { suggestRules } from './suggest-rules';

const names = fc.uniqueArray(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('id', 'code', 'status', 'price', 'listed_on', 'two words', 'order', 'primary', 'select', 'a"b', 'a\\b', 'a\'b', 'x.y', 'Größe', '2024-01-01', '10:30', 'NULL', '$v', '`tick`', ' ', 'a\nb') },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 6 }).filter((name) => !name.includes('\0')) },
  ),
  { minLength: 1, maxLength: 6, selector: (name) => name.toLowerCase() },
);
const dates = fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
const odd = fc.constantFrom('', ' ', 'it\'s', '"quoted"', 'back\\slash', '\\', 'two\nlines', 'tab\t', 'Größe', '東京', '🙂', 'e\u0301', '10:30', '2024-01-01', '007', '1e5', '$', '#', 'NULL', '%', '\u00a0', '\u200b');
/** Types with texts that cast to them. */
const families: readonly [string, fc.Arbitrary<string>][] = [
  ['VARCHAR', odd],
  ['VARCHAR', fc.constantFrom('open', 'closed')],
  ['VARCHAR', fc.constantFrom('a', 'B', 'c\\', '')],
  ['VARCHAR', fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0'))],
  ['VARCHAR', fc.integer().map(String)],
  ['VARCHAR', fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(String)],
  ['VARCHAR', fc.constantFrom('true', 'False', 'FALSE')],
  ['VARCHAR', dates.map((date) => date.toISOString().slice(0, 10))],
  ['VARCHAR', dates.map((date) => date.toISOString().slice(0, 19).replace('T', ' '))],
  ['VARCHAR', dates.map((date) => `${date.toISOString().slice(5, 7)}/${date.toISOString().slice(8, 10)}/${date.toISOString().slice(0, 4)}`)],
  ['INTEGER', fc.integer().map(String)],
  ['INTEGER', fc.integer({ min: 0, max: 5 }).map(String)],
  ['BIGINT', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
  ['DOUBLE', fc.double().map(String)],
  ['DOUBLE', fc.double({ min: -1000, max: 1000, noNaN: true }).map(String)],
  ['DECIMAL(18,4)', fc.integer({ min: -100_000_000, max: 100_000_000 }).map((number) => (number / 10_000).toFixed(4))],
  ['BOOLEAN', fc.constantFrom('true', 'false')],
  ['DATE', dates.map((date) => date.toISOString().slice(0, 10))],
];
const columnOf = (name: string, rows: number): fc.Arbitrary<TestColumn> =>
  fc.constantFrom(...families).chain(([type, values]) =>
    fc.constantFrom(0, 1, 3).chain((nulls) =>
      fc.array(fc.oneof({ weight: 5, arbitrary: values }, { weight: nulls, arbitrary: fc.constant(null) }), { minLength: rows, maxLength: rows }).map((list) => ({ name, type, values: list })),
    ),
  );
/** Small tables, and the same rows many times over, in which values are often there. */
const tables = fc
  .tuple(names, fc.constantFrom(0, 1, 2, 8, 40))
  .chain(([columns, rows]) => fc.tuple(...columns.map((name) => columnOf(name, rows))))
  .chain((columns) => fc.constantFrom(1, 25).map((times) => columns.map((column) => ({ ...column, values: Array.from({ length: times }, () => column.values).flat() }))));

describe('the suggested ruleset', () => {
  it('passes on the data that it was suggested from', async () => {
    const database = await openLake();
    const seen = new Set<string>();
    try {
      await fc.assert(
        fc.asyncProperty(tables, async (columns) => {
          const primary = await database.table('described', selectOf(columns));
          const pii = new Set(columns.slice(0, 1).map(({ name }) => name));
          const suggestions = await suggestRules({ primary, query: database.query, pii });
          const ruleset = parseRuleset(printSuggestions(suggestions));
          expect(ruleset.rules).toHaveLength(suggestions.length);
          expect(ruleset.warnings).toEqual([]);
          for (const rule of ruleset.rules) if (rule.kind === 'rule') seen.add(rule.type);
          const results = await checkRules(ruleset, { primary, query: database.query, now: new Date('2026-01-31T00:00:00Z'), pii });
          expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
        }),
        { numRuns: 200 },
      );
    } finally {
      database.close();
    }
    expect([...seen].sort()).toEqual(expect.arrayContaining(['ColumnCount', 'ColumnDataType', 'ColumnLength', 'ColumnNamesMatchPattern', 'ColumnValues', 'Completeness', 'IsComplete', 'IsPrimaryKey', 'RowCount']));
  });
});
