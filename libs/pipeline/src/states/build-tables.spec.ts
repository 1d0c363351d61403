import { parseDatasetConfig, type Dataset } from '@inlet/dataset';
import { planSilver } from './build-tables';

const column = (name: string) => ({ name, source: name });
const table = (name: string) => ({ name, members: [`${name}*`], columns: [column('id')] });

function dataset(models: { name: string; parent?: string; sql: string }[]): Dataset {
  const config = parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.zip',
    schedule: { expression: 'rate(1 days)' },
    tables: [table('one'), table('two'), table('unread')],
    models: models.map(({ name, parent }) => ({ name, parent, key: ['id'] })),
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
  });
  return { config, models, rules: '' };
}

const plan = (...models: Parameters<typeof dataset>[0]) => planSilver(dataset(models), { runId: 'r', version: '2026-11-20', bronze: { tables: [] } });

describe('planSilver', () => {
  it('puts models in the order of what they read', () => {
    const { tables } = plan({ name: 'late', sql: 'select * from silver.early' }, { name: 'early', parent: 'one', sql: 'select * from bronze.one' });
    expect(tables.map(({ name, parent, outputPrefix }) => [name, parent, outputPrefix])).toEqual([
      ['early', 'one', 'silver/drug-list/version=2026-11-20/run=r/'],
      ['late', undefined, 'silver/drug-list/version=2026-11-20/run=r/'],
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
});
