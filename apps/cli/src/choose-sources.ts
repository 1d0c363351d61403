/** Decides which files a run takes: those given, those of the next sample release, or (none) the configured ones. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '@inlet/dataset';
import { UsageError } from '@inlet/errors';
import { hashFile } from '@inlet/hash';
import type { Release } from '@inlet/manifest';

const URL_SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
const KNOWN_SCHEMES = ['http', 'https', 'file'];

/**
 * Absolute paths and URLs for `--source` arguments; a folder means every regular file in it. A path that is not there passes: the run
 * records that it was not found. Throws UsageError for other URL schemes and folders without files.
 */
export async function resolveSources(cwd: string, given: readonly string[]): Promise<string[]> {
  const resolved = await Promise.all(given.map((source) => resolveSource(cwd, source)));
  return resolved.flat();
}

async function resolveSource(cwd: string, source: string): Promise<string[]> {
  const scheme = URL_SCHEME.exec(source)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    if (KNOWN_SCHEMES.includes(scheme)) return [source];
    throw new UsageError({ what: 'The source cannot be fetched', where: `${scheme}://…`, expected: 'a path, or an http, https or file URL', found: scheme });
  }
  if (source === '') throw new UsageError({ what: 'A source is empty', expected: 'a path or URL after --source' });
  const absolute = path.resolve(cwd, source);
  const stats = await stat(absolute).catch(() => undefined);
  return stats?.isDirectory() ? listFiles(absolute) : [absolute];
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => path.join(folder, entry.name));
  if (files.length === 0) throw new UsageError({ what: 'The source folder holds no file', where: folder, expected: 'at least one file', found: 'none' });
  return files.sort();
}

/**
 * The files of the sample release after the published one: the oldest when no sample is published, the last when that one already is.
 * Throws UsageError for a dataset without samples.
 */
export async function chooseNextSample(dataset: Dataset, current: Release | null): Promise<string[]> {
  const { config, folder } = dataset;
  const samples = config.samples.map((sample) => path.join(folder ?? '', sample));
  if (folder === undefined || samples.length === 0) {
    throw new UsageError({
      what: `The dataset ${config.dataset} ships no sample release`,
      expected: 'samples in its config/dataset.json',
      found: 'none',
      next: `Give it a file: inlet run ${config.dataset} --source <path>`,
    });
  }
  const published = current === null ? -1 : await findPublished(samples, current);
  return resolveSources(folder, [samples[Math.min(published + 1, samples.length - 1)] ?? '']);
}

/** Index of the sample whose files are the sources of a release; -1 for none. */
async function findPublished(samples: readonly string[], current: Release): Promise<number> {
  const wanted = fingerprintOf(current.sources.map(({ sha256 }) => sha256));
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    const files = await resolveSources('/', [samples[index] ?? '']);
    const hashes = await Promise.all(files.map((file) => hashFile(file).then(({ sha256 }) => sha256)));
    if (fingerprintOf(hashes) === wanted) return index;
  }
  return -1;
}

function fingerprintOf(hashes: readonly string[]): string {
  return [...hashes].sort().join(' ');
}
