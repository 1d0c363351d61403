import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { planSilver } from './plan-silver';

interface Model {
  name: string;
  sql: string;
  parent?: string;
  splits?: object;
  pii?: string[];
  masks?: object;
}

const table = (name: string) => ({ name, members: [`${name}*`], columns: [{ name: 'id', source: 'id' }] });

function dataset(models: readonly Model[], rules: string): Dataset {
  const config = parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.zip',
    schedule: { expression: 'rate(1 days)' },
    tables: [table('one'), table('two'), table('unread')],
    models: models.map(({ sql: _sql, ...model }) => ({ key: ['id'], ...model })),
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
  });
  return { config, models, rules };
}

const planWith = (rules: string, ...models: Model[]) => planSilver(dataset(models, rules), { runId: '20261120T210005Z-aaaaaaaaaaaa', version: '2026-11-20', bronze: { tables: [] } });
const plan = (...models: Model[]) => planWith('', ...models);

describe('planSilver', () => {
  it('puts models in the order of what they read', () => {
    const { tables } = plan({ name: 'late', sql: 'select * from silver.early' }, { name: 'early', parent: 'one', sql: 'select * from bronze.one' });
    expect(tables.map(({ name, parent, outputPrefix }) => [name, parent, outputPrefix])).toEqual([
      ['early', 'one', 'silver/drug-list/version=2026-11-20/run=20261120T210005Z-aaaaaaaaaaaa/'],
      ['late', undefined, 'silver/drug-list/version=2026-11-20/run=20261120T210005Z-aaaaaaaaaaaa/'],
    ]);
  });
  it('finds a quarantine for the unreadable records of every table that is read: with its children, or else with its first reader', () => {
    const { tables } = plan(
      { name: 'a', sql: 'select * from bronze.two join bronze.one using (id)' },
      { name: 'b', parent: 'one', sql: 'select * from bronze.one' },
      { name: 'c', parent: 'one', sql: 'select * from bronze.one' },
      { name: 'd', sql: 'select * from bronze.two' },
    );
    expect(Object.fromEntries(tables.map(({ name, unreadableOf }) => [name, unreadableOf]))).toEqual({ a: ['two'], b: ['one'], c: ['one'], d: [] });
  });
  it('passes on what is split, personal and masked, and nothing where nothing is', () => {
    const { tables } = plan({ name: 'a', sql: 'select * from bronze.one', splits: { table: 'one', empty: 'id is null' }, pii: ['id'], masks: { id: { method: 'hash' } } }, { name: 'b', sql: 'select * from bronze.one' });
    expect(tables[0]).toMatchObject({ splits: { table: 'one', empty: 'id is null' }, pii: ['id'], masks: { id: { method: 'hash' } } });
    expect(Object.keys(tables[1] ?? {})).not.toEqual(expect.arrayContaining([expect.stringMatching(/splits|pii|masks|rowRules/)]));
  });
});

describe('the row rules of a plan', () => {
  const a = { name: 'a', sql: 'select * from bronze.one' };
  const b = { name: 'b', sql: 'select * from bronze.two' };
  const quarantine = (rule: string, of: string) => `${rule} labels = ["table" = "${of}", "severity" = "quarantine"]`;

  it('are those that quarantine, each with its table, and know when the run began', () => {
    const { tables } = planWith(`Rules = [ RowCount > 0 labels = ["table" = "a"], ${quarantine('IsComplete "id"', 'a')}, ${quarantine('ColumnLength "id" > 1', 'a')} ]`, a, b);
    expect(tables.map(({ rowRules }) => rowRules?.now)).toEqual(['2026-11-20T21:00:05.000Z', undefined]);
    expect(tables[0]?.rowRules?.ruleset).toMatch(/^Rules = \[\n {4}IsComplete "id" labels.*,\n {4}ColumnLength "id" > 1 labels.*\n\]\n$/);
  });
  it('have the tables that they ask for built first', () => {
    const { tables } = planWith(`Rules = [ ${quarantine('ReferentialIntegrity "id" "b.id" = 1.0', 'a')} ]`, a, b);
    expect(tables.map(({ name }) => name)).toEqual(['b', 'a']);
  });
  it('may ask for bronze, which is there before', () => {
    const { tables } = planWith(`Rules = [ ${quarantine('ReferentialIntegrity "id" "bronze_two.id" = 1.0', 'a')} ]`, a, b);
    expect(tables.map(({ name }) => name)).toEqual(['a', 'b']);
  });
  it('are refused where they ask for a table that reads their own', () => {
    const late = { name: 'late', sql: 'select * from silver.a' };
    const attempt = () => planWith(`Rules = [\n ${quarantine('ReferentialIntegrity "id" "late.id" = 1.0', 'a')} ]`, a, late);
    expect(attempt).toThrow(/A rule on a asks for rows of a table that is only built after it \(quality\.dqdl, line 2\).*silver\.a -> silver\.late -> silver\.a.*"critical" or "warn"/s);
  });
  it('are not blamed for a circle of the models themselves', () => {
    const rules = `Rules = [ ${quarantine('ReferentialIntegrity "id" "b.id" = 1.0', 'a')} ]`;
    expect(() => planWith(rules, { name: 'a', sql: 'select * from silver.b' }, { name: 'b', sql: 'select * from silver.a' })).toThrow(/Models read each other in a circle/);
  });
});
