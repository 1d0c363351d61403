import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { APPLICATION_HEADERS, describeNsdeChanges, describeNsdeQuirks, generateNsdeRelease, NSDE_COLUMNS, type NsdeColumn, type NsdeReleaseOptions } from './index';

type Row = Record<NsdeColumn, string>;

const textOf = (options: NsdeReleaseOptions) => Buffer.concat([...generateNsdeRelease(options)]).toString('utf8');
const rowsOf = (options: NsdeReleaseOptions) => parse<Row>(textOf(options), { columns: true });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const DATE_COLUMNS = ['Marketing Start Date', 'Marketing End Date', 'Inactivation Date', 'Reactivation Date'] as const;

function isDateOrBlank(text: string): boolean {
  if (text === '') return true;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  if (day === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

const CODE_SHAPES = {
  'NDC 5-4-2': /^[1-9]\d{4}-\d{4}-\d{2}$/,
  'NDC 5-3-2': /^[1-9]\d{4}-\d{3}-\d{2}$/,
  'NDC 4-4-2': /^\d{4}-\d{4}-\d{2}$/,
  'NDC 5-4-1': /^[1-9]\d{4}-\d{4}-\d$/,
  'NHRIC of three segments': /^08\d{3}-\d{4}-\d{2}$/,
  'NHRIC of two segments': /^8\d{3}-\d{6}$/,
  ISBT: /^W\d{4}-[STE]\d{4}$/,
};

describe('an NSDE release', () => {
  const rows = rowsOf({ rows: 2000, seed: 7 });

  it('has the rows that were asked for and the twelve columns', () => {
    expect(rows).toHaveLength(2000);
    expect(Object.keys(rows[0]!)).toEqual([...NSDE_COLUMNS]);
  });

  it('has the same bytes for the same options, now and on every machine', () => {
    const text = textOf({ rows: 500, seed: 1, release: 3 });
    expect(textOf({ rows: 500, seed: 1, release: 3 })).toBe(text);
    expect(sha256(text)).toBe('775850a9464381f9fc21f9a2b566efb2db1148d78d8cb60f3e70d5feb83f6761');
  });

  it('is another one for another seed', () => {
    const codes = new Set(rows.map((row) => row['Item Code']));
    const shared = rowsOf({ rows: 2000, seed: 8 }).filter((row) => codes.has(row['Item Code']) && !row['Item Code'].startsWith('KIT'));
    expect(shared.length).toBeLessThan(20);
  });

  it('weighs about 170 bytes a row', () => {
    const bytes = Buffer.byteLength(textOf({ rows: 20_000, seed: 1 }));
    expect(bytes / 20_000).toBeGreaterThan(155);
    expect(bytes / 20_000).toBeLessThan(185);
  });

  it('comes in chunks that stay near a megabyte', () => {
    const sizes = [...generateNsdeRelease({ rows: 30_000, seed: 1 })].map((chunk) => chunk.length);
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThan(1.2 * 2 ** 20);
  });

  it.each(Object.entries(APPLICATION_HEADERS))('names its sixth column as the %s header does', (header, name) => {
    const [first] = textOf({ rows: 1, seed: 1, header: header as keyof typeof APPLICATION_HEADERS }).split('\n');
    expect(first).toBe(NSDE_COLUMNS.map((column, at) => (at === 5 ? name : column)).join(','));
  });

  it('ends lines with CRLF on request and is the same otherwise', () => {
    const options = { rows: 100, seed: 1 };
    expect(textOf({ ...options, lineEnding: '\r\n' })).toBe(textOf(options).replaceAll('\n', '\r\n'));
  });

  it('has the same rows in the other order when reversed', () => {
    const [header, ...lines] = textOf({ rows: 100, seed: 1 }).trimEnd().split('\n');
    expect(textOf({ rows: 100, seed: 1, reversed: true }).trimEnd().split('\n')).toEqual([header, ...lines.reverse()]);
  });

  it('has exactly as many malformed lines as asked for, too short and too long in turn, beside all its rows', () => {
    const lines = textOf({ rows: 400, seed: 1, malformed: 5 }).trimEnd().split('\n');
    const broken = lines.filter((line) => line.startsWith('BROKEN'));
    expect(broken.map((line) => line.split(',').length)).toEqual([7, 14, 7, 14, 7]);
    expect(lines.filter((line) => !line.startsWith('BROKEN'))).toEqual(textOf({ rows: 400, seed: 1 }).trimEnd().split('\n'));
  });

  it('of no rows is a header', () => {
    expect(textOf({ rows: 0, seed: 1 })).toBe(`${NSDE_COLUMNS.join(',')}\n`);
  });

  it.each([
    [{ rows: -1, seed: 1 }, 'rows'],
    [{ rows: 1.5, seed: 1 }, 'rows'],
    [{ rows: 25_000_001, seed: 1 }, 'rows'],
    [{ rows: 1, seed: 1, release: 0 }, 'release'],
    [{ rows: 1, seed: 1, malformed: 2 }, 'malformed'],
  ])('refuses %j', (options, name) => {
    expect(() => textOf(options)).toThrow(new RegExp(`^${name} is a whole number from`));
  });
});

describe('the content of an NSDE release', () => {
  const rows = rowsOf({ rows: 2000, seed: 7, quirks: false });
  const codes = rows.map((row) => row['Item Code']);

  it.each(Object.entries(CODE_SHAPES))('has item codes of the form %s', (_name, shape) => {
    expect(codes.some((code) => shape.test(code))).toBe(true);
  });

  it('has item codes of exactly one form each', () => {
    const shapes = Object.values(CODE_SHAPES);
    expect(codes.filter((code) => shapes.filter((shape) => shape.test(code)).length !== 1 && !code.startsWith('0'))).toEqual([]);
  });

  it('writes NDC11 with leading zeros for three segments, and the bare code for the others', () => {
    for (const row of rows) {
      const segments = row['Item Code'].split('-');
      const expected = segments.length === 3 ? segments.map((segment, at) => segment.padStart([5, 4, 2][at]!, '0')).join('') : segments.join('');
      expect(row.NDC11).toBe(expected);
    }
    expect(rows.some((row) => row.NDC11.startsWith('0'))).toBe(true);
    expect(rows.some((row) => row.NDC11.length === 10)).toBe(true);
  });

  it('calls every NHRIC code of three segments a medical device, and no NDC', () => {
    const devices = rows.filter((row) => CODE_SHAPES['NHRIC of three segments'].test(row['Item Code']));
    expect(devices.length).toBeGreaterThan(0);
    expect(new Set(devices.map((row) => row['Product Type']))).toEqual(new Set(['MEDICAL DEVICE']));
    expect(rows.filter((row) => row['Product Type'] === 'MEDICAL DEVICE' && /^[1-9]\d{4}-\d/.test(row['Item Code']))).toEqual([]);
  });

  it.each<[string, (row: Row) => boolean]>([
    ['dosage forms with commas', (row) => row['Dosage Form'] === 'TABLET, FILM COATED'],
    ['names with quotes', (row) => row['Proprietary Name'].includes('"')],
    ['names beyond ASCII', (row) => /[^ -~]/.test(row['Proprietary Name'])],
    ['start dates that are end dates', (row) => row['Marketing Start Date'] === row['Marketing End Date']],
    ['end dates in the future', (row) => row['Marketing End Date'] > '20270101'],
    ['blank end dates', (row) => row['Marketing End Date'] === ''],
    ['inactivation without reactivation', (row) => row['Inactivation Date'] !== '' && row['Reactivation Date'] === ''],
    ['reactivation', (row) => row['Inactivation Date'] !== '' && row['Reactivation Date'] > row['Inactivation Date']],
    ['billing units', (row) => row['Billing Unit'] === 'ML'],
    ['blank billing units', (row) => row['Billing Unit'] === ''],
    ['applications', (row) => /^ANDA\d{6}$/.test(row['Application Number or Citation'])],
    ['monograph ids', (row) => /^M0\d\d$/.test(row['Application Number or Citation'])],
    ['citations with commas', (row) => row['Application Number or Citation'].includes(', 21 CFR')],
  ])('has %s', (_name, holds) => {
    expect(rows.some(holds)).toBe(true);
  });

  it('doubles quotes and encloses commas in the bytes', () => {
    const text = textOf({ rows: 2000, seed: 7 });
    expect(text).toContain(',"TABLET, FILM COATED",');
    expect(text).toMatch(/,"[^"\n]*""Gentle""[^"\n]*",/);
    expect(text).toContain('Crème Élanore');
  });

  it('has only real dates, and no end before its start, when clean', () => {
    for (const release of [1, 4]) {
      for (const row of rowsOf({ rows: 2000, seed: 7, release, quirks: false })) {
        expect(DATE_COLUMNS.filter((column) => !isDateOrBlank(row[column]))).toEqual([]);
        expect(row['Marketing End Date'] === '' || row['Marketing End Date'] >= row['Marketing Start Date']).toBe(true);
      }
    }
  });

  it('repeats no item code when clean, in any release', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer(), fc.integer({ min: 1, max: 60 }), (count, seed, release) => {
        const found = rowsOf({ rows: count, seed, release, quirks: false }).map((row) => row['Item Code']);
        expect(new Set(found).size).toBe(count);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the quirks of an NSDE release', () => {
  const options = { rows: 2000, seed: 7 };
  const quirks = describeNsdeQuirks(options);
  const rows = rowsOf(options);
  const byCode = Map.groupBy(rows, (row) => row['Item Code']);

  it('are found at 250 rows already, each of them', () => {
    for (const found of Object.values(describeNsdeQuirks({ rows: 250, seed: 3 }))) expect(found.length).toBeGreaterThan(0);
  });

  it('stay few in a large release', () => {
    const large = describeNsdeQuirks({ rows: 4_500_000, seed: 3 });
    expect(Object.values(large).map((found) => found.length)).toEqual([25, 13, 13, 13, 13]);
  });

  it('include superseded rows: the code of another row, another start date', () => {
    const repeated = [...byCode].filter(([, same]) => same.length > 1);
    expect(repeated.map(([code]) => code)).toEqual(quirks.superseded);
    for (const [, same] of repeated) {
      expect(same).toHaveLength(2);
      expect(new Set(same.map((row) => row['Marketing Start Date'])).size).toBe(2);
      expect(new Set(same.map((row) => row.NDC11)).size).toBe(1);
    }
  });

  it('include invalid dates, and no others than those listed', () => {
    expect(quirks.invalidDates.map(({ value }) => value)).toContain('20241331');
    expect(new Set(quirks.invalidDates.map(({ column }) => column))).toEqual(new Set(['Marketing Start Date', 'Marketing End Date']));
    const bad = rows.flatMap((row) =>
      DATE_COLUMNS.filter((column) => !isDateOrBlank(row[column])).map((column) => ({ itemCode: row['Item Code'], column, value: row[column] })),
    );
    expect(bad).toEqual(quirks.invalidDates);
  });

  it('include item codes of no known kind', () => {
    const shapes = Object.values(CODE_SHAPES);
    expect([...byCode.keys()].filter((code) => !shapes.some((shape) => shape.test(code)))).toEqual(quirks.unknownItemCodes);
  });

  it('include an NDC11 that lost its leading zeros', () => {
    const short = rows.filter((row) => row['Item Code'].split('-').length === 3 && row.NDC11.length < 11);
    expect(short.map((row) => row['Item Code'])).toEqual(quirks.lostZeros);
    for (const row of short) expect(row.NDC11.padStart(11, '0')).toBe(`0${row['Item Code'].replaceAll('-', '')}`);
  });

  it('include values in outer spaces', () => {
    const padded = rows.filter((row) => row['Proprietary Name'] !== row['Proprietary Name'].trim());
    expect(padded.map((row) => row['Item Code'])).toEqual(quirks.outerSpaces);
  });

  it('put less than one row in a hundred into quarantine', () => {
    for (const count of [250, 500, 501, 2499, 2500, 2549, 450_000]) {
      expect(describeNsdeQuirks({ rows: count, seed: 1 }).invalidDates.length / count).toBeLessThan(0.01);
    }
  });

  it('are the only difference from a clean release', () => {
    const listed = quirks.superseded.length + quirks.invalidDates.length + quirks.unknownItemCodes.length + quirks.lostZeros.length + quirks.outerSpaces.length;
    const clean = rowsOf({ ...options, quirks: false });
    const differing = rows.filter((row, at) => NSDE_COLUMNS.some((column) => row[column] !== clean[at]![column]));
    expect(differing).toHaveLength(listed);
  });
});

describe('the changes between NSDE releases', () => {
  it('are exactly what describeNsdeChanges says, between any two releases, with quirks or without', () => {
    const release = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1500 }), fc.integer(), release, release, fc.boolean(), (rows, seed, from, to, quirks) => {
        const expected = diff(rowsOf({ rows, seed, quirks, release: from }), rowsOf({ rows, seed, quirks, release: to }));
        expect(sorted(describeNsdeChanges({ rows, seed, from, to }))).toEqual(sorted(expected));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [500, 10],
    [2500, 50],
    [450_000, 50],
  ])('of %d rows are %d rows added, as many removed, and as many cells', (rows, count) => {
    const changes = describeNsdeChanges({ rows, seed: 1, from: 1, to: 2 });
    expect([changes.added.length, changes.removed.length, changes.changed.length]).toEqual([count, count, count]);
  });

  it('touch several columns', () => {
    const { changed } = describeNsdeChanges({ rows: 500, seed: 1, from: 1, to: 2 });
    expect(new Set(changed.map(({ column }) => column))).toEqual(new Set(['Marketing End Date', 'Proprietary Name', 'Billing Unit', 'Dosage Form']));
  });

  it('are none from a release to itself, and swap when the order does', () => {
    const pair = { rows: 500, seed: 1 };
    expect(describeNsdeChanges({ ...pair, from: 2, to: 2 })).toEqual({ added: [], removed: [], changed: [] });
    const forth = describeNsdeChanges({ ...pair, from: 1, to: 3 });
    const back = describeNsdeChanges({ ...pair, from: 3, to: 1 });
    expect(back.added).toEqual(forth.removed);
    expect(back.changed.map(({ to, from }) => [to, from])).toEqual(forth.changed.map(({ to, from }) => [from, to]));
  });
});

type Changes = ReturnType<typeof describeNsdeChanges>;

/** The difference as a reader of both files finds it, by item code; repeated codes are told apart by their order. */
function diff(before: Row[], after: Row[]): Changes {
  const keyed = (rows: Row[]) => {
    const seen = new Map<string, number>();
    return new Map(
      rows.map((row) => {
        const nth = seen.get(row['Item Code']) ?? 0;
        seen.set(row['Item Code'], nth + 1);
        return [`${row['Item Code']}${nth ? `#${nth}` : ''}`, row];
      }),
    );
  };
  const [old, now] = [keyed(before), keyed(after)];
  const changed: Changes['changed'] = [];
  for (const [itemCode, row] of now) {
    const earlier = old.get(itemCode);
    if (!earlier) continue;
    for (const column of NSDE_COLUMNS) {
      if (earlier[column] !== row[column]) changed.push({ itemCode, column, from: earlier[column], to: row[column] });
    }
  }
  return { added: [...now.keys()].filter((code) => !old.has(code)), removed: [...old.keys()].filter((code) => !now.has(code)), changed };
}

function sorted(changes: Changes): Changes {
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return { added: changes.added.toSorted(), removed: changes.removed.toSorted(), changed: changes.changed.toSorted(byText) };
}
