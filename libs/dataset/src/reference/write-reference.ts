/** Writes the generated reference into a folder given as the only argument: `nx docs dataset` runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listReferenceFiles } from './reference-files';

const [, , folder = 'docs/reference'] = process.argv;
mkdirSync(folder, { recursive: true });
for (const { name, text } of listReferenceFiles()) writeFileSync(path.join(folder, name), text);
