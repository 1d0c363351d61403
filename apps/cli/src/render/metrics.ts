/** Metrics as people read them. */

/** `Column.id.Completeness 0.98, Dataset.*.RowCount 1,000` */
export function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics).map(([name, value]) => `${name} ${formatMetric(value)}`).join(', ');
}

/** Whole numbers in full, with commas; large ones to hundredths, others to six digits, or as a power of ten where those would not show it. */
export function formatMetric(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en');
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(3).replace('e+', 'e');
  return value.toLocaleString('en', size >= 1000 ? { maximumFractionDigits: 2 } : { maximumSignificantDigits: 6 });
}
