/** Writes the reference of DQDL into a folder given as the only argument: `nx docs dqdl-reference` runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderDqdlPage } from './dqdl-page';
import { judgeExamples } from './judge-examples';

async function writePage(folder: string): Promise<void> {
  const page = renderDqdlPage(await judgeExamples());
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'dqdl.md'), page);
}

writePage(process.argv[2] ?? 'docs/reference').catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
