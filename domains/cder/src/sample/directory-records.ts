/** Says what every slot of a directory holds: a product with its packages, as the releases so far have left them. */
import { CDER_DIRECTORIES, type CderDirectory, type CderPackage, type CderProduct } from './cder-columns';
import { CDER_QUIRKS, QUIRK_BAND, quirkAt, type CderQuirk, type CderRecord } from './cder-quirks';
import { keyOfSeed, mix, scheduleSlots, type Touch } from '@inlet/synthetic';
import { productCodesOf, type ProductCodes, type ProductNdcForm } from './product-codes';
import * as words from './vocabulary';

/** More than the blocks that a directory of any size has. */
const NUMBERS_PER_TRANSITION = 64;

export interface DirectoryRecords {
  slots: number;
  /** The product of a slot in a release, with its packages. */
  recordAt(slot: number, release: number): CderRecord;
  quirkOf(slot: number): CderQuirk | undefined;
  slotsTouchedBy(transition: number): number[];
}

/** How many products each directory has, for a number of finished ones: about as the real ones compare. */
export function directorySizes(products: number): Record<CderDirectory, number> {
  return { finished: products, unfinished: Math.floor((products * 3) / 20), excluded: Math.floor(products / 20) };
}

/** The records of all releases of one directory. */
export function directoryRecords(options: { directory: CderDirectory; products: number; seed: number; quirks: boolean }): DirectoryRecords {
  const { directory, products, seed, quirks } = options;
  const key = keyOfSeed(seed);
  const slots = directorySizes(products)[directory];
  const schedule = scheduleSlots(slots, QUIRK_BAND);
  const blockOf = (slot: number) => Math.floor(slot / schedule.stride);
  // Numbers of the three directories interleave, so that no product id is in two of them.
  const numberOf = (id: number) => id * CDER_DIRECTORIES.length + CDER_DIRECTORIES.indexOf(directory);
  const plainRecord = (id: number) => buildRecord(directory, key, numberOf(id));
  const quirkOf = (slot: number) => quirkAt(directory, slot % schedule.stride);

  return {
    slots,
    quirkOf,
    slotsTouchedBy: (transition) => schedule.slotsTouchedBy(transition),
    recordAt: (slot, release) => {
      const touches = schedule.touchesOf(slot, release);
      const replaced = touches.findLast((touch) => touch.kind === 'replace');
      const record = plainRecord(replaced ? slots + (replaced.transition - 1) * NUMBERS_PER_TRANSITION + blockOf(slot) : slot);
      for (const touch of touches.slice(replaced ? touches.indexOf(replaced) + 1 : 0)) editRecord(record, touch, { key, slot, block: blockOf(slot) });
      const quirk = quirks ? quirkOf(slot) : undefined;
      if (quirk) CDER_QUIRKS[quirk](record, { directory, previousProductNdc: productCodesOf(key, numberOf(Math.max(0, slot - 1))).productNdc });
      return record;
    },
  };
}

function buildRecord(directory: CderDirectory, key: number, n: number): CderRecord {
  const codes = productCodesOf(key, n);
  const product = buildProduct(directory, codes, { hash: mix(key, n), dates: mix(key ^ 0x0bb67ae8, n) });
  const count = 1 + (mix(key ^ 0x3c6ef372, n) % 3);
  const packages = Array.from({ length: count }, (_, index) => buildPackage(product, codes.form, index));
  return { product, packages };
}

