import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createArchiveReader } from '@inlet/archive';
import { createDuckDbEngine, Database } from '@inlet/duckdb';
import { createLocalStore } from '@inlet/local-io';
import { keys, type QualityResult, type RunRecord } from '@inlet/manifest';
import { runPipeline } from '@inlet/orchestrator';
import { readRules } from '@inlet/quality';
import { createSource } from '@inlet/source';
import { createPipelineDeps, skipAloud, tempDir } from '@inlet/testing';
import { systemClock } from '@inlet/time';
import { readCder } from './index';

const DATA = path.resolve(__dirname, '../../../../shared/data');
const UNFINISHED = path.join(DATA, 'ndc-unfinished-2018-06-25.zip');
const FINISHED = ['product.txt', 'package.txt'].map((name) => path.join(DATA, 'ndc-finished-trimmed', name));

interface CheckedRun {
  record: RunRecord;
  /** Rows of a published table, or of its quarantine. */
  rows: (table: string, where: string, layer?: 'silver' | 'quarantine') => Promise<Record<string, unknown>[]>;
}

async function run(sources: string[]): Promise<CheckedRun> {
  const store = createLocalStore({ root: path.join(tempDir(), 'lake') });
  const deps = createPipelineDeps({ store, source: createSource({ clock: systemClock }), archives: createArchiveReader(), engine: async () => createDuckDbEngine() });
  const record = await runPipeline(await readCder(), { sources, force: false, engine: 'auto' }, deps);
  const version = record.startedAt.slice(0, 10);
  const rows: CheckedRun['rows'] = async (table, where, layer = 'silver') => {
    const prefix = layer === 'silver' ? keys.modelPrefix('silver', 'cder', version, record.runId) : keys.quarantinePrefix('cder', record.runId);
    const db = await Database.open();
    try {
      return await db.rows(`select * from read_parquet('${store.uri(`${prefix}${table}/part-0.parquet`)}', hive_partitioning = false) where ${where}`);
    } finally {
      db.close();
    }
  };
  return { record, rows };
}

const findRule = ({ quality }: RunRecord, table: string, beginning: string): QualityResult | undefined => quality.find((result) => result.table === table && result.rule.startsWith(beginning));

describe('the rules of the NDC directory', () => {
  it('can be read, are about all four tables, and quarantine only by what one row tells', async () => {
    const { rules } = readRules(await readCder());
    expect([...new Set(rules.map(({ table }) => table))]).toEqual(['products', 'packages', 'ingredients', 'pharm_classes']);
    expect(rules.filter(({ severity }) => severity === 'quarantine').map(({ table, rule }) => [table, 'type' in rule && rule.type])).toEqual([['products', 'ColumnValues']]);
  });

  it('keep back a product of the wrong century with the rule, its place and its raw values, and publish the rest', async () => {
    const header = ['PRODUCTID', 'PRODUCTNDC', 'PRODUCTTYPENAME', 'NONPROPRIETARYNAME', 'DOSAGEFORMNAME', 'STARTMARKETINGDATE', 'ENDMARKETINGDATE', 'MARKETINGCATEGORYNAME', 'LABELERNAME', 'SUBSTANCENAME', 'ACTIVE_NUMERATOR_STRENGTH', 'ACTIVE_INGRED_UNIT', 'DEASCHEDULE', 'LISTING_RECORD_CERTIFIED_THROUGH'];
    const products = Array.from({ length: 120 }, (_, index) => [`1000-${1000 + index}_a`, `1000-${1000 + index}`, 'DRUG', 'x', 'POWDER', index === 7 ? '02010101' : '20100101', '', 'NDA', 'Acme', 'X', '1', 'g', '', '']);
    const packages = products.map(([id, ndc]) => [id, ndc, `${ndc}-01`, '1 BOX']);
    const folder = path.join(tempDir(), 'files');
    mkdirSync(folder);
    const files = { 'unfinished_product.txt': [header, ...products], 'unfinished_package.txt': [['PRODUCTID', 'PRODUCTNDC', 'NDCPACKAGECODE', 'PACKAGEDESCRIPTION'], ...packages] };
    for (const [name, records] of Object.entries(files)) writeFileSync(path.join(folder, name), records.map((record) => `${record.join('\t')}\r\n`).join(''));
    const { record, rows } = await run(Object.keys(files).map((name) => path.join(folder, name)));
    expect(record.outcome).toBe('published');
    expect(record.tables.find(({ name, layer }) => name === 'products' && layer === 'silver')).toMatchObject({ rows: 119, quarantined: 1 });
    expect(findRule(record, 'products', 'ColumnValues "start_marketing_date"')).toMatchObject({ outcome: 'quarantined', severity: 'quarantine', failedRows: 1 });
    const [row] = await rows('products', 'true', 'quarantine');
    expect(row).toMatchObject({ _rule: expect.stringContaining('start_marketing_date'), _member: 'unfinished_product.txt', product_id: '1000-1007_a', start_marketing_date: '02010101' });
    expect(Number(row?.['_line'])).toBe(9);
    expect(record.tables.find(({ name }) => name === 'ingredients')?.parents).toEqual({ table: 'products', rows: 120, built: 119, quarantined: 1, superseded: 0, empty: 0 });
    expect(findRule(record, 'packages', 'ReferentialIntegrity')).toMatchObject({ outcome: 'warned', failedRows: 1 });
  });
});

