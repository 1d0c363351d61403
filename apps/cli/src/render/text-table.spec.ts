import fc from 'fast-check';
import { displayWidth } from './display-width';
import { formatHeader, formatRow, formatTable, layOutTable } from './text-table';

const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom('阿司匹林肠溶片', '12345', ''));
const table = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.record({
    columns: fc.array(fc.record({ title: cell, align: fc.constantFrom('left' as const, 'right' as const) }), { minLength: count, maxLength: count }),
    rows: fc.array(fc.array(cell, { minLength: count, maxLength: count }), { maxLength: 8 }),
  }),
);

describe('layOutTable', () => {
  it('gives lines no wider than the terminal, whatever the cells', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 2, max: 120 }), ({ columns, rows }, maxWidth) => {
        const layout = layOutTable(columns, rows, maxWidth);
        const lines = [...formatHeader(layout), ...rows.map((row) => formatRow(layout, row))];
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(maxWidth);
        expect(layout.columns.length + layout.hidden.length).toBe(columns.length);
      }),
    );
  });
  it('cuts nothing where there is no terminal', () => {
    fc.assert(
      fc.property(table, ({ columns, rows }) => {
        const layout = layOutTable(columns, rows);
        for (const row of rows) for (const text of row) expect(formatRow(layout, row)).toContain(text.trimEnd());
      }),
    );
  });
  it('cuts the widest texts first, and numbers not at all', () => {
    const columns = [{ title: 'name' }, { title: 'form' }, { title: 'rows', align: 'right' as const }];
    const rows = [['a name that is far too long to fit', 'TABLET', '1234567890']];
    expect(formatTable(columns, rows, { maxWidth: 32 })).toEqual([
      'name          form          rows',
      '────────────  ──────  ──────────',
      'a name that…  TABLET  1234567890',
    ]);
  });
  it('leaves out columns on the right when not even cut ones fit', () => {
    const columns = Array.from({ length: 6 }, (_, index) => ({ title: `column_number_${index}` }));
    const layout = layOutTable(columns, [], 56);
    expect(layout.columns).toHaveLength(4);
    expect(layout.hidden.map(({ title }) => title)).toEqual(['column_number_4', 'column_number_5']);
  });
});
