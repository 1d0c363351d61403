/** Which files a run fetches, and which of the dataset's sources each of them is. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatasetConfig } from '@inlet/dataset';
import { redactUrl } from '@inlet/errors';
import { matchesAny } from './glob';

export interface RequestedSource {
  /** Fit to be shown. */
  name: string;
  /** May hold a secret. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Whether the file came from --source, and is still to be recognised by what it holds. */
  override: boolean;
}

/** The configured sources, or the paths and URLs given in their place. */
export function chooseSources(config: DatasetConfig, overrides: readonly string[]): RequestedSource[] {
  if (overrides.length === 0) return config.sources.map(({ name, source_url, headers }) => ({ name, url: source_url, headers, override: false }));
  const [first] = config.sources;
  return overrides.map((given) => {
    const isUrl = /^(https?|file):\/\//i.test(given);
    const url = isUrl ? given : pathToFileURL(path.resolve(given)).href;
    // The request headers belong to the configured hosts; another host gets only who is asking.
    const headers = Object.fromEntries(Object.entries(first?.headers ?? {}).filter(([name]) => name.toLowerCase() === 'user-agent'));
    return { name: isUrl ? redactUrl(given) : given, url, headers, override: true };
  });
}

/** The configured source whose members these are. A file that fits none is named after itself. */
export function recogniseSource(config: DatasetConfig, requested: RequestedSource, members: readonly string[]): string {
  if (!requested.override) return requested.name;
  const fitting = config.sources.find(({ members: patterns }) => members.some((member) => matchesAny(patterns, member)));
  return fitting?.name ?? path.basename(new URL(requested.url).pathname);
}
