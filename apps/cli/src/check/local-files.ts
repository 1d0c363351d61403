/** The files that file rules ask about: those of this machine. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { redactUrl, UsageError } from '@inlet/errors';
import type { FileFact } from '@inlet/quality';

/** The data file itself; with a path that a rule names, that file, or all files below that folder. Throws UsageError for what is not on this machine. */
export function listLocalFiles({ data, cwd }: { data: string; cwd: string }): (asked?: string) => Promise<FileFact[]> {
  return async (asked) => {
    if (asked === undefined) return [await describeFile(data, data)];
    const root = resolveLocal(asked, cwd);
    const stats = await stat(root).catch(() => undefined);
    if (stats === undefined) throw new UsageError({ what: 'A rule names a file that is not there', where: redactUrl(asked), expected: 'a file or a folder', found: 'nothing' });
    if (!stats.isDirectory()) return [await describeFile(root, asked)];
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
    return Promise.all(files.map((file) => describeFile(file, `${asked.replace(/\/+$/, '')}/${path.relative(root, file).split(path.sep).join('/')}`)));
  };
}

function resolveLocal(asked: string, cwd: string): string {
  if (/^file:/i.test(asked)) return fileURLToPath(asked);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(asked)) throw new UsageError({ what: 'A rule names a file that is not on this machine', where: redactUrl(asked), expected: 'a path', found: 'a URL' });
  return path.resolve(cwd, asked);
}

async function describeFile(file: string, shown: string): Promise<FileFact> {
  const { size, mtime } = await stat(file);
  return {
    path: shown,
    sizeBytes: size,
    lastModified: mtime,
    digest: async (algorithm) => {
      const hash = createHash(algorithm);
      await pipeline(createReadStream(file), hash);
      return hash.digest('hex');
    },
  };
}
