/** How long it is since a dataset's source was last looked at with success, as a CloudWatch metric: an alarm on it tells of a dataset that has stopped coming. */
import { HOURS_SINCE_CHECK, METRIC_NAMESPACE } from '@inlet/deployment';
import { readManifest, type Ledger, type ObjectStore } from '@inlet/pipeline';
import type { Clock } from '@inlet/time';
import type { WriteLine } from './json-log';

const MS_PER_HOUR = 3_600_000;

export interface Freshness {
  dataset: string;
  /** Before a first run has ended well: since the first of the runs that did not, or 0 where there is none. */
  hoursSinceCheck: number;
}

/** Writes the metric by its log line; CloudWatch takes it from there. */
export async function measureFreshness({ store, ledger, clock, writeLine }: { store: ObjectStore; ledger: Ledger; clock: Clock; writeLine: WriteLine }, dataset: string): Promise<Freshness> {
  const observedAt = (await readManifest(store, dataset))?.manifest.observed?.at ?? (await ledger.listRuns({ dataset })).at(-1)?.startedAt;
  const now = clock.now();
  const hoursSinceCheck = observedAt === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(observedAt)) / MS_PER_HOUR);
  writeLine(JSON.stringify(buildMetricLine(dataset, hoursSinceCheck, now)));
  return { dataset, hoursSinceCheck };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function buildMetricLine(dataset: string, hours: number, at: Date) {
  const metrics = { Namespace: METRIC_NAMESPACE, Dimensions: [['Dataset']], Metrics: [{ Name: HOURS_SINCE_CHECK, Unit: 'None' }] };
  return { _aws: { Timestamp: at.getTime(), CloudWatchMetrics: [metrics] }, Dataset: dataset, [HOURS_SINCE_CHECK]: hours };
}
