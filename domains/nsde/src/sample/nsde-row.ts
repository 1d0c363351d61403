/** Builds the values of one NSDE row from nothing but its number. */
import { DAYS, firstDayOf } from './calendar';
import { itemCodeOf, type ItemCodeForm } from './item-codes';
import { mix } from '@inlet/synthetic';
import { BILLING_UNITS, CELL_PROFILE, DEVICE_PROFILES, DOSAGE_FORMS, DRUG_PROFILES, HEALTH_ITEM_PROFILES, SALTS, STEMS, TAILS, type MarketingProfile } from './vocabulary';

/** The file's columns, in order, under the names they have today. */
export const NSDE_COLUMNS = [
  'Item Code',
  'NDC11',
  'Proprietary Name',
  'Dosage Form',
  'Marketing Category',
  'Application Number or Citation',
  'Product Type',
  'Marketing Start Date',
  'Marketing End Date',
  'Billing Unit',
  'Inactivation Date',
  'Reactivation Date',
] as const;

export type NsdeColumn = (typeof NSDE_COLUMNS)[number];

/** One row's values, in the order of NSDE_COLUMNS, before CSV quoting. */
export type NsdeRow = string[];

/** Place of each column in a row. */
export const AT = {
  itemCode: 0,
  ndc11: 1,
  proprietaryName: 2,
  dosageForm: 3,
  marketingCategory: 4,
  applicationNumber: 5,
  productType: 6,
  startDate: 7,
  endDate: 8,
  billingUnit: 9,
  inactivationDate: 10,
  reactivationDate: 11,
} as const;

const LAST_START = firstDayOf(2026);
const FUTURE = firstDayOf(2027);
const FUTURE_DAYS = DAYS.length - FUTURE;
const LONGEST_MARKETING_DAYS = 5000;

/** The values of row `id`, written into `row`. */
export function fillRow(row: NsdeRow, key: number, id: number): void {
  const { form, itemCode, ndc11 } = itemCodeOf(key, id);
  const words = mix(key, id);
  const facts = mix(key ^ 0x3c6ef372, id);
  const profile = profileFor(form, facts);
  row[AT.itemCode] = itemCode;
  row[AT.ndc11] = ndc11;
  row[AT.proprietaryName] = nameFrom(words);
  row[AT.dosageForm] = pick(DOSAGE_FORMS, words >>> 20);
  row[AT.marketingCategory] = profile.category;
  row[AT.applicationNumber] = profile.application((facts >>> 8) % 1_000_000);
  row[AT.productType] = profile.productType;
  row[AT.billingUnit] = pick(BILLING_UNITS, words >>> 26);
  fillDates(row, mix(key ^ 0x0bb67ae8, id));
}

/** A proprietary name made from a hash. */
export function nameFrom(hash: number): string {
  return pick(STEMS, hash) + pick(SALTS, hash >>> 10) + pick(TAILS, hash >>> 14);
}

/** A day from 2027 to 2044, chosen by a hash. */
export function futureDay(hash: number): string {
  return DAYS[FUTURE + (hash % FUTURE_DAYS)] as string;
}

function fillDates(row: NsdeRow, hash: number): void {
  const start = (hash >>> 4) % LAST_START;
  row[AT.startDate] = DAYS[start] as string;
  row[AT.endDate] = endDate(hash, start);
  row[AT.inactivationDate] = '';
  row[AT.reactivationDate] = '';
  if (hash % 41 === 0) {
    row[AT.inactivationDate] = DAYS[start + 30] as string;
    if (hash % 123 === 0) row[AT.reactivationDate] = DAYS[start + 400] as string;
  }
}

/** Blank in 8 of 16 rows, the start date in 1, in the future in 2, else some time after the start. */
function endDate(hash: number, start: number): string {
  const kind = hash & 15;
  if (kind < 8) return '';
  if (kind === 8) return DAYS[start] as string;
  if (kind < 11) return futureDay(hash >>> 5);
  return DAYS[start + 1 + ((hash >>> 6) % LONGEST_MARKETING_DAYS)] as string;
}

function profileFor(form: ItemCodeForm, hash: number): MarketingProfile {
  if (form === 'isbt') return CELL_PROFILE;
  if (form === 'nhric-three-segments') return pick(DEVICE_PROFILES, hash);
  if (form === 'nhric-two-segments') return pick(HEALTH_ITEM_PROFILES, hash);
  return pick(DRUG_PROFILES, hash);
}

/** The entry of a list whose length is a power of two that the hash's low bits name. */
function pick<T>(list: readonly T[], hash: number): T {
  return list[hash & (list.length - 1)] as T;
}
