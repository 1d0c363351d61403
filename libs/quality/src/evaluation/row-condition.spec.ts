import * as fc from 'fast-check';
import { RulesetError } from '@inlet/errors';
import type { Relation } from './check';
import { checkRules } from './check-rules';
import { NOW, openLake, rulesetFrom, type TestLake } from './duckdb.test-support';
import { compileRowCondition } from './row-condition';

/** How many rows meet it, do not, and are none of its business. */
async function countRows(lake: TestLake, table: Relation, condition: string): Promise<[number, number, number]> {
  const [row = {}] = await lake.query(`SELECT count(*) FILTER (WHERE ${condition}) AS yes, count(*) FILTER (WHERE NOT (${condition})) AS no, count(*) FILTER (WHERE (${condition}) IS NULL) AS neither FROM ${table.from}`);
  return [Number(row['yes']), Number(row['no']), Number(row['neither'])];
}

function compile(text: string, primary: Relation, references?: ReadonlyMap<string, Relation>): string | null {
  const [rule] = rulesetFrom([text]).rules;
  if (rule === undefined) throw new Error('no rule');
  return compileRowCondition(rule, { primary, references, now: NOW });
}

describe('a rule as a condition on single rows', () => {
  let lake: TestLake;
  let table: Relation;
  let references: ReadonlyMap<string, Relation>;
  beforeAll(async () => {
    lake = await openLake();
    table = await lake.table('primary', "SELECT * FROM (VALUES (1, 'a', 1), (2, 'a', 2), (3, NULL, 3), (4, NULL, NULL), (5, 'bc', NULL)) v(id, code, num)");
    references = new Map([['codes', await lake.table('codes', "SELECT unnest(['a', 'a', NULL]) AS code, 'x' AS id")]]);
  });
  afterAll(() => lake.close());

  it.each([
    ['IsComplete "code"', 3, 2, 0], ['Completeness "code" > 0.1', 3, 2, 0], ['IsComplete "code" where "id > 3"', 1, 1, 3],
    ['ColumnValues "num" > 1', 2, 3, 0], ['ColumnValues "num" > 1 where "num is not null"', 2, 1, 2], ['ColumnValues "num" > 1 with threshold > 0.1', 2, 3, 0],
    ['ColumnLength "code" = 1', 2, 1, 2], ['ColumnLength "code" in [0, 1]', 4, 1, 0],
    ['IsUnique "code"', 1, 2, 2], ['Uniqueness "code" "num" > 0.5', 4, 0, 1], ['IsPrimaryKey "code"', 1, 4, 0], ['IsPrimaryKey "id"', 5, 0, 0], ['IsUnique "code" where "id <> 2"', 2, 0, 3], ['UniqueValueRatio "code" > 0', 1, 2, 2],
    ['ReferentialIntegrity "code" "codes.code" > 0.5', 2, 3, 0],
    ['(IsComplete "code") and (ColumnValues "num" > 1)', 1, 4, 0], ['(IsComplete "code") or (ColumnValues "num" > 2)', 4, 1, 0], ['(ColumnLength "code" = 1) or (ColumnValues "num" > 2)', 3, 1, 1], ['(IsUnique "code") and (IsComplete "id")', 1, 2, 2],
  ])('%s: %i meet it, %i do not, %i are left out', async (rule, ...counts) => {
    const condition = compile(rule, table, references);
    expect(condition).not.toBeNull();
    expect(await countRows(lake, table, condition ?? '')).toEqual(counts);
  });

  it.each(['RowCount > 1', 'Mean "num" > 1', 'ColumnExists "id"', 'CustomSql "select id from primary"', '(IsComplete "code") and (RowCount > 1)', 'DistinctValuesCount "code" > 1'])('%s says nothing of single rows', (rule) => {
    expect(compile(rule, table, references)).toBeNull();
  });

  it('is refused where it does not go with the table, with its place', () => {
    expect(() => compile('IsComplete "cod"', table)).toThrow(RulesetError);
    expect(() => compile('IsComplete "cod"', table)).toThrow('A rule does not go with the table (line 3, column 1: IsComplete "cod"): found There is no column "cod" in the table (did you mean "code"?). Correct the rule.');
  });
});

