/** Releases behind addresses on loopback, with ETags, as a publisher's server has them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SourceServer {
  /** `127.0.0.1:<port>` */
  host: string;
  url(name: string): string;
  /** From now on, this is what is published under a name. */
  publish(name: string, file: string): Promise<void>;
  /** `<name> <status>` of every request so far. */
  answers: string[];
  close(): Promise<void>;
}

export async function startSourceServer(): Promise<SourceServer> {
  const published = new Map<string, { body: Buffer; etag: string }>();
  const answers: string[] = [];
  const server: Server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    const found = published.get(name);
    const status = found === undefined ? 404 : request.headers['if-none-match'] === found.etag ? 304 : 200;
    answers.push(`${name} ${status}`);
    if (found === undefined || status === 304) return void response.writeHead(status, found && { etag: found.etag }).end();
    response.writeHead(200, { etag: found.etag, 'content-type': 'application/zip', 'content-length': found.body.length }).end(found.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: (name) => `http://${host}/${name}`,
    publish: async (name, file) => {
      const body = await readFile(file);
      published.set(name, { body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"` });
    },
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
