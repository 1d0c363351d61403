/** Writes the reference of DQDL into a folder given as the only argument: `nx docs dqdl-reference` runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderDqdlPage } from './dqdl-page';

const folder = process.argv[2] ?? 'docs/reference';
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'dqdl.md'), renderDqdlPage());
