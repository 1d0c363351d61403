import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emptyManifest, keys, publishRelease, writeManifestText, type Release } from '@inlet/manifest';
import { openLakeQuery } from './index';
import { openWorkbench, type Workbench } from './workbench.test-support';

const MODEL = { name: 'm', sql: 'select clean(a) as a, b::integer as b, _source, _member, _line from bronze.t', key: ['a'], parent: 't' };

let bench: Workbench;
beforeAll(async () => {
  bench = openWorkbench();
  for (const [release, text] of [['r1', 'a,b\nold,1\n'], ['r2', 'a,b\nnew,1\n,2\n\nbad\n']] as const) await publish('drug-list', release, text);
});
afterAll(() => bench.remove());

async function publish(dataset: string, runId: string, text: string, models: Parameters<Workbench['buildSilver']>[1] = [MODEL]): Promise<void> {
  const bronze = await bench.buildBronze({ 'data.csv': text }, { columns: ['a', 'b'] });
  const silver = await bench.buildSilver(bronze, models);
  const tables = [...bronze.tables, ...silver.tables, ...silver.tables.flatMap(({ quarantine }) => (quarantine ? [quarantine] : []))];
  const sha256 = 'a'.repeat(64);
  const at = '2026-11-20T21:00:00.000Z';
  const release: Release = { runId, version: '2026-11-20', sha256, bytes: 1, publishedAt: at, fingerprint: sha256, sources: [], tables, schemaChanges: [] };
  const manifest = publishRelease(emptyManifest(dataset), release, { keep: 3, observed: { at, runId, fingerprint: sha256, sources: [] } });
  await bench.store.write(keys.manifestKey(dataset), writeManifestText(manifest));
}

async function ask(sql: string, { datasets = ['drug-list', 'unpublished'], quarantineOf }: { datasets?: string[]; quarantineOf?: string } = {}): Promise<unknown[][]> {
  const lake = await openLakeQuery({ store: bench.store, scratchDir: bench.dir, datasets, quarantineOf });
  try {
    const { rows } = await lake.run(sql);
    const read: unknown[][] = [];
    for await (const row of rows) read.push([...row]);
    return read;
  } finally {
    lake.close();
  }
}

