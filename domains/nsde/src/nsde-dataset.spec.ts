import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { readNsde } from './index';

const excerpt = path.resolve(__dirname, '../../../../shared/data/nsde-excerpt-23.csv');
const present = existsSync(excerpt);
const itWithExcerpt = present ? it : it.skip;
const reason = present ? '' : ` (skipped: there is no ${excerpt})`;

describe('the nsde dataset', () => {
  it('reads from its folder, with one source and the SQL of its one model', async () => {
    const { config, models } = await readNsde();
    expect(config.sources).toEqual([
      expect.objectContaining({ name: 'nsde', source_url: 'https://download.open.fda.gov/Comprehensive_NDC_SPL_Data_Elements_File.zip' }),
    ]);
    expect(config.sources[0]?.headers['User-Agent']).toMatch(/Inlet.*@/);
    expect(models.map(({ name }) => name)).toEqual(['elements']);
    expect(models[0]?.sql).toMatch(/from bronze\.elements/);
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

  it('has the twelve fields of the file, of which the last three are not in every file', async () => {
    const { config } = await readNsde();
    const columns = config.tables[0]?.columns ?? [];
    expect(columns.map(({ source }) => source)).toEqual([
      'Item Code', 'NDC11', 'Proprietary Name', 'Dosage Form', 'Marketing Category', 'Application Number or Citation', 'Product Type',
      'Marketing Start Date', 'Marketing End Date', 'Billing Unit', 'Inactivation Date', 'Reactivation Date',
    ]);
    expect(columns.filter(({ optional }) => optional).map(({ name }) => name)).toEqual(['billing_unit', 'inactivation_date', 'reactivation_date']);
  });

  it.each(['Application Number or Citation', 'Application Number or Monograph ID', 'Application Number'])('knows the application number as "%s"', async (header) => {
    const { config } = await readNsde();
    const matches = config.tables[0]?.columns.filter(({ source, aliases }) => [source, ...aliases].includes(header));
    expect(matches?.map(({ name }) => name)).toEqual(['application_number']);
  });

  itWithExcerpt(`has a column for every header of a real excerpt, and lacks only optional ones there${reason}`, async () => {
    const { config } = await readNsde();
    const columns = config.tables[0]?.columns ?? [];
    const headers = readFileSync(excerpt, 'utf8').split(/\r?\n/)[0]!.split(',');
    const found = headers.map((header) => columns.find(({ source, aliases }) => [source, ...aliases].includes(header))?.name);
    expect(found).not.toContain(undefined);
    expect(columns.filter(({ name }) => !found.includes(name)).every(({ optional }) => optional)).toBe(true);
  });
});
