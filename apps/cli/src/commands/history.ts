/** `inlet history`: a dataset's runs, newest first, and why each ended as it did. */
import type { RunRecord } from '@inlet/manifest';
import { formatDuration } from '@inlet/time';
import { terminalWidth, type CliContext } from '../context';
import { requireKnownDataset } from '../datasets';
import { openLake } from '../lake';
import { writeJson, writeText } from '../output';
import type { HistoryOptions } from '../program';
import { escapeControl } from '../render/escape-control';
import { inletCommand } from '../render/next-commands';
import { formatInstant, paintOutcome } from '../render/run-summary';
import { createStyle, type Style } from '../render/style';
import { wrapWords } from '../render/wrap-words';

export async function history(context: CliContext, dataset: string, options: HistoryOptions): Promise<void> {
  const lake = await openLake(context, options);
  await requireKnownDataset(lake.domainsDir, lake.store, dataset);
  const runs = await lake.withLedger((ledger) => ledger.listRuns({ dataset, limit: options.limit }));
  if (options.json) return writeJson(context.stdout, { dataset, runs });
  if (runs.length === 0) return writeText(context.stdout, `No run of ${dataset} yet. Begin with: ${inletCommand(`run ${dataset}`, lake.options)}`);
  const style = createStyle(context.stdout, context.env);
  const width = terminalWidth(context.stdout, context.env);
  return writeText(context.stdout, runs.map((run) => formatRun(run, style, width)).join('\n'));
}

const INDENT = '    ';

/** Two lines: when, what and which; then why. */
function formatRun({ runId, outcome, startedAt, durationMs, reason, change }: RunRecord, style: Style, width?: number): string {
  const head = `${formatInstant(startedAt)}  ${paintOutcome(outcome, style)}${' '.repeat('published'.length - outcome.length)}  ${formatDuration(durationMs).padStart(8)}  ${runId}`;
  const text = reason ?? change;
  if (text === undefined) return head;
  const why = wrapWords(escapeControl(text), width === undefined ? undefined : Math.max(20, width - INDENT.length));
  return [head, ...why.map((line) => INDENT + style.dim(line))].join('\n');
}
