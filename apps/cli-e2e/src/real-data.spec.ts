/** Real files of FDA, where the machine has them, published and compared row by row with an independent reading of them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { readCder } from '@inlet/cder-dataset';
import type { RunRecord } from '@inlet/manifest';
import { readNsde } from '@inlet/nsde-dataset';
import { present, tempDir } from '@inlet/testing';
import { parse } from 'csv-parse/sync';
import { decode } from 'iconv-lite';
import { fromBufferPromise } from 'yauzl';
import { inlet } from './cli.test-support';
import { expectEveryRowAccounted, openTestLake, type TestLake } from './lake.test-support';

const DATA = path.resolve(__dirname, '../../../../shared/data');
const UNFINISHED = path.join(DATA, 'ndc-unfinished-2018-06-25.zip');
const FINISHED = ['product.txt', 'package.txt'].map((name) => path.join(DATA, 'ndc-finished-trimmed', name));
const NSDE = path.join(DATA, 'nsde-excerpt-23.csv');
const missing = [UNFINISHED, ...FINISHED, NSDE].filter((file) => !existsSync(file));
const isThere = missing.length === 0;
if (!isThere) console.warn(`real-data.spec.ts skips its tests: these files are not on this machine: ${missing.join(', ')}`);
const onRealData = isThere ? it : it.skip;
const because = isThere ? '' : ' (skipped: ../shared/data is not on this machine)';

/** A record of a file, by the file's own column names. */
type FileRecord = Record<string, string>;
const clean = (text: string | undefined) => (text === undefined || text.trim() === '' ? null : text.trim());
const date = (text: string | undefined) => clean(text)?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3') ?? null;
const sortBy = <T>(rows: T[], key: (row: T) => string) => [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));

/** The records of FDA's tab-separated text, in which a quote is data. */
function readTabbed(bytes: Buffer): FileRecord[] {
  return parse(decode(bytes, 'windows-1252'), { delimiter: '\t', quote: null, columns: true, skip_empty_lines: true, relax_column_count: false }) as FileRecord[];
}

async function readMember(zip: string, member: string): Promise<FileRecord[]> {
  const file = await fromBufferPromise(readFileSync(zip), {});
  for await (const entry of file.eachEntry()) if (entry.fileName === member) return readTabbed(await buffer(await file.openReadStreamPromise(entry)));
  throw new Error(`${zip} has no ${member}`);
}

/** The values of a list, split at each `;` that stands in no bracket. */
function splitList(text: string | undefined): (string | null)[] {
  if (clean(text) === null) return [];
  const values = [''];
  let depth = 0;
  for (const character of text ?? '') {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ';' && depth === 0) values.push('');
    else values[values.length - 1] += character;
  }
  return values.map((value) => clean(value));
}

function ingredientsOf(product: FileRecord): Record<string, unknown>[] {
  const [substances, strengths, units] = ['SUBSTANCENAME', 'ACTIVE_NUMERATOR_STRENGTH', 'ACTIVE_INGRED_UNIT'].map((column) => splitList(product[column])) as [(string | null)[], (string | null)[], (string | null)[]];
  return Array.from({ length: Math.max(substances.length, strengths.length, units.length) }, (_, index) => ({
    product_id: product['PRODUCTID'],
    ordinal: index + 1,
    substance_name: substances[index] ?? null,
    strength: strengths[index] ?? null,
    unit: units[index] ?? null,
  }));
}

/** Format, ndc11 and ndc12 of a package code, segment by segment. */
function ndcForms(code: string): { ndc_format: string | null; ndc11: string | null; ndc12: string | null } {
  const segments = code.split('-');
  const format = segments.map(({ length }) => length).join('-');
  const isNdc = segments.every((segment) => /^\d+$/.test(segment)) && ['4-4-2', '5-3-2', '5-4-1', '5-4-2'].includes(format);
  if (!isNdc) return { ndc_format: null, ndc11: null, ndc12: null };
  const pad = (lengths: number[]) => segments.map((segment, index) => segment.padStart(lengths[index] ?? 0, '0')).join('');
  return { ndc_format: format, ndc11: pad([5, 4, 2]), ndc12: pad([6, 4, 2]) };
}

