/** Writes the generated reference into a folder given as the only argument: `nx docs errors` runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderErrorReference } from './reference-page';

const [, , folder = 'docs/reference'] = process.argv;
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'errors.md'), renderErrorReference());
