/** Statistics that a few wild values cannot move far: an earlier accident in a metric's history must not hide the next one. */

/** What the median of absolute deviations is multiplied with to estimate a normal distribution's standard deviation. */
export const MEDIAN_DEVIATION_FACTOR = 1.4826;
/** The same for the mean of absolute deviations. */
export const MEAN_DEVIATION_FACTOR = 1.2533;

/** The middle value, or the middle of the middle two. The list is not empty. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return lower / 2 + upper / 2;
}

/**
 * How far values usually lie from zero: the median of their sizes, or their mean where more than half of them are zero
 * (all but rounding), scaled so that it is the standard deviation where they are normally distributed.
 */
export function spreadAroundZero(residuals: readonly number[], rounding: number): number {
  const sizes = residuals.map(Math.abs);
  const middle = median(sizes);
  if (middle > rounding) return MEDIAN_DEVIATION_FACTOR * middle;
  return (MEAN_DEVIATION_FACTOR * sizes.reduce((sum, size) => sum + size, 0)) / sizes.length;
}

export interface Point {
  /** Time, in any unit. */
  x: number;
  y: number;
}

/** The line through the median points of the earlier and of the later half, as units of y by one of x. The points are in the order of x. */
export function slopeOfHalves(points: readonly Point[]): number {
  const half = points.length >> 1;
  const [earlier, later] = [points.slice(0, half), points.slice(-half)].map((part) => ({ x: median(part.map(({ x }) => x)), y: median(part.map(({ y }) => y)) }));
  if (earlier === undefined || later === undefined || later.x <= earlier.x) return 0;
  return (later.y - earlier.y) / (later.x - earlier.x);
}
