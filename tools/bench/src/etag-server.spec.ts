import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { ETAG, startEtagServer } from './etag-server';

it('gives the file, answers its own ETag with 304 and no other, and notes both once', async () => {
  const file = path.join(tempDir(), 'release.zip');
  writeFileSync(file, 'content');
  const server = await startEtagServer(file);
  try {
    const whole = await fetch(server.url);
    expect([whole.status, whole.headers.get('etag'), await whole.text()]).toEqual([200, ETAG, 'content']);
    const known = await fetch(server.url, { headers: { 'If-None-Match': ETAG } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const other = await fetch(server.url, { headers: { 'If-None-Match': '"release-0"' } });
    expect([other.status, await other.text()]).toEqual([200, 'content']);
    expect(server.takeRequests()).toEqual([
      { method: 'GET', ifNoneMatch: undefined, status: 200 },
      { method: 'GET', ifNoneMatch: ETAG, status: 304 },
      { method: 'GET', ifNoneMatch: '"release-0"', status: 200 },
    ]);
    expect(server.takeRequests()).toEqual([]);
  } finally {
    await server.close();
  }
});
