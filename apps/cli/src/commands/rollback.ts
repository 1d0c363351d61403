/** `inlet rollback`: an earlier release becomes the current one, in one write. */
import { rollback } from '@inlet/pipeline';
import { systemClock } from '@inlet/time';
import type { CliContext } from '../context';
import { requireKnownDataset } from '../datasets';
import { openStore } from '../local-lake';
import { writeJson, writeText } from '../output';
import type { RollbackOptions } from '../program';
import { findPlaces } from '../workspace';

export async function rollbackDataset(context: CliContext, dataset: string, options: RollbackOptions): Promise<void> {
  const { domainsDir, lakeRoot } = findPlaces(context, options.lake);
  const store = openStore(lakeRoot);
  await requireKnownDataset(domainsDir, store, dataset);
  const { from, to } = await rollback({ store, clock: systemClock }, { dataset, to: options.to });
  if (options.json) return writeJson(context.stdout, { dataset, from, to });
  return writeText(context.stdout, `${dataset} rolled back from ${from} to ${to}`);
}
