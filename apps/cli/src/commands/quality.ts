/** `inlet quality`: what the last run of a dataset found, and how its metrics went. */
import { terminalWidth, type CliContext } from '../context';
import { requireKnownDataset } from '../datasets';
import { openLake } from '../lake';
import { writeJson, writeText } from '../output';
import type { QualityOptions } from '../program';
import { collectMetrics, findLastReport } from '../quality/quality-history';
import { formatHistory, formatReport } from '../quality/format-quality';
import { inletCommand } from '../render/next-commands';
import { createStyle } from '../render/style';

/** Runs looked at for each that is shown: most runs find nothing new, and check nothing. */
const RUNS_PER_SHOWN = 10;

export async function quality(context: CliContext, dataset: string, options: QualityOptions): Promise<void> {
  const lake = await openLake(context, options);
  await requireKnownDataset(lake.domainsDir, lake.store, dataset);
  const runs = await lake.withLedger((ledger) => ledger.listRuns({ dataset, limit: options.limit * RUNS_PER_SHOWN }));
  const report = findLastReport(runs);
  const history = options.history ? collectMetrics(runs, options.limit) : undefined;
  if (options.json) return writeJson(context.stdout, { dataset, report: report ?? null, ...(history && { history }) });
  if (report === undefined) {
    const what = runs.length === 0 ? `No run of ${dataset} yet. Begin with: ${inletCommand(`run ${dataset}`, lake.options)}` : `No run of ${dataset} has checked anything yet. See: ${inletCommand(`history ${dataset}`, lake.options)}`;
    return writeText(context.stdout, what);
  }
  const shown = { style: createStyle(context.stdout, context.env), width: terminalWidth(context.stdout, context.env) };
  return writeText(context.stdout, history === undefined ? formatReport(dataset, report, shown) : formatHistory(dataset, history, shown));
}
