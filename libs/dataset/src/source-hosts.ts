/** Where a dataset's files may come from. */
import type { DatasetConfig } from './config-schema';

/** The hosts of a dataset's own sources, and those that its config adds. */
export function listSourceHosts(config: Pick<DatasetConfig, 'sources' | 'source_hosts'>): string[] {
  const own = config.sources.map(({ source_url }) => new URL(source_url).host).filter((host) => host !== '');
  return [...new Set([...own, ...config.source_hosts])];
}