describe('openLakeQuery', () => {
  it('reads the current release only, under the dataset\'s name with underscores', async () => {
    expect(await ask('select a, b from drug_list.m')).toEqual([['new', 1]]);
  });
  it('has bronze with the line each row stood on, and the quarantine', async () => {
    expect(await ask('select a, b, _line::integer from drug_list_bronze.t order by _line')).toEqual([['new', '1', 2], [null, '2', 3]]);
    expect(await ask('select _rule, _reason, _line::integer from drug_list_quarantine.m order by _line')).toEqual([
      ['row', 'the key column a is empty', 3],
      ['record', 'expected 2 fields, found 1', 5],
    ]);
  });
  it('has an empty quarantine, with the columns it would have, of each table of which no row was set aside', async () => {
    const split = { ...MODEL, name: 'parts', sql: `${MODEL.sql} union all select b, null, _source, _member, _line from bronze.t`, parent: undefined, splits: { table: 't', empty: 'false' } };
    await publish('good-day', 'g1', 'a,b\nx,1\ny,2\n', [MODEL, split, { name: 'sums', layer: 'gold', sql: "select sum(b)::bigint as total, 'all' as name from silver.m", key: ['name'] }]);
    const datasets = ['good-day'];
    for (const table of ['m', 'parts', 'sums']) expect(await ask(`select count(*)::integer from good_day_quarantine.${table}`, { datasets })).toEqual([[0]]);
    const columnsOf = async (table: string) => (await ask(`select column_name || ' ' || column_type from (describe good_day_quarantine.${table})`, { datasets })).flat();
    expect(await columnsOf('m')).toEqual(['_rule VARCHAR', '_reason VARCHAR', 'a VARCHAR', 'b VARCHAR', '_source VARCHAR', '_member VARCHAR', '_line BIGINT']);
    expect(await columnsOf('parts')).toEqual(['_rule VARCHAR', '_reason VARCHAR', 'a VARCHAR', 'b INTEGER', '_source VARCHAR', '_member VARCHAR', '_line BIGINT']);
    expect(await columnsOf('sums')).toEqual(['_rule VARCHAR', '_reason VARCHAR', 'total BIGINT', 'name VARCHAR']);
    await expect(ask('select * from good_day_quarantine.m', { datasets, quarantineOf: 'g1' })).rejects.toThrow('There is nothing to ask about');
  });
  it('has the quarantine of a run in place of what is published, even where nothing ever was', async () => {
    const rejected = path.join(bench.dir, 'rejected.parquet');
    const { Database } = await import('./database');
    const db = await Database.open();
    await db.run(`copy (select 'a rule' as _rule, 7 as _line) to '${rejected}' (format parquet)`);
    db.close();
    for (const dataset of ['drug-list', 'unpublished']) {
      const copy = `${rejected}.${dataset}`;
      copyFileSync(rejected, copy);
      await bench.store.uploadFile(copy, `${keys.quarantinePrefix(dataset, 'r3')}other/part-0.parquet`);
    }
    expect(await ask('select * from drug_list_quarantine.other', { quarantineOf: 'r3' })).toEqual([['a rule', 7]]);
    expect(await ask('select * from unpublished_quarantine.other', { quarantineOf: 'r3' })).toEqual([['a rule', 7]]);
    for (const sql of ['select a from drug_list.m', 'select * from drug_list_quarantine.m']) {
      await expect(ask(sql, { quarantineOf: 'r3' })).rejects.toMatchObject({ name: 'QueryError' });
    }
    await expect(ask('select * from drug_list_quarantine.other')).rejects.toMatchObject({ name: 'QueryError' });
    await expect(ask('select * from drug_list_quarantine.other', { quarantineOf: 'r4' })).rejects.toThrow('expected a dataset of which r4 set rows aside');
  });
  it('adds no columns from the paths of files', async () => {
    expect((await ask('select column_name from (describe drug_list.m)')).flat()).toEqual(['a', 'b', '_source', '_member', '_line']);
  });
  it('lists what is published', async () => {
    const sql = "select table_schema || '.' || table_name from information_schema.tables where table_schema like 'drug%' order by 1";
    expect((await ask(sql)).flat()).toEqual(['drug_list.m', 'drug_list_bronze.t', 'drug_list_quarantine.m']);
  });
  it('gives nested, large and temporal values as plain ones', async () => {
    expect(await ask("select [1, null], {'k': date '2026-11-20'}, 12345678901234567890::hugeint, 1.50::decimal(4,2), null, true")).toEqual([
      [[1, null], { k: '2026-11-20' }, 12345678901234567890n, '1.50', null, true],
    ]);
  });
  it.each([
    ["select * from read_text('FILE')", 'read'],
    ["select * from read_csv('FILE')", 'read'],
    ["copy (select 1) to 'FILE.out'", 'write'],
    ["attach 'FILE.db'", 'open'],
    ["set enable_external_access = true", 'change the settings'],
    ['install httpfs', 'install anything'],
  ])('%s: may not %s', async (sql) => {
    const file = path.join(bench.dir, 'secret.txt');
    writeFileSync(file, 'secret');
    await expect(ask(sql.replace('FILE', file))).rejects.toMatchObject({ name: 'QueryError' });
  });
  it('spills into the scratch folder, and leaves nothing there or anywhere else', async () => {
    const lake = await openLakeQuery({ store: bench.store, scratchDir: bench.dir, datasets: [], memoryMb: 60 });
    const before = readdirSync('.');
    try {
      const { rows } = await lake.run('select count(*) from (select md5(i::varchar) as m from range(2000000) t(i) order by m limit 1500000)');
      for await (const [count] of rows) expect(Number(count)).toBe(1_500_000);
      expect(readdirSync(bench.dir)).toContain(`query-${process.pid}`);
    } finally {
      lake.close();
    }
    expect(readdirSync(bench.dir)).not.toContain(`query-${process.pid}`);
    expect(readdirSync('.')).toEqual(before);
  });
  it('says what is wrong with SQL, and which schemas there are', async () => {
    await expect(ask('select nope from drug_list.m')).rejects.toMatchObject({ name: 'QueryError', message: expect.stringMatching(/nope.*Schemas: drug_list, unpublished/s) });
    await expect(ask('select * from unpublished.m')).rejects.toMatchObject({ name: 'QueryError', message: expect.stringContaining('unpublished') });
  });
});
