/** A source on loopback that answers as FDA's does: a file with an ETag, and 304 to whoever has it already. Notes every request. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ETAG = '"release-1"';

export interface NotedRequest {
  method: string;
  ifNoneMatch: string | undefined;
  status: 200 | 304;
}

export interface EtagServer {
  url: string;
  /** The requests since the last call. */
  takeRequests(): NotedRequest[];
  close(): Promise<void>;
}

export async function startEtagServer(file: string): Promise<EtagServer> {
  let requests: NotedRequest[] = [];
  const server = createServer((request, response) => {
    const ifNoneMatch = request.headers['if-none-match'];
    const status = ifNoneMatch === ETAG ? 304 : 200;
    requests.push({ method: request.method ?? '', ifNoneMatch, status });
    response.writeHead(status, { ETag: ETAG, ...(status === 200 && { 'Content-Length': statSync(file).size, 'Content-Type': 'application/zip' }) });
    if (status === 304 || request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/nsde.zip`,
    takeRequests: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
