/** Writes the reference pages of rights and resources into a folder given as the only argument: `nx docs iam-page` runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderIamPage, renderResourcesPage } from './pages';
import { findCallsOfFunctions, readStacks } from './workspace';

async function writePages(folder: string): Promise<void> {
  const stacks = readStacks(process.cwd());
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'iam.md'), renderIamPage(stacks, await findCallsOfFunctions(stacks, process.cwd())));
  writeFileSync(path.join(folder, 'resources.md'), renderResourcesPage(stacks));
}

writePages(process.argv[2] ?? 'docs/reference').catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
