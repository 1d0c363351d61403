import type { DatasetConfig, TableConfig } from '@inlet/dataset';
import { columnsWithoutHeader } from './column-contract';
import { matchHeader, toColumnName } from './index';

const column = (name: string, source: string, over = {}) => ({ name, source, aliases: [] as string[], optional: false, ...over });
const table: TableConfig = {
  name: 't',
  members: ['*'],
  columns: [column('code', 'Item Code'), column('number', 'Application Number or Citation', { aliases: ['Application Number'] }), column('unit', 'Billing Unit', { optional: true })],
};
const configWith = (newColumns: 'allow' | 'reject') => ({ contract: { new_columns: newColumns } }) as DatasetConfig;
const match = (header: string[], newColumns: 'allow' | 'reject' = 'reject') => matchHeader(configWith(newColumns), table, { member: 'a.csv', header });

describe('matchHeader', () => {
  it('maps names and aliases in any case, in the file\'s order', () => {
    const matched = match([' application number ', 'ITEM CODE']);
    expect(matched.columns).toEqual(['number', 'code']);
    expect([...matched.sourceNames]).toEqual([['number', 'application number'], ['code', 'ITEM CODE']]);
  });
  it('lists every breach at once', () => {
    expect(() => match(['Colour', 'Billing Unit', 'billing unit'])).toThrow(
      /a\.csv.*unknown column "Colour"; missing column "Item Code"; missing column "Application Number or Citation"; two columns for "unit"/,
    );
  });
  it('keeps a new column under a name of its own where the contract allows it', () => {
    const matched = match(['Item Code', 'Application Number', 'Price (US $)'], 'allow');
    expect(matched.added).toEqual(['price_us']);
    expect(matched.columns).toEqual(['code', 'number', 'price_us']);
  });
  it('takes no new column for one that is known by another name', () => {
    expect(() => match(['Item Code', 'Application Number', 'Unit'], 'allow')).toThrow('unknown column "Unit"');
  });
  it('refuses two new columns whose names become one', () => {
    expect(() => match(['Item Code', 'Application Number', 'Price', 'price '], 'allow')).toThrow('two columns for "price"');
  });
});

describe('columnsWithoutHeader', () => {
  it.each([
    ['as many fields', 3, ['code', 'number', 'unit']],
    ['no optional field at the end', 2, ['code', 'number']],
    ['too few fields for the required columns', 1, ['code', 'number', 'unit']],
    ['too many fields', 4, ['code', 'number', 'unit']],
    ['a first record that is not known', undefined, ['code', 'number', 'unit']],
  ])('goes by the list for %s', (_what, width, columns) => {
    expect(columnsWithoutHeader(table, width).columns).toEqual(columns);
  });
});

describe('toColumnName', () => {
  it.each([['Reactivation Date (new)', 'reactivation_date_new'], ['2nd unit', 'column_2nd_unit'], ['', 'column'], ['Größe', 'gr_e'], ['_source', 'source'], ['File Row Number', 'column_file_row_number']])('%j becomes %s', (source, name) => {
    expect(toColumnName(source)).toBe(name);
  });
});
