/** What earlier releases of a dataset measured: the history that dynamic rules and anomaly detection compare with. */
import type { Manifest, RunRecord } from '@inlet/manifest';
import type { PastMetric } from '@inlet/quality';
import { hasSameOrigins } from './origins';
import type { Ledger } from './ports';
import type { FetchResult } from './run-state';

const ROW_COUNT = 'Dataset.*.RowCount';
/** Releases that a history goes back. */
export const MAX_PAST_RELEASES = 60;
/** Runs that are looked at for them: most runs find nothing new. */
const MAX_PAST_RUNS = 300;

/** What the releases before found of a table, by metric, newest first. */
export type MetricHistory = (table: string) => Record<string, PastMetric[]>;

interface HistoryRequest {
  dataset: string;
  fetch: FetchResult;
  manifest: Manifest | undefined;
  /** The ledger is asked only for rules that may look further back than the release that readers see now. */
  depth: 'last' | 'all';
}

/** Releases that were rolled back have no say, neither have those from other sources; one that was replayed counts as its replay found it. */
export async function readMetricHistory(ledger: Ledger, { dataset, fetch, manifest, depth }: HistoryRequest): Promise<MetricHistory> {
  const runs = depth === 'last' ? [] : await ledger.listRuns({ dataset, limit: MAX_PAST_RUNS });
  const withdrawn = findWithdrawn(manifest);
  const replayed = new Set(runs.flatMap(({ outcome, replay }) => (outcome === 'published' && replay ? [replay.runId] : [])));
  const published = runs.filter(({ outcome, runId, release }) => outcome === 'published' && runId !== fetch.runId && !withdrawn.has(runId) && !replayed.has(runId) && release !== null && hasSameOrigins(release.sources, fetch.sources));
  const past = published.map((run) => ({ at: run.endedAt, runId: run.runId, metricsOf: (table: string) => readMetrics(run, table) }));
  const current = manifest?.current;
  if (current && hasSameOrigins(current.sources, fetch.sources) && !past.some(({ runId }) => runId === current.runId)) {
    past.unshift({ at: current.publishedAt, runId: current.runId, metricsOf: (table) => countRows(current.tables, table) });
  }
  return (table) => collect(past.slice(0, MAX_PAST_RELEASES).map(({ at, metricsOf }) => ({ at, metrics: metricsOf(table) })));
}

/** Run ids that a rollback turned away from and nothing has turned to since. */
function findWithdrawn(manifest: Manifest | undefined): Set<string> {
  const withdrawn = new Set<string>();
  for (const { action, runId, previousRunId } of manifest?.events.toReversed() ?? []) {
    if (action === 'rollback' && previousRunId !== null) withdrawn.add(previousRunId);
    withdrawn.delete(runId);
  }
  return withdrawn;
}

/** Of two rules with one metric, the first counts; how many rows there were, the tables tell. */
function readMetrics({ quality, tables }: RunRecord, table: string): Record<string, number> {
  const measured = quality.filter((result) => result.table === table).toReversed();
  return { ...Object.assign({}, ...measured.map(({ metrics }) => metrics)), ...countRows(tables, table) };
}

function countRows(tables: readonly { name: string; layer: string; rows: number }[], table: string): Record<string, number> {
  const found = tables.find(({ name, layer }) => name === table && (layer === 'silver' || layer === 'gold'));
  return found === undefined ? {} : { [ROW_COUNT]: found.rows };
}

function collect(past: readonly { at: string; metrics: Record<string, number> }[]): Record<string, PastMetric[]> {
  const history: Record<string, PastMetric[]> = {};
  for (const { at, metrics } of past) for (const [metric, value] of Object.entries(metrics)) (history[metric] ??= []).push({ at, value });
  return history;
}

/** Rows of the last release in a table's history; undefined where there is none. */
export function lastRowCount(history: Record<string, PastMetric[]>): number | undefined {
  return history[ROW_COUNT]?.[0]?.value;
}