if (!existsSync(UNFINISHED)) {
  skipAloud('the gate on the unfinished NDC directory of 2018', `no ${UNFINISHED}`);
} else {
  describe('the gate on the unfinished NDC directory of 25 June 2018', () => {
    let checked: CheckedRun;
    beforeAll(async () => {
      checked = await run([UNFINISHED]);
    });

    it('lets it pass, and warns of three things', () => {
      const warned = checked.record.quality.filter(({ outcome, rule }) => outcome !== 'passed' && !rule.startsWith('Finding'));
      expect(checked.record).toMatchObject({ outcome: 'published', reason: null });
      expect(warned.map(({ table, rule, outcome, failedRows }) => [table, rule.split(' ')[0], outcome, failedRows])).toEqual([
        ['products', 'ReferentialIntegrity', 'warned', 29],
        ['products', 'CustomSql', 'warned', 2],
        ['packages', 'IsComplete', 'warned', 2],
      ]);
    });
    it('finds the 29 products without packages, and keeps them', async () => {
      expect(findRule(checked.record, 'products', 'ReferentialIntegrity')?.reason).toMatch(/^29 of 21,478 rows are not in "packages"/);
      expect(checked.record.tables.find(({ name, layer }) => name === 'products' && layer === 'silver')).toMatchObject({ rows: 21_478, quarantined: 0, superseded: 0 });
    });
    it('finds the two products whose lists seem to differ in length, and shows that each has one ingredient', async () => {
      expect(findRule(checked.record, 'products', 'CustomSql')?.reason).toMatch(/^2 of 21,478 rows/);
      const products = await checked.rows('products', "substance_name like '%;%' and active_ingred_unit not like '%;%'");
      expect(products.map(({ product_ndc: ndc }) => ndc).sort()).toEqual(['71028-0031', '71028-0032']);
      const ingredients = await checked.rows('ingredients', "product_id like '71028-003%_%' and substance_name like '%450000%'");
      expect(ingredients.map(({ substance_name: name, ordinal, strength, unit }) => [name, ordinal, strength, unit])).toEqual(Array(2).fill(['POLY(METHYL METHACRYLATE; 450000 MW)', 1, '70', 'kg/100kg']));
      expect(findRule(checked.record, 'ingredients', 'IsComplete "strength"')).toMatchObject({ outcome: 'passed', failedRows: 0 });
    });
    it('finds the two package codes that are no NDC, and keeps them as they are', async () => {
      expect(findRule(checked.record, 'packages', 'IsComplete "ndc_format"')?.reason).toMatch(/^2 of 35,321 values are NULL/);
      const codes = await checked.rows('packages', 'ndc_format is null');
      expect(codes.map(({ ndc_package_code: code, ndc12 }) => [code, ndc12]).sort()).toEqual([['02', null], ['47848-026-XX', null]]);
    });
    it('accounts for every product in the tables that split it', () => {
      const parents = Object.fromEntries(checked.record.tables.flatMap(({ name, parents: of }) => (of ? [[name, of]] : [])));
      expect(parents).toEqual({
        ingredients: { table: 'products', rows: 21_478, built: 21_342, quarantined: 0, superseded: 0, empty: 136 },
        pharm_classes: { table: 'products', rows: 21_478, built: 0, quarantined: 0, superseded: 0, empty: 21_478 },
      });
    });
  });
}

if (!FINISHED.every(existsSync)) {
  skipAloud('the gate on the finished NDC directory, trimmed', `no ${FINISHED.join(' and ')}`);
} else {
  it('finds the product of the finished directory whose lists are short, and the places that they leave empty', async () => {
    const { record } = await run(FINISHED);
    expect(record.outcome).toBe('published');
    expect(findRule(record, 'products', 'CustomSql')).toMatchObject({ outcome: 'warned', failedRows: 1 });
    expect(findRule(record, 'ingredients', 'IsComplete "strength"')).toMatchObject({ outcome: 'warned', failedRows: 1 });
    expect(findRule(record, 'ingredients', 'IsComplete "unit"')).toMatchObject({ outcome: 'warned', failedRows: 2 });
  });
}