function productRow(product: FileRecord, directory: string): Record<string, unknown> {
  const text = (...columns: string[]) => Object.fromEntries(columns.map((column) => [COLUMN_NAMES[column] ?? column, clean(product[column])]));
  const dates = (...columns: string[]) => Object.fromEntries(columns.map((column) => [COLUMN_NAMES[column] ?? column, date(product[column])]));
  return {
    directory,
    ...text(...Object.keys(COLUMN_NAMES).filter((column) => !DATE_COLUMNS.includes(column))),
    ...dates(...DATE_COLUMNS),
    // A list with one space after each separator, however ragged its own are.
    route_name: splitList(product['ROUTENAME']).join('; ') || null,
  };
}

const COLUMN_NAMES: Record<string, string> = {
  PRODUCTID: 'product_id',
  PRODUCTNDC: 'product_ndc',
  PRODUCTTYPENAME: 'product_type_name',
  PROPRIETARYNAME: 'proprietary_name',
  PROPRIETARYNAMESUFFIX: 'proprietary_name_suffix',
  NONPROPRIETARYNAME: 'nonproprietary_name',
  DOSAGEFORMNAME: 'dosage_form_name',
  ROUTENAME: 'route_name',
  STARTMARKETINGDATE: 'start_marketing_date',
  ENDMARKETINGDATE: 'end_marketing_date',
  MARKETINGCATEGORYNAME: 'marketing_category_name',
  APPLICATIONNUMBER: 'application_number',
  LABELERNAME: 'labeler_name',
  SUBSTANCENAME: 'substance_name',
  ACTIVE_NUMERATOR_STRENGTH: 'active_numerator_strength',
  ACTIVE_INGRED_UNIT: 'active_ingred_unit',
  PHARM_CLASSES: 'pharm_classes',
  DEASCHEDULE: 'dea_schedule',
  NDC_EXCLUDE_FLAG: 'ndc_exclude_flag',
  LISTING_RECORD_CERTIFIED_THROUGH: 'listing_record_certified_through',
};
const DATE_COLUMNS = ['STARTMARKETINGDATE', 'ENDMARKETINGDATE', 'LISTING_RECORD_CERTIFIED_THROUGH'];

/** Too many rows to print a difference: the first one that differs is enough. */
function expectSameRows(found: Record<string, unknown>[], expected: Record<string, unknown>[], key: (row: Record<string, unknown>) => string): void {
  expect(found.length).toBe(expected.length);
  const [a, b] = [sortBy(found, key), sortBy(expected, key)];
  const at = a.findIndex((row, index) => Object.keys(b[index] ?? {}).some((column) => row[column] !== b[index]?.[column]) || Object.keys(row).length !== Object.keys(b[index] ?? {}).length);
  expect(a[at]).toEqual(b[at]);
  expect(at).toBe(-1);
}

let lake: TestLake;
beforeAll(() => {
  lake = openTestLake();
});
afterAll(() => lake.close());

