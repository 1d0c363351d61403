/** `inlet gc`: deletes what no kept release needs, dataset by dataset. */
import path from 'node:path';
import { listDatasetFolders, readDatasetFolder } from '@inlet/dataset';
import { collectGarbage } from '@inlet/pipeline';
import { formatBytes, systemClock } from '@inlet/time';
import type { CliContext } from '../context';
import { openLake, type Lake } from '../lake';
import { writeJson, writeText } from '../output';
import { describeError } from '../report-error';
import type { GcOptions } from '../program';

interface Collected {
  dataset: string;
  deletedKeys: string[];
  bytes: number;
  keptReleases: string[];
}

export async function gc(context: CliContext, options: GcOptions): Promise<void> {
  const lake = await openLake(context, options);
  const dryRun = options.dryRun === true;
  const datasets = await collectAll(lake, dryRun);
  if (datasets.some((each) => 'problem' in each)) context.exitCode = 1;
  const scratch = dryRun ? [] : await lake.removeScratch();
  if (options.json) return writeJson(context.stdout, { dryRun, datasets, scratch });
  const lines = datasets.map((each) => ('problem' in each ? `${each.dataset}: nothing deleted. ${each.problem}` : formatCollected(each, dryRun)));
  if (scratch.length > 0) lines.push(`scratch folders of ${scratch.length} dead ${scratch.length === 1 ? 'run' : 'runs'} deleted`);
  return writeText(context.stdout, lines.join('\n'));
}

interface Problem {
  dataset: string;
  problem: string;
}

/** A config that cannot be read keeps its own dataset's files, and nobody else's. */
function collectAll({ domainsDir, store, withLedger }: Lake, dryRun: boolean): Promise<(Collected | Problem)[]> {
  return withLedger(async (ledger) => {
    const datasets: (Collected | Problem)[] = [];
    for (const folder of await listDatasetFolders(domainsDir)) {
      try {
        const { config } = await readDatasetFolder(folder);
        const collected = await collectGarbage({ store, ledger, clock: systemClock }, config, { dryRun });
        datasets.push({ dataset: config.dataset, ...collected });
      } catch (error) {
        datasets.push({ dataset: path.basename(folder), problem: describeError(error).message });
      }
    }
    return datasets;
  });
}

function formatCollected({ dataset, deletedKeys, bytes, keptReleases }: Collected, dryRun: boolean): string {
  const count = deletedKeys.length;
  const kept = `${keptReleases.length} ${keptReleases.length === 1 ? 'release' : 'releases'} kept`;
  if (count === 0) return `${dataset}: nothing to delete, ${kept}`;
  return `${dataset}: ${count} ${count === 1 ? 'object' : 'objects'} (${formatBytes(bytes)}) ${dryRun ? 'would be deleted' : 'deleted'}, ${kept}`;
}
