import { formatMetric, formatMetrics } from './metrics';

describe('formatMetric', () => {
  it.each([
    [1, '1'],
    [-4_500_000, '-4,500,000'],
    [0.98, '0.98'],
    [2 / 3, '0.666667'],
    [1234.5678, '1,234.57'],
    [3374999.25, '3,374,999.25'],
    [0.00001234, '1.234e-5'],
    [1.5e20, '1.500e20'],
    [0, '0'],
    [NaN, 'NaN'],
  ])('%d is %s', (value, expected) => {
    expect(formatMetric(value)).toBe(expected);
  });
});

describe('formatMetrics', () => {
  it('names each', () => {
    expect(formatMetrics({ 'Column.id.Completeness': 0.5, 'Dataset.*.RowCount': 1000 })).toBe('Column.id.Completeness 0.5, Dataset.*.RowCount 1,000');
    expect(formatMetrics({})).toBe('');
  });
});