describe(`the unfinished NDC directory of 25 June 2018${because}`, () => {
  let run: RunRecord;
  let products: FileRecord[];
  let packages: FileRecord[];
  beforeAll(async () => {
    if (!isThere) return;
    run = await lake.run(await readCder(), { sources: [UNFINISHED] });
    products = await readMember(UNFINISHED, 'unfinished_product.txt');
    packages = await readMember(UNFINISHED, 'unfinished_package.txt');
  });

  onRealData('is published whole, with nothing in quarantine', async () => {
    expect(run).toMatchObject({ outcome: 'published', engine: 'duckdb', release: { sources: [{ name: 'unfinished', bytes: 3_804_700 }] } });
    expectEveryRowAccounted(await readCder(), run);
    const counts = Object.fromEntries(run.tables.map(({ layer, name, rows }) => [`${layer}.${name}`, rows]));
    expect(counts).toMatchObject({ 'bronze.products': 21_478, 'silver.products': 21_478, 'bronze.packages': 35_321, 'silver.packages': 35_321, 'silver.pharm_classes': 0 });
    expect(run.tables.reduce((sum, { quarantined, superseded }) => sum + quarantined + superseded, 0)).toBe(0);
    expect([products.length, packages.length]).toEqual([21_478, 35_321]);
  });

  onRealData('has every product as the file has it', async () => {
    const found = await lake.query('select * exclude (_source, _member, _line) from cder.products');
    expectSameRows(found, products.map((product) => productRow(product, 'unfinished')), ({ product_id: id }) => String(id));
  });

  onRealData('has every product where the file has it', async () => {
    const found = await lake.query('select product_id, _line::int as line, _member, _source from cder.products');
    const expected = products.map((product, index) => ({ product_id: product['PRODUCTID'], line: index + 2, _member: 'unfinished_product.txt', _source: 'unfinished' }));
    expectSameRows(found, expected, ({ product_id: id }) => String(id));
  });

  onRealData('has every package as the file has it, and its NDC in uniform forms but for two codes that are none', async () => {
    const found = await lake.query('select * exclude (_source, _member, _line, _finding) from cder.packages');
    const none = { start_marketing_date: null, end_marketing_date: null, ndc_exclude_flag: null, sample_package: null };
    const expected = packages.map((one) => ({
      product_id: one['PRODUCTID'],
      product_ndc: one['PRODUCTNDC'],
      ndc_package_code: one['NDCPACKAGECODE'],
      ...ndcForms(one['NDCPACKAGECODE'] ?? ''),
      package_description: clean(one['PACKAGEDESCRIPTION']),
      ...none,
    }));
    expectSameRows(found, expected, (row) => `${row['product_id']} ${row['ndc_package_code']}`);
    expect(found.filter(({ ndc11 }) => ndc11 === null).map(({ ndc_package_code: code, ndc12 }) => [code, ndc12]).sort()).toEqual([['02', null], ['47848-026-XX', null]]);
    expect(found.filter(({ ndc11, ndc12 }) => /^\d{11}$/.test(String(ndc11)) && /^\d{12}$/.test(String(ndc12)))).toHaveLength(35_319);
    expect(run.quality).toContainEqual({ table: 'packages', rule: 'Finding "the package code is no NDC"', outcome: 'warned', metrics: { 'Dataset.*.FindingCount': 2 }, reason: '2 rows' });
  });

  onRealData('has every ingredient, paired by position, and brackets kept whole', async () => {
    const found = await lake.query('select * exclude (_source, _member, _line, _finding) from cder.ingredients');
    expectSameRows(found, products.flatMap(ingredientsOf), (row) => `${row['product_id']} ${String(row['ordinal']).padStart(4, '0')}`);
    const polymers = await lake.query("select substance_name, ordinal, strength, unit from cder.ingredients where substance_name like 'POLY(METHYL METHACRYLATE%'");
    expect(polymers.map(({ substance_name: name, ordinal }) => [name, ordinal])).toEqual(Array(polymers.length).fill(['POLY(METHYL METHACRYLATE; 450000 MW)', 1]));
    expect(polymers.length).toBe(products.filter((product) => product['SUBSTANCENAME']?.includes('450000 MW')).length);
  });

  onRealData('has its text in the right characters, text that was damaged before FDA had it included', async () => {
    const labelers = await lake.query('select distinct labeler_name as name from cder.products');
    const names = labelers.map(({ name }) => String(name));
    expect(names.some((name) => name.includes('Guang\u2019an'))).toBe(true);
    expect(names.filter((name) => name.includes('\ufffd') || /[\x80-\x9f]/.test(name))).toEqual([]);
    expect(names.filter((name) => name.includes('\u00bf')).length).toBe(new Set(products.map((product) => product['LABELERNAME']).filter((name) => name?.includes('\u00bf'))).size);
  });

  onRealData('has 29 products without a package', async () => {
    expect(await lake.query('select count(*)::int as n from cder.products anti join cder.packages using (product_id)')).toEqual([{ n: 29 }]);
  });

  onRealData('is known again, and is published by the command as well', async () => {
    expect(await lake.run(await readCder(), { sources: [UNFINISHED] }, { withoutEngine: true })).toMatchObject({ outcome: 'unchanged' });
    const lakeRoot = path.join(tempDir(), 'lake');
    const ran = await inlet(['run', 'cder', '--source', UNFINISHED, '--lake', lakeRoot, '--json']);
    expect(ran.code).toBe(0);
    expect((ran.json() as RunRecord).tables).toContainEqual({ name: 'products', layer: 'silver', rows: 21_478, quarantined: 0, superseded: 0 });
    const asked = await inlet(['query', 'select count(*) as packages, count(ndc12) as with_ndc from cder.packages', '--json', '--lake', lakeRoot]);
    expect(asked.json()).toEqual([{ packages: 35_321, with_ndc: 35_319 }]);
  });
});