function buildProduct(directory: CderDirectory, codes: ProductCodes, { hash, dates }: { hash: number; dates: number }): CderProduct {
  const marketing = pick(directory === 'unfinished' ? words.UNFINISHED_MARKETING : words.FINISHED_MARKETING, hash >>> 3);
  const substances = Array.from({ length: 1 + (hash % 7 === 0 ? 1 + (hash % 3) : 0) }, (_, n) => pick(words.SUBSTANCES, (hash >>> 6) + n * 9));
  const startYear = 1990 + (dates % 36);
  return {
    PRODUCTID: codes.productId,
    PRODUCTNDC: codes.productNdc,
    PRODUCTTYPENAME: marketing.productType,
    PROPRIETARYNAME: `${pick(words.BRANDS, hash >>> 9)} ${(hash >>> 12) % 1000}`,
    PROPRIETARYNAMESUFFIX: pick(words.SUFFIXES, hash >>> 14),
    NONPROPRIETARYNAME: substances.join(' and ').toLowerCase(),
    DOSAGEFORMNAME: pick(words.DOSAGE_FORMS, hash >>> 17),
    ROUTENAME: pick(words.ROUTES, hash >>> 20),
    STARTMARKETINGDATE: dateFrom(startYear, dates >>> 6),
    ENDMARKETINGDATE: (dates >>> 3) % 5 === 0 ? dateFrom(startYear + 1 + ((dates >>> 8) % 18), dates >>> 9) : '',
    MARKETINGCATEGORYNAME: marketing.category,
    APPLICATIONNUMBER: marketing.application((hash >>> 5) % 1_000_000),
    LABELERNAME: pick(words.LABELERS, codes.labeler),
    SUBSTANCENAME: substances.join('; '),
    ACTIVE_NUMERATOR_STRENGTH: substances.map((_, n) => pick(words.STRENGTHS, (hash >>> 23) + n)).join('; '),
    ACTIVE_INGRED_UNIT: substances.map((_, n) => pick(words.UNITS, (hash >>> 25) + n)).join('; '),
    PHARM_CLASSES: pick(words.CLASS_LISTS, hash >>> 27),
    DEASCHEDULE: pick(words.SCHEDULES, hash >>> 28),
    NDC_EXCLUDE_FLAG: directory === 'excluded' ? pick(words.EXCLUDE_FLAGS, hash) : 'N',
    LISTING_RECORD_CERTIFIED_THROUGH: hash % 9 === 0 ? '' : '20271231',
  };
}

function buildPackage(product: CderProduct, form: ProductNdcForm, index: number): CderPackage {
  const code = `${product.PRODUCTNDC}-${form === '5-4' ? index + 1 : (index + 1) * 10}`;
  const unit = product.DOSAGEFORMNAME;
  return {
    PRODUCTID: product.PRODUCTID,
    PRODUCTNDC: product.PRODUCTNDC,
    NDCPACKAGECODE: code,
    PACKAGEDESCRIPTION:
      index === 1 ? `10 BLISTER PACK in 1 CARTON (${code})  > 10 ${unit} in 1 BLISTER PACK` : `${30 * (index + 1)} ${unit} in 1 BOTTLE (${code}) `,
    STARTMARKETINGDATE: product.STARTMARKETINGDATE,
    ENDMARKETINGDATE: product.ENDMARKETINGDATE,
    NDC_EXCLUDE_FLAG: product.NDC_EXCLUDE_FLAG,
    SAMPLE_PACKAGE: index === 2 ? 'Y' : 'N',
  };
}

/** Changes one value of the product or of its first package; which, goes by the block. */
function editRecord({ product, packages: [first] }: CderRecord, { transition }: Touch, at: { key: number; slot: number; block: number }): void {
  const hash = mix(at.key ^ Math.imul(transition, 0x5851f42d), at.slot);
  switch (at.block % 4) {
    case 0:
      return replaceValue(product, 'ENDMARKETINGDATE', (n) => dateFrom(2027 + ((hash + n) % 20), hash));
    case 1:
      return replaceValue(product, 'NONPROPRIETARYNAME', (n) => pick(words.SUBSTANCES, hash + n).toLowerCase());
    case 2:
      return replaceValue(product, 'LISTING_RECORD_CERTIFIED_THROUGH', (n) => `${2028 + ((hash + n) % 8)}1231`);
    default:
      if (first) replaceValue(first, 'PACKAGEDESCRIPTION', (n) => `${100 + ((hash + n) % 900)} g in 1 BAG (${first.NDCPACKAGECODE}) `);
  }
}

/** Sets a value to the first candidate that differs from what it was. */
function replaceValue<Row extends object, Column extends keyof Row>(row: Row, column: Column, candidate: (n: number) => Row[Column]): void {
  const before = row[column];
  row[column] = candidate(0);
  for (let n = 1; row[column] === before; n++) row[column] = candidate(n);
}

function dateFrom(year: number, hash: number): string {
  return String(year * 10_000 + (1 + (hash % 12)) * 100 + (1 + ((hash >>> 4) % 28)));
}

function pick<T>(list: readonly T[], hash: number): T {
  return list[(hash >>> 0) % list.length] as T;
}
