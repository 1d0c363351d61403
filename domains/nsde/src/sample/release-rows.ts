/** Says what every slot of a release holds: the row it began with, what the releases since did to it, and its quirk, if it has one. */
import { DAYS } from './calendar';
import { idWithForm } from './item-codes';
import { keyOfSeed, mix, scheduleSlots, type Touch } from '@inlet/synthetic';
import { AT, fillRow, futureDay, nameFrom, type NsdeRow } from './nsde-row';
import { BILLING_UNITS, DOSAGE_FORMS } from './vocabulary';

export type NsdeQuirk = 'superseded' | 'invalid-date' | 'unknown-item-code' | 'lost-zeros' | 'outer-spaces';

/** No date: a 13th month, a 29 February of no leap year, a year alone, and another way of writing one. */
export const INVALID_DATES = ['20241331', '20230229', '2024', '31/12/2024'] as const;

/** Slots at the head of a block that are kept for quirks. */
const QUIRK_BAND = 10;
/** The slots of a quirk within a block, and how many blocks lie between two of its rows. */
const QUIRKS: readonly { kind: NsdeQuirk; residue: number; everyBlocks: number }[] = [
  { kind: 'superseded', residue: 3, everyBlocks: 2 },
  { kind: 'invalid-date', residue: 5, everyBlocks: 4 },
  { kind: 'unknown-item-code', residue: 7, everyBlocks: 4 },
  { kind: 'lost-zeros', residue: 8, everyBlocks: 4 },
  { kind: 'outer-spaces', residue: 9, everyBlocks: 4 },
];
/** A superseded row repeats the item code of the slot this far before it. */
const REPEAT_DISTANCE = 2;
/** More than the blocks that a release of any size has. */
const IDS_PER_TRANSITION = 64;

export interface ReleaseRows {
  /** Writes the row that slot `slot` holds in `release` into `row`. */
  fill(row: NsdeRow, slot: number, release: number): void;
  quirkOf(slot: number): NsdeQuirk | undefined;
  /** Slots with a quirk, in order. */
  quirkSlots(): number[];
  slotsTouchedBy(transition: number): number[];
}

/** The rows of all releases of one seed and size. */
export function releaseRows(options: { rows: number; seed: number; quirks: boolean }): ReleaseRows {
  const { rows, seed, quirks } = options;
  const key = keyOfSeed(seed);
  const schedule = scheduleSlots(rows, QUIRK_BAND);
  const blockOf = (slot: number) => Math.floor(slot / schedule.stride);

  const quirkOf = (slot: number): NsdeQuirk | undefined => {
    const residue = slot % schedule.stride;
    if (residue >= QUIRK_BAND) return undefined;
    const quirk = QUIRKS.find((one) => one.residue === residue);
    return quirk && blockOf(slot) % quirk.everyBlocks === 0 ? quirk.kind : undefined;
  };

  const fill = (row: NsdeRow, slot: number, release: number): void => {
    const touches = schedule.touchesOf(slot, release);
    if (touches.length === 0) {
      fillRow(row, key, slot);
      const quirk = quirks ? quirkOf(slot) : undefined;
      if (quirk) bend(row, quirk, { key, slot, block: blockOf(slot) });
      return;
    }
    const replaced = touches.findLast((touch) => touch.kind === 'replace');
    fillRow(row, key, replaced ? rows + (replaced.transition - 1) * IDS_PER_TRANSITION + blockOf(slot) : slot);
    for (const touch of touches.slice(replaced ? touches.indexOf(replaced) + 1 : 0)) edit(row, touch, { key, slot, block: blockOf(slot) });
  };

  return {
    fill,
    quirkOf,
    quirkSlots: () => {
      const slots: number[] = [];
      for (const { residue, everyBlocks } of QUIRKS) {
        for (let slot = residue; slot < rows; slot += everyBlocks * schedule.stride) slots.push(slot);
      }
      return slots.sort((a, b) => a - b);
    },
    slotsTouchedBy: (transition) => schedule.slotsTouchedBy(transition),
  };
}

interface Place {
  key: number;
  slot: number;
  block: number;
}

function bend(row: NsdeRow, quirk: NsdeQuirk, { key, slot, block }: Place): void {
  switch (quirk) {
    case 'superseded':
      return repeatCode(row, key, slot - REPEAT_DISTANCE);
    case 'invalid-date':
      row[(block / 4) % 2 === 0 ? AT.startDate : AT.endDate] = INVALID_DATES[(block / 4) % INVALID_DATES.length] as string;
      return;
    case 'unknown-item-code':
      row[AT.itemCode] = `KIT${String(slot).padStart(8, '0')}`;
      row[AT.ndc11] = '';
      return;
    case 'lost-zeros':
      fillRow(row, key, idWithForm('ndc-4-4-2', block));
      row[AT.ndc11] = (row[AT.ndc11] as string).replace(/^0+/, '');
      return;
    case 'outer-spaces':
      row[AT.proprietaryName] = `  ${row[AT.proprietaryName]} `;
      row[AT.billingUnit] = ' EA ';
  }
}

/** Gives a row the item code of the row with number `id`, and a start date that is not that row's, so that it is clear which of them is the later. */
function repeatCode(row: NsdeRow, key: number, id: number): void {
  const original: NsdeRow = [];
  fillRow(original, key, id);
  row[AT.itemCode] = original[AT.itemCode] as string;
  row[AT.ndc11] = original[AT.ndc11] as string;
  if (row[AT.startDate] === original[AT.startDate]) row[AT.startDate] = nextDay(row[AT.startDate] as string);
}

/** Changes one cell to another value; which column, goes by the block. */
function edit(row: NsdeRow, { transition }: Touch, { key, slot, block }: Place): void {
  const hash = mix(key ^ Math.imul(transition, 0x5851f42d), slot);
  switch (block % 4) {
    case 0:
      return replaceWith(row, AT.endDate, (n) => futureDay(hash + n));
    case 1:
      return replaceWith(row, AT.proprietaryName, (n) => nameFrom(hash + n));
    case 2:
      return replaceWith(row, AT.billingUnit, (n) => BILLING_UNITS[(hash + n) % BILLING_UNITS.length] as string);
    default:
      return replaceWith(row, AT.dosageForm, (n) => DOSAGE_FORMS[(hash + n) % DOSAGE_FORMS.length] as string);
  }
}

/** Sets a cell to the first candidate that differs from what it holds. */
function replaceWith(row: NsdeRow, at: number, candidate: (n: number) => string): void {
  const before = row[at];
  row[at] = candidate(0);
  for (let n = 1; row[at] === before; n++) row[at] = candidate(n);
}

function nextDay(day: string): string {
  return DAYS[DAYS.indexOf(day) + 1] as string;
}