const cell = (values: readonly string[]) => fc.constantFrom('NULL', ...values);
const row = fc.record({ num: cell(['0', '1', '-3', '7', '9007199254740993']), txt: cell(["''", "' '", "'a'", "'ab'", "'東京'", "'A\n'", "'12'"]), flt: cell(["0.5", "-1e300", "'NaN'", "'Infinity'", '1']), day: cell(["'2026-01-31'", "'2026-02-30'", "'2026'", "'x'"]) });

const columnRule = fc.oneof(
  fc.tuple(fc.constantFrom('num', 'flt'), fc.constantFrom('> 0', '>= 1', '< 7', '<= 0', '= 1', '!= 1', 'between -1 and 8', 'not between -1 and 1', 'in [0, 1]', 'in [1, NULL]', 'not in [0, 7]', 'not in [NULL]', '= NULL', '!= NULL')).map(([column, condition]) => `ColumnValues "${column}" ${condition}`),
  fc.constantFrom('= "a"', '!= "a"', 'in ["a", EMPTY]', 'not in ["a", NULL]', '= WHITESPACES_ONLY', '!= EMPTY', 'matches "[a-z]+"', 'matches "a|b"', 'not matches "a.*"', 'in [NULL, "ab"]').map((condition) => `ColumnValues "txt" ${condition}`),
  fc.constantFrom('> "2026-01-01"', '= "2026-01-31"', '!= "2026-01-31"', 'in [NULL, "2026-01-01"]', 'not between "2025-01-01" and "2026-01-15"').map((condition) => `ColumnValues "day" ${condition}`),
  fc.constantFrom('> 0', '<= 1', '= 2', '!= 1', 'between 0 and 3', 'not between 1 and 2', 'in [0, 1]', 'not in [2]').map((condition) => `ColumnLength "txt" ${condition}`),
  fc.tuple(fc.constantFrom('txt', 'day', 'num', 'flt'), fc.constantFrom('Integer', 'Long', 'Double', 'Boolean', 'Timestamp', 'Decimal(5,2)')).map(([column, type]) => `ColumnDataType "${column}" = "${type}"`),
  fc.tuple(fc.constantFrom('IsComplete', 'IsUnique', 'IsPrimaryKey'), fc.constantFrom('"num"', '"txt"', '"day"')).map((parts) => parts.join(' ')),
  fc.tuple(fc.constantFrom('IsUnique', 'IsPrimaryKey'), fc.constantFrom('"num" "txt"', '"flt" "day"')).map((parts) => parts.join(' ')),
);
const filteredRule = fc.tuple(columnRule, fc.constantFrom('', ' where "num > 0"', ' where "txt is not null"', ' where "num = 12345"')).map((parts) => parts.join(''));

describe('outcomes, failed rows and conditions on rows', () => {
  let lake: TestLake;
  beforeAll(async () => { lake = await openLake(); });
  afterAll(() => lake.close());

  it('agree over any table', async () => {
    await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.uniqueArray(filteredRule, { minLength: 1, maxLength: 12 }), async (rows, texts) => {
      const selects = rows.map(({ num, txt, flt, day }) => `SELECT ${num}::BIGINT AS num, ${txt}::VARCHAR AS txt, ${flt}::DOUBLE AS flt, ${day}::VARCHAR AS day`);
      const table = await lake.table('generated', [...selects, 'SELECT NULL::BIGINT AS num, NULL::VARCHAR AS txt, NULL::DOUBLE AS flt, NULL::VARCHAR AS day WHERE false'].join(' UNION ALL '));
      const ruleset = rulesetFrom(texts);
      const results = await checkRules(ruleset, { primary: table, query: lake.query, now: NOW });
      for (const [index, rule] of ruleset.rules.entries()) {
        const result = results[index];
        const condition = compileRowCondition(rule, { primary: table, now: NOW });
        const [met, failedRows] = await countRows(lake, table, condition ?? '');
        expect({ rule: result?.rule, error: result?.outcome === 'error' ? result.reason : null, failedRows: result?.failedRows }).toEqual({ rule: result?.rule, error: null, failedRows });
        // Without a row to judge, some rules pass and some have nothing to judge by.
        if (met + failedRows > 0) expect({ rule: result?.rule, outcome: result?.outcome }).toEqual({ rule: result?.rule, outcome: failedRows === 0 ? 'passed' : 'failed' });
      }
    }), { numRuns: 60 });
  }, 60_000);
});
