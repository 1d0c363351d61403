/** `inlet show`: everything recorded of one run. */
import { UsageError } from '@inlet/errors';
import type { RunRecord } from '@inlet/manifest';
import { isRunId } from '@inlet/time';
import { terminalWidth, type CliContext, type CommonOptions } from '../context';
import { openLake, type Lake } from '../lake';
import { writeJson, writeText } from '../output';
import { formatRunSummary } from '../render/run-summary';
import { createStyle } from '../render/style';

export async function show(context: CliContext, runId: string, options: CommonOptions): Promise<void> {
  const lake = await openLake(context, options);
  const record = await findRun(lake, runId);
  if (options.json) return writeJson(context.stdout, record);
  const summary = formatRunSummary(record, {
    style: createStyle(context.stdout, context.env),
    width: terminalWidth(context.stdout, context.env),
    lake,
    full: true,
  });
  return writeText(context.stdout, summary);
}

function findRun({ name, withLedger }: Lake, runId: string): Promise<RunRecord> {
  return withLedger(async (ledger) => {
    const record = isRunId(runId) ? await ledger.getRun(runId) : undefined;
    if (record !== undefined) return record;
    const [newest] = await ledger.listRuns({ limit: 1 });
    throw new UsageError({
      what: 'There is no such run',
      where: runId,
      expected: isRunId(runId) ? `a run recorded in ${name}` : 'a run id such as 20261120T210000Z-0f3a5c7d9e1b',
      found: isRunId(runId) ? 'none' : JSON.stringify(runId),
      next: newest === undefined ? 'This lake has no run yet.' : `The newest run is ${newest.runId} (${newest.dataset}); \`inlet history <dataset>\` lists them.`,
    });
  });
}
