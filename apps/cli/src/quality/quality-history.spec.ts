import * as fc from 'fast-check';
import type { QualityResult, RunRecord } from '@inlet/manifest';
import { collectMetrics, findLastReport } from './quality-history';
import { drawSparkline } from './sparkline';

const result = (table: string, metrics: Record<string, number>): QualityResult => ({ table, rule: 'r', outcome: 'passed', metrics });

function run(day: number, quality: QualityResult[]): RunRecord {
  const at = `2026-11-${String(day).padStart(2, '0')}T21:00:00.000Z`;
  return { dataset: 'd', runId: `run-${day}`, outcome: 'published', engine: 'duckdb', startedAt: at, endedAt: at, durationMs: 1, release: null, tables: [], quality, reason: null, schemaChanges: [] };
}

describe('findLastReport', () => {
  it('is of the newest run that checked anything', () => {
    expect(findLastReport([run(3, []), run(2, [result('t', {})]), run(1, [result('t', {})])])).toMatchObject({ runId: 'run-2', at: '2026-11-02T21:00:00.000Z' });
    expect(findLastReport([run(3, [])])).toBeUndefined();
  });
});

describe('collectMetrics', () => {
  it('gives each metric of each table from the oldest run to the newest, with its ends and extremes', () => {
    const runs = [run(4, [result('t', { a: 3 }), result('u', { a: 1 })]), run(3, []), run(2, [result('t', { a: 1, b: 7 })]), run(1, [result('t', { a: 2 })])];
    expect(collectMetrics(runs, 20).map(({ table, metric, points, ...figures }) => ({ table, metric, values: points.map(({ value }) => value), ...figures }))).toEqual([
      { table: 't', metric: 'a', values: [2, 1, 3], first: 2, last: 3, min: 1, max: 3 },
      { table: 'u', metric: 'a', values: [1], first: 1, last: 1, min: 1, max: 1 },
      { table: 't', metric: 'b', values: [7], first: 7, last: 7, min: 7, max: 7 },
    ]);
  });

  it('counts a metric of several rules once, and a run without checks not at all', () => {
    const runs = [run(3, [result('t', { a: 3 }), result('t', { a: 3 })]), run(2, []), run(1, [result('t', { a: 1 })]), run(0, [result('t', { a: 0 })])];
    expect(collectMetrics(runs, 2)[0]?.points.map(({ runId }) => runId)).toEqual(['run-1', 'run-3']);
  });
});

describe('drawSparkline', () => {
  it.each([
    [[0, 1], '▁█'],
    [[5, 5, 5], '▄▄▄'],
    [[1, 2, 3, 4, 5, 6, 7, 8], '▁▂▃▄▅▆▇█'],
    [[-1e9, 0, 1e9], '▁▅█'],
  ])('of %j is %s', (values, expected) => {
    expect(drawSparkline(values)).toBe(expected);
  });

  it('has one bar a value, and higher bars for higher values', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
        const bars = [...drawSparkline(values)];
        expect(bars).toHaveLength(values.length);
        for (const [index, value] of values.entries()) for (const [other, than] of values.entries()) if (value > than) expect((bars[index] ?? '') >= (bars[other] ?? '')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
