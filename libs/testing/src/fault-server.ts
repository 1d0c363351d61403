/** A web server that misbehaves on demand, on the loopback interface, for the tests of whatever downloads. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Answers one request. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface FaultServer {
  url(path: string): string;
  /** Every request so far. */
  readonly requests: { path: string; headers: IncomingMessage['headers'] }[];
  /** One behaviour per request, in order; the last one goes on for ever. */
  script(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

export async function startFaultServer(): Promise<FaultServer> {
  const requests: FaultServer['requests'] = [];
  let queue: Behaviour[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    const behaviour = queue.length > 1 ? queue.shift() : queue[0];
    if (behaviour) void behaviour(request, response);
    else response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests,
    script: (...behaviours) => {
      requests.length = 0;
      queue = behaviours;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface ServeOptions {
  etag?: string;
  lastModified?: string;
  acceptRanges?: string;
  /** Break off at this byte of the file, counted from its beginning even when only a part is asked for. */
  breakAfter?: number;
  /** How it breaks off. @default 'reset' */
  how?: 'reset' | 'close' | 'stall';
  /** @default true */
  honourRange?: boolean;
  /** Honour Range even though If-Range names another version. */
  ignoreIfRange?: boolean;
  /** In place of the true Content-Range. */
  contentRange?: string;
  /** In place of the true Content-Length. */
  declaredLength?: number;
  /** No Content-Length at all. */
  chunked?: boolean;
  headers?: Record<string, string>;
}

/** Serves a file, well or badly, with Range and If-Range as RFC 9110 has them. */
export function serve(file: Buffer, options: ServeOptions = {}): Behaviour {
  return (request, response) => {
    const { etag, lastModified, how = 'reset', honourRange = true, acceptRanges = 'bytes' } = options;
    const headers: Record<string, string> = { 'content-type': 'application/octet-stream', 'accept-ranges': acceptRanges, ...options.headers };
    if (etag) headers.etag = etag;
    if (lastModified) headers['last-modified'] = lastModified;
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN);
    const ifRange = request.headers['if-range'];
    const sameVersion = options.ignoreIfRange || ifRange === undefined || ifRange === etag || ifRange === lastModified;
    const partial = honourRange && !Number.isNaN(start) && sameVersion;
    if (partial && start >= file.length) {
      response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
      return;
    }
    const body = partial ? file.subarray(start) : file;
    if (partial) headers['content-range'] = options.contentRange ?? `bytes ${start}-${file.length - 1}/${file.length}`;
    if (!options.chunked) headers['content-length'] = String(options.declaredLength ?? body.length);
    response.strictContentLength = false;
    response.writeHead(partial ? 206 : 200, headers);
    const breakAfter = options.breakAfter === undefined ? undefined : Math.max(0, options.breakAfter - (partial ? start : 0));
    sendBody(response, body, { breakAfter, how, lies: options.declaredLength !== undefined });
  };
}

/** What a client has not read when its connection breaks is lost to it, and a busy one reads late. */
const UNTIL_READ_MS = 150;

function sendBody(response: ServerResponse, body: Buffer, end: { breakAfter: number | undefined; how: 'reset' | 'close' | 'stall'; lies: boolean }): void {
  const { breakAfter, how, lies } = end;
  const part = body.subarray(0, breakAfter);
  const broken = breakAfter !== undefined && breakAfter < body.length;
  if (!broken && !lies) {
    response.end(part);
    return;
  }
  const stop = () => {
    if (how === 'reset') response.socket?.resetAndDestroy();
    else if (how !== 'stall') response.socket?.destroy();
  };
  response.flushHeaders();
  if (part.length === 0) setTimeout(stop, 2);
  else response.write(part, () => setTimeout(stop, UNTIL_READ_MS));
}

export function status(code: number, headers: Record<string, string> = {}, body = 'no'): Behaviour {
  return (_request, response) => {
    response.writeHead(code, headers).end(code === 304 || code === 204 ? undefined : body);
  };
}

export function redirect(location: string, code = 302): Behaviour {
  return status(code, { location });
}

/** Compresses although asked for identity. */
export function serveGzipped(file: Buffer): Behaviour {
  return (_request, response) => {
    const packed = gzipSync(file);
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(packed.length), etag: '"packed"' }).end(packed);
  };
}

/** Takes the request and never answers. */
export function silence(): Behaviour {
  return () => undefined;
}

/** Bytes as they are, without any HTTP library between. */
export function raw(...parts: (string | Buffer)[]): Behaviour {
  return (_request, response) => {
    for (const part of parts) response.socket?.write(part);
    response.socket?.end();
  };
}
