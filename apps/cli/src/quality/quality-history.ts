/** What the records of a dataset's runs say about its quality: the last report, and how each metric went. */
import type { RunRecord } from '@inlet/manifest';

export type QualityReport = Pick<RunRecord, 'runId' | 'outcome' | 'reason'> & { at: string; rules: RunRecord['quality'] };

export interface MetricHistory {
  table: string;
  metric: string;
  /** Oldest first. */
  points: readonly { runId: string; at: string; value: number }[];
  first: number;
  last: number;
  min: number;
  max: number;
}

/** The newest run that checked anything, of runs that are newest first. */
export function findLastReport(runs: readonly RunRecord[]): QualityReport | undefined {
  const run = runs.find(({ quality }) => quality.length > 0);
  return run && { runId: run.runId, outcome: run.outcome, reason: run.reason, at: run.startedAt, rules: run.quality };
}

/** Each metric that the newest `limit` runs with checks measured, in the order in which the newest of them has it. Runs are newest first. */
export function collectMetrics(runs: readonly RunRecord[], limit: number): MetricHistory[] {
  const found = new Map<string, Pick<MetricHistory, 'table' | 'metric'> & { points: MetricHistory['points'][number][] }>();
  for (const { runId, startedAt: at, quality } of runs.filter((run) => run.quality.length > 0).slice(0, limit)) {
    for (const { table, metric, value } of listMetrics(quality)) {
      const key = JSON.stringify([table, metric]);
      const known = found.get(key) ?? { table, metric, points: [] };
      known.points.unshift({ runId, at, value });
      found.set(key, known);
    }
  }
  return [...found.values()].map(summarize);
}

/** Rules of one run that share a metric found the same: the first of them tells it. */
function listMetrics(quality: RunRecord['quality']): { table: string; metric: string; value: number }[] {
  const metrics = quality.flatMap(({ table, metrics: measured }) => Object.entries(measured).map(([metric, value]) => ({ table, metric, value })));
  return metrics.filter((each, index) => metrics.findIndex(({ table, metric }) => table === each.table && metric === each.metric) === index);
}

function summarize({ table, metric, points }: Pick<MetricHistory, 'table' | 'metric' | 'points'>): MetricHistory {
  const values = points.map(({ value }) => value);
  return { table, metric, points, first: values[0] ?? NaN, last: values.at(-1) ?? NaN, min: Math.min(...values), max: Math.max(...values) };
}
