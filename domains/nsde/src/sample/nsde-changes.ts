/** Tells tests exactly what a synthetic release holds and how two of them differ, without reading them. */
import { AT, NSDE_COLUMNS, type NsdeColumn, type NsdeRow } from './nsde-row';
import { releaseRows, type NsdeQuirk } from './release-rows';

export interface NsdeChanges {
  /** Item codes only in the later release. */
  added: string[];
  /** Item codes only in the earlier release. */
  removed: string[];
  /** Cells that differ, in the order of the file. */
  changed: { itemCode: string; column: NsdeColumn; from: string; to: string }[];
}

/**
 * The difference between two releases of one seed and size, with or without quirks (rows with quirks never change).
 * Each step from a release to the next adds, removes and edits the same number of rows: one of every `max(50, floor(rows / 50))`, so about fifty at most.
 */
export function describeNsdeChanges(options: { rows: number; seed: number; from: number; to: number }): NsdeChanges {
  const { rows, seed, from, to } = options;
  const content = releaseRows({ rows, seed, quirks: false });
  const changes: NsdeChanges = { added: [], removed: [], changed: [] };
  const before: NsdeRow = [];
  const after: NsdeRow = [];
  for (const slot of touchedSlots(content.slotsTouchedBy, from, to)) {
    content.fill(before, slot, from);
    content.fill(after, slot, to);
    const itemCode = after[AT.itemCode] as string;
    if (before[AT.itemCode] !== itemCode) {
      changes.removed.push(before[AT.itemCode] as string);
      changes.added.push(itemCode);
      continue;
    }
    for (const [at, column] of NSDE_COLUMNS.entries()) {
      if (before[at] !== after[at]) changes.changed.push({ itemCode, column, from: before[at] as string, to: after[at] as string });
    }
  }
  return changes;
}

/** Slots that any transition between two releases touches, each once, in order. */
function touchedSlots(touchedBy: (transition: number) => number[], from: number, to: number): number[] {
  const slots = new Set<number>();
  for (let transition = Math.min(from, to); transition < Math.max(from, to); transition++) {
    for (const slot of touchedBy(transition)) slots.add(slot);
  }
  return [...slots].sort((a, b) => a - b);
}

export interface NsdeQuirks {
  /** Item codes that two rows have, with different content; one of the two is superseded. */
  superseded: string[];
  /** Cells that hold no date though the column is one. */
  invalidDates: { itemCode: string; column: NsdeColumn; value: string }[];
  /** Item codes that are neither NDC nor NHRIC nor ISBT. */
  unknownItemCodes: string[];
  /** Item codes of rows whose NDC11 lacks its leading zeros, as after a type inference. */
  lostZeros: string[];
  /** Item codes of rows with values in outer spaces. */
  outerSpaces: string[];
}

/**
 * The odd rows of a release with `quirks`, the same in every release of its seed and size. Of every `max(50, floor(rows / 50))` rows taken as a block,
 * each second block has a superseded row, and each fourth an invalid date, an unknown item code, an NDC11 without
 * its leading zeros and a row in outer spaces: 26 of the first and 13 of each of the others at most. 250 rows have some of each.
 */
export function describeNsdeQuirks(options: { rows: number; seed: number }): NsdeQuirks {
  const content = releaseRows({ ...options, quirks: true });
  const found: NsdeQuirks = { superseded: [], invalidDates: [], unknownItemCodes: [], lostZeros: [], outerSpaces: [] };
  const plain = releaseRows({ ...options, quirks: false });
  const row: NsdeRow = [];
  const clean: NsdeRow = [];
  const note: Record<NsdeQuirk, (itemCode: string, slot: number) => void> = {
    superseded: (itemCode) => found.superseded.push(itemCode),
    'unknown-item-code': (itemCode) => found.unknownItemCodes.push(itemCode),
    'lost-zeros': (itemCode) => found.lostZeros.push(itemCode),
    'outer-spaces': (itemCode) => found.outerSpaces.push(itemCode),
    'invalid-date': (itemCode, slot) => {
      plain.fill(clean, slot, 1);
      const at = row.findIndex((value, column) => value !== clean[column]);
      found.invalidDates.push({ itemCode, column: NSDE_COLUMNS[at] as NsdeColumn, value: row[at] as string });
    },
  };
  for (const slot of content.quirkSlots()) {
    content.fill(row, slot, 1);
    note[content.quirkOf(slot) as NsdeQuirk](row[AT.itemCode] as string, slot);
  }
  return found;
}
