/** What a run that ends well remembers of its sources. */
import type { Observed } from '@inlet/manifest';
import type { FetchedSource, FetchResult } from './run-state';

/** What the next run compares with. */
export function observe(fetch: FetchResult, at: string): Observed {
  return { at, runId: fetch.runId, fingerprint: fetch.fingerprint, sources: fetch.sources.map(withoutFileName) };
}

function withoutFileName({ fileName: _fileName, ...source }: FetchedSource): Observed['sources'][number] {
  return source;
}
