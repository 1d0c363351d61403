/** Limits with room: what a rule allows beyond what was measured, in numbers that a person would write. */

/** To hundredths, never up. */
export function roundDown(value: number): number {
  return Math.floor(value * 100 + 1e-9) / 100;
}

/** Half to double of a count, as the two ends of DQDL's `between`, which do not belong to it. */
export function wholeBand(count: number): { below: number; above: number } {
  return { below: Math.ceil(count / 2) - 1, above: count * 2 + 1 };
}

/** Beyond this a number's digits are not exact, and an expression of DQDL has no exponent. */
const LARGEST = 1e15;
const SMALLEST = 1e-6;
/** A range narrower than this share of its numbers is lost when they are rounded. */
const FINEST = 1e-9;

/**
 * Bounds outside of a range by a tenth of it or more, as DQDL writes numbers; null for a range that cannot be written.
 * Where nothing is below zero the lower bound is `0`, which then belongs to the range.
 */
export function outerBounds({ lowest, highest }: { lowest: number; highest: number }): { lower: string; upper: string } | null {
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  const margin = (highest - lowest || size || 1) / 10;
  if (!(size <= LARGEST && margin > size * FINEST)) return null;
  const step = 10 ** Math.floor(Math.log10(margin));
  if (step < SMALLEST) return null;
  const digits = Math.max(0, -Math.round(Math.log10(step)));
  const lower = Math.floor((lowest - margin) / step) * step;
  const upper = Math.ceil((highest + margin) / step) * step;
  return { lower: lowest >= 0 && lower <= 0 ? '0' : write(lower, digits), upper: write(upper, digits) };
}

function write(value: number, digits: number): string {
  return (value === 0 ? 0 : value).toFixed(digits);
}
