/** `inlet rollback`: an earlier release becomes the current one, in one write. */
import type { CliContext } from '../context';
import { requireKnownDataset } from '../datasets';
import { openLake, type RolledBack } from '../lake';
import { writeJson, writeText } from '../output';
import type { RollbackOptions } from '../program';

export async function rollbackDataset(context: CliContext, dataset: string, options: RollbackOptions): Promise<void> {
  const lake = await openLake(context, options);
  await requireKnownDataset(lake.domainsDir, lake.store, dataset);
  const result = await lake.rollBack(dataset, options.to);
  if (options.json) return writeJson(context.stdout, { dataset, ...result });
  return writeText(context.stdout, describeRollback(dataset, result));
}

function describeRollback(dataset: string, { from, to, catalog }: RolledBack): string {
  const done = from === to ? `${dataset} is at ${to} already` : `${dataset} rolled back from ${from} to ${to}`;
  if (catalog === undefined) return done;
  const tables = catalog.tables.length === 0 ? 'no table' : catalog.tables.join(', ');
  return `${done}\nAthena reads it in ${catalog.database}: ${tables}`;
}
