import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { decode } from 'iconv-lite';
import {
  CDER_DIRECTORIES,
  describeCderChanges,
  describeCderQuirks,
  DIRECTORY_FILES,
  generateCderRelease,
  type CderChanges,
  type CderDirectory,
  type CderQuirk,
  type CderReleaseOptions,
} from './index';

type Row = Record<string, string>;

const bytesOf = (options: CderReleaseOptions, directory: CderDirectory, member: string) => {
  const found = generateCderRelease(options)[directory].find(({ name }) => name === member);
  return Buffer.concat([...found!.content()]);
};
const parseMember = (bytes: Buffer): Row[] =>
  parse<Row>(decode(bytes, 'windows-1252'), { columns: true, delimiter: '\t', quote: null, recordDelimiter: '\r\n' });
const productsOf = (options: CderReleaseOptions, directory: CderDirectory) =>
  parseMember(bytesOf(options, directory, DIRECTORY_FILES[directory].productMember));
const packagesOf = (options: CderReleaseOptions, directory: CderDirectory) =>
  parseMember(bytesOf(options, directory, DIRECTORY_FILES[directory].packageMember));

const FINISHED_HEADER =
  'PRODUCTID PRODUCTNDC PRODUCTTYPENAME PROPRIETARYNAME PROPRIETARYNAMESUFFIX NONPROPRIETARYNAME DOSAGEFORMNAME ROUTENAME STARTMARKETINGDATE ' +
  'ENDMARKETINGDATE MARKETINGCATEGORYNAME APPLICATIONNUMBER LABELERNAME SUBSTANCENAME ACTIVE_NUMERATOR_STRENGTH ACTIVE_INGRED_UNIT PHARM_CLASSES ' +
  'DEASCHEDULE NDC_EXCLUDE_FLAG LISTING_RECORD_CERTIFIED_THROUGH';
const UNFINISHED_HEADER =
  'PRODUCTID PRODUCTNDC PRODUCTTYPENAME NONPROPRIETARYNAME DOSAGEFORMNAME STARTMARKETINGDATE ENDMARKETINGDATE MARKETINGCATEGORYNAME LABELERNAME ' +
  'SUBSTANCENAME ACTIVE_NUMERATOR_STRENGTH ACTIVE_INGRED_UNIT DEASCHEDULE LISTING_RECORD_CERTIFIED_THROUGH';
const PACKAGE_HEADER = 'PRODUCTID PRODUCTNDC NDCPACKAGECODE PACKAGEDESCRIPTION STARTMARKETINGDATE ENDMARKETINGDATE NDC_EXCLUDE_FLAG SAMPLE_PACKAGE';

