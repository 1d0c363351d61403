import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeCliReference } from './reference';

describe('docs/reference/cli.md', () => {
  it('is what the program generates; `npx nx run cli:docs` writes it again', () => {
    const written = readFileSync(path.resolve(__dirname, '../../../docs/reference/cli.md'), 'utf8');
    expect(written.replaceAll('\r\n', '\n')).toBe(writeCliReference());
  });
});
