/** What is said of repeated measurements: the middle one and how far they spread, because a mean follows every disturbance of the machine. */

export interface Summary {
  median: number;
  min: number;
  max: number;
}

/** Throws RangeError when there is nothing to summarise, or when a value is no number. */
export function summarise(values: readonly number[]): Summary {
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) throw new RangeError(`no measurements: [${values.join(', ')}]`);
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] as number;
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/** Of each round on its own, so that what slows a whole round down cancels out. */
export function summarisePairs(left: readonly number[], right: readonly number[], combine: (a: number, b: number) => number): Summary {
  if (left.length !== right.length) throw new RangeError(`${left.length} rounds against ${right.length}`);
  return summarise(left.map((value, round) => combine(value, right[round] as number)));
}

export const ratioOf = (a: number, b: number) => a / b;
export const differenceOf = (a: number, b: number) => a - b;
