/** A row of small bars: how a number went. */

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** One bar a value, from the lowest to the highest of them; bars of middle height where all are the same. */
export function drawSparkline(values: readonly number[]): string {
  const lowest = Math.min(...values);
  const range = Math.max(...values) - lowest;
  const top = BARS.length - 1;
  return values.map((value) => BARS[range > 0 ? Math.round(((value - lowest) / range) * top) : 3] ?? ' ').join('');
}
