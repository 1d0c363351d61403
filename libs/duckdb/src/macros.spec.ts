import { buildMacros, quoteText } from '@inlet/sql';
import fc from 'fast-check';
import { Database } from './database';

let db: Database;
beforeAll(async () => {
  db = await Database.open();
  for (const macro of buildMacros(['', 'N/A'])) await db.run(macro);
});
afterAll(() => db.close());

const literal = (value: string | null) => (value === null ? 'null::varchar' : quoteText(value));

/** Applies an expression over x to every value, in one query. */
async function applyToAll(expression: string, values: readonly (string | null)[]): Promise<unknown[]> {
  const rows = values.map((value, index) => `(${index}, ${literal(value)})`).join(', ');
  const results = await db.rows<{ result: unknown }>(`select (${expression})::varchar as result from (values ${rows}) as t(i, x) order by i`);
  return results.map(({ result }) => result);
}

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const codes = fc.constantFrom<[string, number, number, number]>(['4-4-2', 4, 4, 2], ['5-3-2', 5, 3, 2], ['5-4-1', 5, 4, 1], ['5-4-2', 5, 4, 2]).chain(([format, a, b, c]) =>
  fc.tuple(digits(a), digits(b), digits(c)).map((segments) => ({ format, segments, code: segments.join('-') })),
);

describe('NDC macros', () => {
  it('tell the format, and every code comes back from its 11 digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(codes, { minLength: 1, maxLength: 200 }), async (cases) => {
        const texts = cases.map(({ code }) => code);
        expect(await applyToAll('ndc_format(x)', texts)).toEqual(cases.map(({ format }) => format));
        expect(await applyToAll('ndc_from_11(ndc11(x), ndc_format(x))', texts)).toEqual(texts);
        const pad = (widths: number[]) => cases.map(({ segments }) => segments.map((part, index) => part.padStart(widths[index] ?? 0, '0')).join(''));
        expect(await applyToAll('ndc11(x)', texts)).toEqual(pad([5, 4, 2]));
        expect(await applyToAll('ndc12(x)', texts)).toEqual(pad([6, 4, 2]));
      }),
      { numRuns: 25 },
    );
  });
  it.each([
    ['0003-4215-91', '5-4-2 padded', '00003421591', '000003421591'],
    ['012345-6789-01', 'a 6-4-2 code with a padded labeler', '12345678901', '012345678901'],
    ['123456-7890-12', 'a six-digit labeler, which has no 11-digit form', null, '123456789012'],
  ])('%s: %s', async (code, _what, ndc11, ndc12) => {
    expect(await applyToAll('ndc11(x)', [code])).toEqual([ndc11]);
    expect(await applyToAll('ndc12(x)', [code])).toEqual([ndc12]);
  });
  it('make nothing of what is no NDC', async () => {
    const none = ['47848-026-XX', '02', '1234567890', 'W1234-E0291', '', '0003-4215', '0003-4215-91 ', null, '٠٠٠٣-4215-91'];
    for (const macro of ['ndc_format(x)', 'ndc11(x)', 'ndc12(x)']) expect(await applyToAll(macro, none)).toEqual(none.map(() => null));
  });
});

describe('text and date macros', () => {
  it('clean trims, and knows the dataset\'s null tokens', async () => {
    expect(await applyToAll('clean(x)', [' a ', '', '   ', 'N/A', ' N/A ', 'n/a', null])).toEqual(['a', null, null, null, null, 'n/a', null]);
  });
  it('parse_date takes real days in YYYYMMDD and nothing else', async () => {
    const dates = ['20090731', ' 20540101 ', '20241331', '20230229', '20240229', '2009073', '2009-07-31', '00000000', 'yesterday', '', null];
    expect(await applyToAll('parse_date(x)', dates)).toEqual(['2009-07-31', '2054-01-01', null, null, '2024-02-29', null, null, null, null, null, null]);
  });
  it('date_problem speaks only of what is there and no date', async () => {
    expect(await applyToAll("date_problem('start', x)", ['20090731', '', null, '20241331'])).toEqual([null, null, null, 'start is not a date (YYYYMMDD): "20241331"']);
  });
});

describe('list macros', () => {
  it.each([
    ['A; B;C', ['A', 'B', 'C']],
    ['INTRALESIONAL; INTRAMUSCULAR;    INTRASYNOVIAL', ['INTRALESIONAL', 'INTRAMUSCULAR', 'INTRASYNOVIAL']],
    ['POLY(METHYL METHACRYLATE; 450000 MW); WATER', ['POLY(METHYL METHACRYLATE; 450000 MW)', 'WATER']],
    ['A(B(C; D); E); F', ['A(B(C; D); E)', 'F']],
    ['70; ; 100', ['70', null, '100']],
    ['70;;100', ['70', null, '100']],
    [';70', [null, '70']],
    ['70;', ['70', null]],
    ['open (bracket; X', ['open (bracket', 'X']],
    ['', []],
    [null, []],
  ])('split_list(%j) keeps places and brackets', async (text, expected) => {
    const { result } = await db.row<{ result: string }>(`select to_json(split_list(${literal(text)}))::varchar as result`);
    expect(JSON.parse(result)).toEqual(expected);
  });
  it('split_list joined again is the list, for values without separators', async () => {
    const value = fc.stringMatching(/^[A-Z0-9]([A-Z0-9 ,.'/]{0,8}[A-Z0-9])?$/).filter((text) => text !== 'N/A');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(value, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 50 }), async (lists) => {
        const results = await applyToAll('to_json(split_list(x))', lists.map((list) => list.join('; ')));
        expect(results.map((result) => JSON.parse(String(result)))).toEqual(lists);
      }),
      { numRuns: 20 },
    );
  });
  it.each([
    ['Radioactive Diagnostic Agent [EPC],Positron Emitting Activity [MoA]', ['Radioactive Diagnostic Agent [EPC]', 'Positron Emitting Activity [MoA]']],
    ['Amides, Aromatic [CS], Local Anesthetic [EPC]', ['Amides, Aromatic [CS]', 'Local Anesthetic [EPC]']],
    ['No type at the end [EPC],cut of', ['No type at the end [EPC]', 'cut of']],
    [null, []],
  ])('split_classes(%j) splits after the bracket', async (text, expected) => {
    const { result } = await db.row<{ result: string }>(`select to_json(split_classes(${literal(text)}))::varchar as result`);
    expect(JSON.parse(result)).toEqual(expected);
  });
});
