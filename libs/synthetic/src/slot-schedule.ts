/**
 * Says which rows of a release are odd and which change from one release to the next, by arithmetic on the row's place in the file, so that
 * a release of any size can be made from any row on without remembering the others.
 *
 * A release is a list of slots, cut into blocks of equal length (the stride). In each block the first slots are kept for quirks; of the others, every transition
 * from one release to the next replaces one row and edits one more. Block and transition counts are bounded: at most about fifty of each per transition.
 */

const MIN_STRIDE = 50;
const MAX_BLOCKS = 50;

/** One transition's effect on a slot: from release `transition` to the next. */
export interface Touch {
  transition: number;
  kind: 'replace' | 'edit';
}

export interface SlotSchedule {
  stride: number;
  /** What happened to a slot up to `release`, oldest first. */
  touchesOf(slot: number, release: number): readonly Touch[];
  /** Slots that one transition replaces or edits, in order. */
  slotsTouchedBy(transition: number): number[];
}

const NONE: readonly Touch[] = [];

/** The schedule of releases with `rows` rows; the first `quirkBand` slots of a block are never touched. */
export function scheduleSlots(rows: number, quirkBand: number): SlotSchedule {
  const stride = Math.max(MIN_STRIDE, Math.floor(rows / MAX_BLOCKS));
  const free = stride - quirkBand;
  const place = { replace: (t: number) => quirkBand + ((2 * t) % free), edit: (t: number) => quirkBand + ((2 * t + 1) % free) };
  const histories = new Map<number, Map<number, Touch[]>>();

  const historyUpTo = (release: number): Map<number, Touch[]> => {
    const known = histories.get(release);
    if (known) return known;
    const history = new Map<number, Touch[]>();
    for (let transition = 1; transition < release; transition++) {
      for (const kind of ['replace', 'edit'] as const) {
        const residue = place[kind](transition);
        history.set(residue, [...(history.get(residue) ?? []), { transition, kind }]);
      }
    }
    histories.set(release, history);
    return history;
  };

  return {
    stride,
    touchesOf: (slot, release) => (release === 1 ? NONE : (historyUpTo(release).get(slot % stride) ?? NONE)),
    slotsTouchedBy: (transition) => {
      const slots: number[] = [];
      for (const residue of [place.replace(transition), place.edit(transition)]) {
        for (let slot = residue; slot < rows; slot += stride) slots.push(slot);
      }
      return slots.sort((a, b) => a - b);
    },
  };
}
