import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixedClock } from '@inlet/time';
import { createHttpSource } from './index';

it('a name that does not resolve is asked for once: the state machine tries again later', async () => {
  const asked: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    asked.push(input);
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }) });
  };
  const source = createHttpSource({ fetch, clock: fixedClock('2026-11-20T21:00:00Z') });
  const scratchDir = mkdtempSync(path.join(tmpdir(), 'source-'));
  const fetching = source.fetch({ url: 'https://nowhere.invalid/a.zip', headers: {}, maxBytes: 10, scratchDir });
  await expect(fetching).rejects.toMatchObject({ name: 'SourceUnavailableError', message: expect.stringContaining('ENOTFOUND') });
  expect(asked).toHaveLength(1);
});
