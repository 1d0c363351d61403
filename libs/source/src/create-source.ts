/** One source for every kind of address, so that the pipeline need not know which it was given. */
import path from 'node:path';
import { redactUrl, UnsafeUrlError } from '@inlet/errors';
import type { Source } from '@inlet/pipeline';
import { createFileSource } from './file-source';
import { createHttpSource, type HttpSourceOptions } from './http-source';

/** Fetches http and https URLs over the network, and file URLs and absolute paths from disk; throws UnsafeUrlError for all else. */
export function createSource(options: HttpSourceOptions = {}): Source {
  const file = createFileSource();
  const http = createHttpSource(options);
  return {
    fetch: async (request) => {
      const protocol = path.isAbsolute(request.url) ? 'file:' : URL.parse(request.url)?.protocol;
      if (protocol === 'file:') return file.fetch(request);
      if (protocol === 'http:' || protocol === 'https:') return http.fetch(request);
      throw new UnsafeUrlError({
        what: 'The source has an address of an unknown kind',
        where: redactUrl(request.url),
        expected: 'an http, https or file URL, or an absolute path',
        found: protocol ?? 'no URL',
        next: 'Correct source_url in config/dataset.json, or the --source option.',
      });
    },
  };
}
