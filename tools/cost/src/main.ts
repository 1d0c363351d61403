/** Writes the cost page into a folder given as the only argument: `nx docs cost` runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readDatasetConfigs } from './dataset-configs';
import { renderCostPage } from './cost-page';

async function writePage(folder: string): Promise<void> {
  const configs = await readDatasetConfigs(process.cwd());
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'cost.md'), renderCostPage(configs));
}

writePage(process.argv[2] ?? 'docs/reference').catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
