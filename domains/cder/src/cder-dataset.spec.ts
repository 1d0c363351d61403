import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { readCder } from './index';

/** First lines of the members, as FDA publishes them. */
const UNFINISHED_PRODUCT =
  'PRODUCTID PRODUCTNDC PRODUCTTYPENAME NONPROPRIETARYNAME DOSAGEFORMNAME STARTMARKETINGDATE ENDMARKETINGDATE MARKETINGCATEGORYNAME LABELERNAME SUBSTANCENAME ACTIVE_NUMERATOR_STRENGTH ACTIVE_INGRED_UNIT DEASCHEDULE LISTING_RECORD_CERTIFIED_THROUGH';
const FINISHED_PRODUCT =
  'PRODUCTID PRODUCTNDC PRODUCTTYPENAME PROPRIETARYNAME PROPRIETARYNAMESUFFIX NONPROPRIETARYNAME DOSAGEFORMNAME ROUTENAME STARTMARKETINGDATE ENDMARKETINGDATE MARKETINGCATEGORYNAME APPLICATIONNUMBER LABELERNAME SUBSTANCENAME ACTIVE_NUMERATOR_STRENGTH ACTIVE_INGRED_UNIT PHARM_CLASSES DEASCHEDULE NDC_EXCLUDE_FLAG LISTING_RECORD_CERTIFIED_THROUGH';
const UNFINISHED_PACKAGE = 'PRODUCTID PRODUCTNDC NDCPACKAGECODE PACKAGEDESCRIPTION';
const FINISHED_PACKAGE = `${UNFINISHED_PACKAGE} STARTMARKETINGDATE ENDMARKETINGDATE NDC_EXCLUDE_FLAG SAMPLE_PACKAGE`;

const finishedFolder = path.resolve(__dirname, '../../../../shared/data/ndc-finished-trimmed');
const present = existsSync(finishedFolder);
const itWithFinished = present ? it : it.skip;
const reason = present ? '' : ` (skipped: there is no ${finishedFolder})`;

/** The members that a pattern of * alone means, in any case. */
function matches(pattern: string, member: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.]/g, '\\.')).join('.*');
  return new RegExp(`^${source}$`, 'i').test(member);
}

async function readTable(name: string) {
  const { config } = await readCder();
  const table = config.tables.find((candidate) => candidate.name === name);
  if (!table) throw new Error(`no table ${name}`);
  return table;
}

describe('the cder dataset', () => {
  it('reads from its folder, with three sources and four models', async () => {
    const { config, models } = await readCder();
    expect(config.sources.map(({ name, source_url }) => [name, source_url])).toEqual([
      ['finished', 'https://www.accessdata.fda.gov/cder/ndctext.zip'],
      ['unfinished', 'https://www.accessdata.fda.gov/cder/ndc_unfinished.zip'],
      ['excluded', 'https://www.accessdata.fda.gov/cder/ndc_excluded.zip'],
    ]);
    expect(models.map(({ name }) => name)).toEqual(['products', 'packages', 'ingredients', 'pharm_classes']);
    expect(models.every(({ sql }) => /\bselect\b/i.test(sql))).toBe(true);
  });

  it('satisfies the JSON Schema that its $schema points to, so that editors agree with the parser', () => {
    const file = path.resolve(__dirname, '../config/dataset.json');
    const config = JSON.parse(readFileSync(file, 'utf8')) as { $schema: string };
    const schema = JSON.parse(readFileSync(path.resolve(path.dirname(file), config.$schema), 'utf8')) as object;
    const validate = new Ajv({ allErrors: true, formats: { uri: (text: string) => URL.canParse(text) } }).compile(schema);
    validate(config);
    expect(validate.errors).toBeNull();
    expect(validate({ ...config, retension: {} })).toBe(false);
  });

  it('reads windows-1252 text between tabs, in which a quote is data', async () => {
    expect((await readCder()).config.format).toMatchObject({ delimiter: '\t', encoding: 'windows-1252', quoting: false, header: true });
  });

  it('gives every text member one table, and the spreadsheets none', async () => {
    const { tables } = (await readCder()).config;
    const tableOf = (member: string) => tables.filter(({ members }) => members.some((pattern) => matches(pattern, member))).map(({ name }) => name);
    for (const member of ['product.txt', 'unfinished_product.txt', 'Products_excluded.txt']) expect([member, tableOf(member)]).toEqual([member, ['products']]);
    for (const member of ['package.txt', 'unfinished_package.txt', 'Packages_excluded.txt']) expect([member, tableOf(member)]).toEqual([member, ['packages']]);
    for (const member of ['product.xls', 'unfinished_package.xls']) expect([member, tableOf(member)]).toEqual([member, []]);
  });

  it('recognises the members of each zip as its source only', async () => {
    const { sources } = (await readCder()).config;
    const sourceOf = (member: string) => sources.filter(({ members }) => members.some((pattern) => matches(pattern, member))).map(({ name }) => name);
    expect(['product.txt', 'package.txt', 'unfinished_product.txt', 'Products_excluded.txt'].map(sourceOf)).toEqual([['finished'], ['finished'], ['unfinished'], ['excluded']]);
  });

  it.each([
    ['products', FINISHED_PRODUCT, UNFINISHED_PRODUCT],
    ['packages', FINISHED_PACKAGE, UNFINISHED_PACKAGE],
  ])('%s has the columns of the finished file, and requires none that the unfinished one lacks', async (name, finished, unfinished) => {
    const { columns } = await readTable(name);
    expect(columns.map(({ source }) => source)).toEqual(finished.split(' '));
    const required = columns.filter(({ optional }) => !optional).map(({ source }) => source);
    expect(unfinished.split(' ')).toEqual(expect.arrayContaining(required));
    expect(required).toContain('PRODUCTID');
  });

  itWithFinished.each([
    ['products', 'product.txt'],
    ['packages', 'package.txt'],
  ])(`%s has the columns of the real finished %s${reason}`, async (name, file) => {
    const [header] = readFileSync(path.join(finishedFolder, file), 'latin1').split(/\r?\n/);
    expect((await readTable(name)).columns.map(({ source }) => source)).toEqual(header?.split('\t'));
  });

  it('lets no release through without products, packages and ingredients, but one without classes', async () => {
    const { models } = (await readCder()).config;
    expect(models.filter(({ allow_empty }) => allow_empty).map(({ name }) => name)).toEqual(['pharm_classes']);
  });
});