describe(`the finished NDC directory, trimmed${because}`, () => {
  let run: RunRecord;
  beforeAll(async () => {
    if (isThere) run = await lake.run(await readCder(), { sources: FINISHED });
  });

  onRealData('is published from its two files', async () => {
    expect(run).toMatchObject({ outcome: 'published' });
    expectEveryRowAccounted(await readCder(), run);
    expect(run.release?.sources.map(({ name }) => name)).toEqual(['finished:product.txt', 'finished:package.txt']);
    const products = readTabbed(readFileSync(present(FINISHED[0])));
    expectSameRows(await lake.query('select * exclude (_source, _member, _line) from cder.products'), products.map((product) => productRow(product, 'finished')), ({ product_id: id }) => String(id));
    expect(await lake.query('select count(*)::int as n, count(ndc11)::int as ndcs, min(start_marketing_date) as first from cder.packages')).toEqual([{ n: 3, ndcs: 3, first: '1987-07-10' }]);
  });

  onRealData('keeps all four substances of the product whose lists have unequal lengths, and reports it', async () => {
    const found = await lake.query("select ordinal, substance_name, strength, unit, _finding from cder.ingredients where product_id like '0002-1200%' order by ordinal");
    const finding = 'lists of unequal length: 4 substances, 3 strengths, 2 units';
    expect(found).toEqual([
      { ordinal: 1, substance_name: 'ALENDRONATE SODIUM', strength: '70', unit: 'mg/1', _finding: finding },
      { ordinal: 2, substance_name: 'CHOLECALCIFEROL', strength: '5600', unit: '[iU]/1', _finding: finding },
      { ordinal: 3, substance_name: 'FLUORIDE', strength: '100', unit: null, _finding: finding },
      { ordinal: 4, substance_name: 'ZINC', strength: null, unit: null, _finding: finding },
    ]);
    expect(run.quality).toContainEqual(expect.objectContaining({ table: 'ingredients', rule: `Finding "${finding}"`, outcome: 'warned', reason: '4 rows' }));
  });

  onRealData('splits classes after the brackets of their type', async () => {
    const found = await lake.query("select split_part(product_id, '_', 1) as product, ordinal, class_name, class_type from cder.pharm_classes order by 1, 2");
    expect(found).toEqual([
      { product: '0002-1200', ordinal: 1, class_name: 'Radioactive Diagnostic Agent', class_type: 'EPC' },
      { product: '0002-1200', ordinal: 2, class_name: 'Positron Emitting Activity', class_type: 'MoA' },
      { product: '0002-1407', ordinal: 1, class_name: 'Antiarrhythmic', class_type: 'EPC' },
      { product: '0002-1407', ordinal: 2, class_name: 'Cytochrome P450 2D6 Inhibitor', class_type: 'EPC' },
      { product: '0002-1407', ordinal: 3, class_name: 'Cytochrome P450 2D6 Inhibitors', class_type: 'MoA' },
    ]);
  });
});

describe(`an excerpt of NSDE in which a copy lost its zeros${because}`, () => {
  let run: RunRecord;
  beforeAll(async () => {
    if (isThere) run = await lake.run(await readNsde(), { sources: [NSDE] });
  });

  onRealData('is published with its 23 rows as the file has them, and the zeros where they belong', async () => {
    expect(run).toMatchObject({ outcome: 'published' });
    expectEveryRowAccounted(await readNsde(), run);
    const rows = parse(readFileSync(NSDE), { columns: true }) as FileRecord[];
    expect(rows).toHaveLength(23);
    const expected = rows.map((one) => ({
      item_code: one['Item Code'],
      item_code_type: 'ndc',
      ...ndcForms(one['Item Code'] ?? ''),
      proprietary_name: clean(one['Proprietary Name']),
      dosage_form: clean(one['Dosage Form']),
      marketing_category: clean(one['Marketing Category']),
      application_number: clean(one['Application Number']),
      product_type: clean(one['Product Type']),
      marketing_start_date: date(one['Marketing Start Date']),
      marketing_end_date: date(one['Marketing End Date']),
      billing_unit: null,
      inactivation_date: null,
      reactivation_date: null,
    }));
    const found = await lake.query('select * exclude (_source, _member, _line, _finding) from nsde.elements');
    expectSameRows(found, expected, ({ item_code: code }) => String(code));
    expect(found).toContainEqual(expect.objectContaining({ item_code: '0003-4215-91', ndc11: '00003421591', dosage_form: 'TABLET, FILM COATED', marketing_start_date: '2009-07-31', marketing_end_date: '2017-04-30' }));
  });

  onRealData('reports that the zeros were lost', () => {
    expect(run.quality).toContainEqual({ table: 'elements', rule: 'Finding "NDC11 has lost its leading zeros in the source"', outcome: 'warned', metrics: { 'Dataset.*.FindingCount': 23 }, reason: '23 rows' });
  });
});