describe('a release of the NDC directory', () => {
  const options = { products: 300, seed: 5 };

  it('has the members of the three zips, in their order', () => {
    const release = generateCderRelease(options);
    expect(release.finished.map(({ name }) => name)).toEqual(['package.txt', 'product.txt']);
    expect(release.unfinished.map(({ name }) => name)).toEqual(['unfinished_package.txt', 'unfinished_product.txt']);
    expect(release.excluded.map(({ name }) => name)).toEqual(['Packages_excluded.txt', 'Products_excluded.txt']);
  });

  it('has .xls twins with the same bytes on request', () => {
    const release = generateCderRelease({ ...options, excelTwins: true });
    expect(release.unfinished.map(({ name }) => name)).toEqual([
      'unfinished_package.txt',
      'unfinished_package.xls',
      'unfinished_product.txt',
      'unfinished_product.xls',
    ]);
    const [text, twin] = release.unfinished.slice(2).map((member) => Buffer.concat([...member.content()]));
    expect(twin!.equals(text!)).toBe(true);
  });

  it.each([
    ['finished', 'product.txt', FINISHED_HEADER],
    ['finished', 'package.txt', PACKAGE_HEADER],
    ['unfinished', 'unfinished_product.txt', UNFINISHED_HEADER],
    ['unfinished', 'unfinished_package.txt', 'PRODUCTID PRODUCTNDC NDCPACKAGECODE PACKAGEDESCRIPTION'],
    ['excluded', 'Products_excluded.txt', FINISHED_HEADER],
    ['excluded', 'Packages_excluded.txt', PACKAGE_HEADER],
  ] as const)('heads %s %s as FDA does, tab-separated and with CRLF', (directory, member, header) => {
    const lines = decode(bytesOf(options, directory, member), 'windows-1252').split('\r\n');
    expect(lines[0]).toBe(header.replaceAll(' ', '\t'));
    expect(lines.at(-1)).toBe('');
    const tabs = header.split(' ').length - 1;
    expect(lines.slice(0, -1).filter((line) => line.split('\t').length - 1 !== tabs || line.includes('\n'))).toEqual([]);
  });

  it('has three unfinished and one excluded product for every twenty finished ones', () => {
    const counts = CDER_DIRECTORIES.map((directory) => productsOf(options, directory).length);
    expect(counts).toEqual([300, 45, 15]);
  });

  it('has the same bytes for the same options, now and on every machine', () => {
    const hash = createHash('sha256');
    for (const directory of CDER_DIRECTORIES) {
      for (const member of generateCderRelease({ ...options, release: 3 })[directory]) for (const chunk of member.content()) hash.update(chunk);
    }
    expect(hash.digest('hex')).toBe('d7c69c8c2826702e34c8b6297312a82df05a9d9e54df4778fe7a019a2a27aa57');
  });

  it('is another one for another seed', () => {
    const ids = new Set(productsOf(options, 'finished').map((row) => row.PRODUCTID));
    expect(productsOf({ ...options, seed: 6 }, 'finished').filter((row) => ids.has(row.PRODUCTID!))).toEqual([]);
  });

  it('comes in chunks that stay near a megabyte', () => {
    const [, products] = generateCderRelease({ products: 8000, seed: 1 }).finished;
    const sizes = [...products!.content()].map((chunk) => chunk.length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(1.2 * 2 ** 20);
  });

  it('gives every product an id of its own over all directories, and every package a code of its own within its product', () => {
    const wanted = { products: 20_000, seed: 9, release: 5 };
    const products = CDER_DIRECTORIES.flatMap((directory) => productsOf(wanted, directory));
    const ids = new Set(products.map((row) => row.PRODUCTID));
    expect(ids.size).toBe(products.length);
    const packages = CDER_DIRECTORIES.flatMap((directory) => packagesOf(wanted, directory));
    expect(new Set(packages.map((row) => `${row.PRODUCTID} ${row.NDCPACKAGECODE}`)).size).toBe(packages.length);
    expect(packages.every((row) => ids.has(row.PRODUCTID))).toBe(true);
    expect(new Set(packages.map((row) => row.PRODUCTID)).size).toBe(products.length);
  });

  it.each([
    [{ products: -1, seed: 1 }, 'products'],
    [{ products: 500_001, seed: 1 }, 'products'],
    [{ products: 1, seed: 1, release: 0 }, 'release'],
  ])('refuses %j', (wrong, name) => {
    expect(() => generateCderRelease(wrong)).toThrow(new RegExp(`^${name} is a whole number from`));
  });
});

describe('the quirks of the NDC directory', () => {
  const options = { products: 1000, seed: 5 };
  const places = describeCderQuirks(options);
  const products = Object.fromEntries(CDER_DIRECTORIES.map((directory) => [directory, productsOf(options, directory)])) as Record<CderDirectory, Row[]>;
  const packages = Object.fromEntries(CDER_DIRECTORIES.map((directory) => [directory, packagesOf(options, directory)])) as Record<CderDirectory, Row[]>;
  const productsWith = (quirk: CderQuirk) =>
    (places[quirk] ?? []).map(({ directory, productId }) => products[directory].find((row) => row.PRODUCTID === productId)!);
  const packagesWith = (quirk: CderQuirk) =>
    (places[quirk] ?? []).map(({ directory, productId }) => packages[directory].find((row) => row.PRODUCTID === productId)!);

  it('are found in every directory, at 300 finished products already', () => {
    const small = describeCderQuirks({ products: 300, seed: 2 });
    expect(Object.keys(small)).toHaveLength(14);
    for (const [quirk, found] of Object.entries(small)) {
      const directories = quirk === 'classes-with-commas' ? ['finished', 'excluded'] : CDER_DIRECTORIES;
      expect(new Set(found.map(({ directory }) => directory))).toEqual(new Set(directories));
    }
  });

  it('include windows-1252 text: byte 0x92 is the apostrophe', () => {
    const bytes = bytesOf(options, 'unfinished', 'unfinished_product.txt');
    expect(bytes.includes(Buffer.concat([Buffer.from('Guang'), Buffer.from([0x92]), Buffer.from('an')]))).toBe(true);
    for (const byte of [0x93, 0x94, 0x96, 0x99, 0x80, 0xae, 0xe9, 0xfc, 0xb5]) expect(bytes.includes(byte)).toBe(true);
    expect(productsWith('windows-1252').every((row) => row.LABELERNAME === 'Guang’an Café Pharma® “Zürich” – µ-Labs™ €')).toBe(true);
  });

  it('lose nothing on the way to bytes: no question mark stands for a letter', () => {
    for (const directory of CDER_DIRECTORIES) {
      for (const member of generateCderRelease(options)[directory]) {
        expect(Buffer.concat([...member.content()]).includes('?')).toBe(false);
      }
    }
  });

  it('include text that was damaged before', () => {
    expect(new Set(productsWith('damaged-text').map((row) => row.LABELERNAME))).toEqual(new Set(['Dr. Velor¿s Laboratories Ltd.']));
    expect(bytesOf(options, 'finished', 'product.txt').includes(Buffer.from([0x72, 0xbf, 0x73]))).toBe(true);
  });

  it('include a labeler that is raw XML with literal quotes, cut at 200 characters', () => {
    for (const { LABELERNAME } of productsWith('xml-labeler')) {
      expect(LABELERNAME).toHaveLength(200);
      expect(LABELERNAME).toMatch(/^<text xmlns="urn:hl7-org:v3"> <paragraph>/);
      expect(LABELERNAME).not.toContain('</paragraph>');
    }
  });

  it('include quote characters as data, some of them unpaired', () => {
    for (const row of productsWith('quote-characters')) expect(row.NONPROPRIETARYNAME).toBe('"velotrexine');
    for (const row of packagesWith('quote-characters')) expect(row.PACKAGEDESCRIPTION).toMatch(/^1 PATCH, 2" x 3" in 1 "POUCH" \(/);
    expect(products.finished.some((row) => row.PROPRIETARYNAME === '"Velora" 2" Patch')).toBe(true);
  });

  it('include product NDCs that repeat under different product ids', () => {
    for (const { directory, productId } of places['repeated-product-ndc']!) {
      const row = products[directory].find((one) => one.PRODUCTID === productId)!;
      expect(products[directory].filter((one) => one.PRODUCTNDC === row.PRODUCTNDC)).toHaveLength(2);
      expect(row.PRODUCTID!.startsWith(`${row.PRODUCTNDC}_`)).toBe(true);
      expect(packages[directory].filter((one) => one.PRODUCTID === productId).every((one) => one.NDCPACKAGECODE!.startsWith(`${row.PRODUCTNDC}-`))).toBe(true);
    }
  });

  it('include blank start dates', () => {
    expect(productsWith('blank-start-date').map((row) => row.STARTMARKETINGDATE)).toEqual(places['blank-start-date']!.map(() => ''));
  });

  it('include end years up to 2054', () => {
    const years = Object.values(products).flatMap((rows) => rows.map((row) => row.ENDMARKETINGDATE!.slice(0, 4)));
    expect(years.toSorted().at(-1)).toBe('2054');
  });

  it('include a semicolon inside brackets, beside one that separates', () => {
    for (const row of productsWith('bracketed-semicolon')) {
      expect(row.SUBSTANCENAME).toBe('POLY(METHYL METHACRYLATE; 450000 MW); ZANIBRANOL');
      expect(row.ACTIVE_NUMERATOR_STRENGTH!.split(';')).toHaveLength(2);
    }
  });

  it('include separators with ragged spaces', () => {
    for (const row of productsWith('ragged-separators')) expect(row.SUBSTANCENAME).toBe('VELOTREXINE;   ZANIBRANOL;TORULASTAT');
    expect(products.finished.some((row) => row.ROUTENAME!.includes(';    '))).toBe(true);
  });

  it('include lists of unequal lengths', () => {
    for (const row of productsWith('unequal-lists')) {
      const lengths = [row.SUBSTANCENAME, row.ACTIVE_NUMERATOR_STRENGTH, row.ACTIVE_INGRED_UNIT].map((list) => list!.split(';').length);
      expect(lengths).toEqual([4, 3, 2]);
    }
  });

  it('include pharmacological classes with commas in their names, and none in the unfinished directory', () => {
    for (const row of productsWith('classes-with-commas')) {
      expect(row.PHARM_CLASSES!.split(/(?<=\]),/)).toEqual([
        'Velorin Receptor Agonist, Long-Acting, Inhaled [EPC]',
        'Zonase-2, 3 Inhibitors [MoA]',
        'Torvexane, Synthetic [Chemical/Ingredient]',
      ]);
    }
    expect(products.unfinished[0]).not.toHaveProperty('PHARM_CLASSES');
  });

  it('include package codes that are no NDC', () => {
    const codes = Object.values(packages).flatMap((rows) => rows.map((row) => row.NDCPACKAGECODE!));
    expect(codes.filter((code) => /^\d{4,5}-\d{3,4}-XX$/.test(code))).toHaveLength(places['letters-in-package-code']!.length);
    expect(codes.filter((code) => code === '02')).toHaveLength(places['short-package-code']!.length);
  });

  it('include products without substances', () => {
    for (const row of productsWith('no-substances')) expect([row.SUBSTANCENAME, row.ACTIVE_NUMERATOR_STRENGTH, row.ACTIVE_INGRED_UNIT]).toEqual(['', '', '']);
  });

  it('are absent from a clean release, which differs in nothing else', () => {
    const odd = new Set(Object.values(places).flatMap((found) => found.map(({ productId }) => productId)));
    for (const directory of CDER_DIRECTORIES) {
      const clean = productsOf({ ...options, quirks: false }, directory);
      expect(new Set(clean.map((row) => row.PRODUCTNDC)).size).toBe(clean.length);
      for (const [at, row] of products[directory].entries()) if (!odd.has(row.PRODUCTID!)) expect(row).toEqual(clean[at]);
      for (const row of clean) {
        const lengths = [row.SUBSTANCENAME, row.ACTIVE_NUMERATOR_STRENGTH, row.ACTIVE_INGRED_UNIT].map((list) => list!.split('; ').length);
        expect(new Set(lengths).size).toBe(1);
        expect(row.STARTMARKETINGDATE).toMatch(/^\d{8}$/);
        expect(row.ENDMARKETINGDATE === '' || row.ENDMARKETINGDATE! > row.STARTMARKETINGDATE!).toBe(true);
      }
      const codes = packagesOf({ ...options, quirks: false }, directory).map((row) => row.NDCPACKAGECODE!);
      expect(codes.filter((code) => !/^(\d{4}-\d{4}-\d\d|\d{5}-\d{3}-\d\d|\d{5}-\d{4}-\d)$/.test(code))).toEqual([]);
    }
  });
});

describe('the changes between releases of the NDC directory', () => {
  it('are exactly what describeCderChanges says, between any two releases, with quirks or without', () => {
    const release = fc.integer({ min: 1, max: 25 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1200 }), fc.integer(), release, release, fc.boolean(), (products, seed, from, to, quirks) => {
        const described = describeCderChanges({ products, seed, from, to });
        for (const directory of CDER_DIRECTORIES) {
          const [before, after] = [{ products, seed, quirks, release: from }, { products, seed, quirks, release: to }];
          const byProduct = diff(productsOf(before, directory), productsOf(after, directory), ['PRODUCTID']);
          const byPackage = diff(packagesOf(before, directory), packagesOf(after, directory), ['PRODUCTID', 'NDCPACKAGECODE']);
          expect(flat(described[directory])).toEqual([byProduct, byPackage]);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('replace and edit as many products as the size of the directory gives', () => {
    const { finished, unfinished, excluded } = describeCderChanges({ products: 5000, seed: 1, from: 1, to: 2 });
    expect([finished, unfinished, excluded].map(({ products }) => products.added.length)).toEqual([50, 15, 5]);
    expect([finished, unfinished, excluded].map(({ products }) => products.removed.length)).toEqual([50, 15, 5]);
    expect(finished.products.changed.length + finished.packages.changed.length).toBe(50);
    expect(finished.packages.changed.length).toBeGreaterThan(0);
    expect(finished.packages.added.length).toBeGreaterThan(50);
  });
});

interface Difference {
  added: string[];
  removed: string[];
  changed: string[];
}

/** The difference as a reader of both files finds it. */
function diff(before: Row[], after: Row[], key: string[]): Difference {
  const keyed = (rows: Row[]) => new Map(rows.map((row) => [key.map((column) => row[column]).join(' '), row]));
  const [old, now] = [keyed(before), keyed(after)];
  const changed: string[] = [];
  for (const [id, row] of now) {
    for (const column of old.has(id) ? Object.keys(row) : []) {
      if (old.get(id)![column] !== row[column]) changed.push([id, column, old.get(id)![column], row[column]].join('|'));
    }
  }
  return {
    added: [...now.keys()].filter((id) => !old.has(id)).toSorted(),
    removed: [...old.keys()].filter((id) => !now.has(id)).toSorted(),
    changed: changed.toSorted(),
  };
}

/** Described changes in the form that `diff` gives. */
function flat({ products, packages }: CderChanges): Difference[] {
  const idOf = (one: { productId: string; ndcPackageCode: string }) => `${one.productId} ${one.ndcPackageCode}`;
  return [
    {
      added: products.added.toSorted(),
      removed: products.removed.toSorted(),
      changed: products.changed
        .map((cell) => [cell.productId, cell.column, cell.from, cell.to].join('|'))
        .toSorted(),
    },
    {
      added: packages.added.map(idOf).toSorted(),
      removed: packages.removed.map(idOf).toSorted(),
      changed: packages.changed
        .map((cell) => [idOf(cell), cell.column, cell.from, cell.to].join('|'))
        .toSorted(),
    },
  ];
}
