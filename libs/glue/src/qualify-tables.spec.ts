import fc from 'fast-check';
import { listTables, qualifyTables } from './qualify-tables';

const databases = { nsde: 'inlet_nsde', 'drug-list': 'inlet_drug_list' };
const qualify = (sql: string) => qualifyTables(sql, databases);
const ELEMENTS = '"inlet_nsde"."elements"';

describe('qualifyTables', () => {
  it.each([
    ['select count(*) from nsde.elements', `select count(*) from ${ELEMENTS}`],
    ['SELECT * FROM NSDE . Elements', `SELECT * FROM ${ELEMENTS}`],
    ['select * from "nsde"."elements" e', `select * from ${ELEMENTS} e`],
    ['select * from drug_list.items', 'select * from "inlet_drug_list"."items"'],
    ['select 1 from x join nsde.elements using (id)', `select 1 from x join ${ELEMENTS} using (id)`],
    ['select 1 from x, nsde.elements, (nsde.elements cross join nsde.elements)', `select 1 from x, ${ELEMENTS}, (${ELEMENTS} cross join ${ELEMENTS})`],
    ['select 1 from x a join y b on a.i = b.i, nsde.elements', `select 1 from x a join y b on a.i = b.i, ${ELEMENTS}`],
    ['select nsde.elements.ndc11 from nsde.elements', `select ${ELEMENTS}.ndc11 from ${ELEMENTS}`],
    ['with a as (select * from nsde.elements) select (select max(x) from nsde.elements) from a', `with a as (select * from ${ELEMENTS}) select (select max(x) from ${ELEMENTS}) from a`],
    ['((select 1 from nsde.elements)) union all select 2 from nsde.elements', `((select 1 from ${ELEMENTS})) union all select 2 from ${ELEMENTS}`],
    ['select 1 where exists (select 1 from nsde.elements)', `select 1 where exists (select 1 from ${ELEMENTS})`],
    ['describe nsde.elements', `describe ${ELEMENTS}`],
    ['select extract(year from d) from nsde.elements', `select extract(year from d) from ${ELEMENTS}`],
    ['select 1 from /* from nsde.elements */ nsde.elements -- nsde.elements', `select 1 from /* from nsde.elements */ ${ELEMENTS} -- nsde.elements`],
  ])('%s', (sql, expected) => {
    expect(qualify(sql)).toBe(expected);
  });

  it.each([
    ['strings', 'select \'from nsde.elements\', \'it\'\'s from nsde.elements\' from x'],
    ['comments', 'select 1 -- from nsde.elements\n/* from nsde.elements */'],
    ['quoted names', 'select "from nsde.elements" from "nsde.elements"'],
    ['an alias that is named like a dataset', 'select nsde.code, max(nsde.elements) from x.y nsde where nsde.code in (nsde.a, nsde.b)'],
    ['fields of an alias\'s column', 'select nsde.elements.part from x nsde'],
    ['a common table expression that is named like a dataset', 'with nsde as (select 1 as elements) select nsde.elements from nsde'],
    ['what comes after DISTINCT FROM', 'select 1 from x nsde where 1 is distinct from nsde.elements or 2 is not distinct from nsde.elements'],
    ['the FROM of a function', 'select extract(day from nsde.elements), trim(both from nsde.elements) from x nsde'],
    ['lists that are none of tables', 'select a from x nsde where y = 1 order by nsde.elements, nsde.elements'],
    ['unknown schemas', 'select 1 from nsde_bronze.elements, other.elements, nsdex.elements'],
    ['names with a catalog', 'select 1 from awsdatacatalog.nsde.elements'],
    ['names that are qualified already', 'select 1 from inlet_nsde.elements'],
    ['a table alone', 'select 1 from nsde'],
  ])('leaves %s alone', (_what, sql) => {
    expect(qualify(sql)).toBe(sql);
  });

  it('changes nothing but those names, and finds nothing more the second time', () => {
    const part = fc.constantFrom('select ', ' from ', ' join ', ' where ', 'nsde', '.', 'elements', '"nsde"', ', ', '(', ')', '\'', '"', '--', '\n', '/*', '*/', ' x ', ' order by ', ' distinct ', ' is ');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 25 }).map((parts) => parts.join('')), (sql) => {
        const once = qualify(sql);
        expect(qualify(once)).toBe(once);
        // Odd parts are names of tables, whatever they are called here; the rest must stand in the text as it stood before.
        const parts = once.split(/"inlet_nsde"\."(\w+)"/).map((text, index) => (index % 2 === 1 ? `"?nsde"?[^]*?"?${text}"?` : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
        expect(sql).toMatch(new RegExp(`^${parts.join('')}$`));
        expect(qualifyTables(sql, {})).toBe(sql);
      }),
    );
  });
});

describe('listTables', () => {
  it.each([
    ['select 1 from inlet_nsde.elements e join "inlet_nsde"."Codes" c on e.a = c.a, inlet_nsde.elements', ['inlet_nsde.elements', 'inlet_nsde.codes']],
    ['with a as (select * from inlet_nsde.elements) select * from a join awsdatacatalog.inlet_cder.products using (x)', ['inlet_nsde.elements', 'inlet_cder.products']],
    ['select * from "AwsDataCatalog"."inlet_nsde"."elements"', ['inlet_nsde.elements']],
    ['select inlet_nsde.elements.a from other.x, inlet_nsde.y', ['inlet_nsde.y']],
    ['select \'from inlet_nsde.elements\' -- from inlet_nsde.codes', []],
    ['select 1 from other.inlet_nsde.elements', []],
  ])('%s', (sql, expected) => {
    expect(listTables(sql, ['inlet_nsde', 'inlet_cder']).map(({ database, table }) => `${database}.${table}`)).toEqual(expected);
  });

  it('finds what names were qualified', () => {
    expect(listTables(qualify('select 1 from nsde.elements join drug_list.items using (id)'), Object.values(databases))).toEqual([
      { database: 'inlet_nsde', table: 'elements' },
      { database: 'inlet_drug_list', table: 'items' },
    ]);
  });
});
