import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { types } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { PermanentError, PreconditionFailedError, TransientError } from '@inlet/errors';
import type { ObjectStore } from '@inlet/pipeline';
import { tempDir } from '@inlet/testing';
import { createS3Store } from './index';

// Jest runs specs in a realm of their own, where Node's errors are no `instanceof Error`; the SDK asks just that to tell network faults.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, error: unknown): boolean {
    return this === Error ? types.isNativeError(error) : Function.prototype[Symbol.hasInstance].call(this as () => void, error);
  },
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const errorBody = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>because</Message></Error>`;

function answerError(status: number, code: string): Handler {
  return (request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': 'application/xml' }).end(errorBody(code)));
  };
}

describe('an S3 store whose server or network fails', () => {
  let server: Server;
  let client: S3Client;
  let store: ObjectStore;
  let requests: IncomingMessage[];
  let handler: Handler;

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(request);
      handler(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 2,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    store = createS3Store({ client, bucket: 'lake' });
  });
  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const listAll = async () => {
    for await (const _object of store.list('a/')) void _object;
  };
  const makeFile = () => {
    const file = path.join(tempDir(), 'file');
    writeFileSync(file, 'bytes');
    return file;
  };
  const operations: [string, () => Promise<unknown>][] = [
    ['read', () => store.read('a/b')],
    ['write', () => store.write('a/b', 'x', { ifAbsent: true })],
    ['uploadFile', () => store.uploadFile(makeFile(), 'a/b')],
    ['openRead', () => store.openRead('a/b')],
    ['localPath', () => store.localPath('a/b', tempDir())],
    ['list', listAll],
    ['delete', () => store.delete(['a/b'])],
    ['head', () => store.head('a/b')],
  ];

  it.each(operations)('%s answers 503 with TransientError, after trying again', async (_name, operate) => {
    handler = answerError(503, 'SlowDown');
    await expect(operate()).rejects.toThrow(TransientError);
    expect(requests.length).toBe(2);
  });

  it.each(operations)('%s answers 403 with PermanentError that names the object and the missing right', async (_name, operate) => {
    handler = answerError(403, 'AccessDenied');
    await expect(operate()).rejects.toThrow(PermanentError);
    await expect(operate()).rejects.toThrow(/s3:\/\/lake\/a\/.*Give this identity the right/s);
  });

  it.each(operations)('%s answers a dropped connection with TransientError', async (_name, operate) => {
    handler = (request) => request.socket.destroy();
    await expect(operate()).rejects.toThrow(TransientError);
  });

  it.each([
    [412, 'PreconditionFailed'],
    [409, 'ConditionalRequestConflict'],
    [404, 'NoSuchKey'],
  ])('a conditional write takes %d %s for a condition that does not hold', async (status, code) => {
    handler = answerError(status, code);
    await expect(store.write('m', 'x', { ifMatch: 'v1' })).rejects.toBeInstanceOf(PreconditionFailedError);
    await expect(store.write('m', 'x', { ifMatch: 'v1' })).rejects.toThrow('version v1');
    expect(requests[0]?.headers['if-match']).toBe('"v1"');
  });

  it('a write without condition never fails for one', async () => {
    handler = answerError(404, 'NoSuchKey');
    await expect(store.write('m', 'x')).rejects.not.toBeInstanceOf(PreconditionFailedError);
  });

  it('knows its own write when the first answer was lost and the second meets it', async () => {
    let written: string | undefined;
    handler = (request, response) => {
      if (request.method === 'HEAD') return void response.writeHead(200, { etag: '"mine"', 'x-amz-meta-inlet-write': written ?? '' }).end();
      if (written !== undefined) return answerError(412, 'PreconditionFailed')(request, response);
      written = String(request.headers['x-amz-meta-inlet-write']);
      return void request.resume().on('end', () => request.socket.destroy());
    };
    expect(await store.write('m', 'x', { ifAbsent: true })).toEqual({ etag: 'mine' });
    expect(requests.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'HEAD']);
  });

  it('takes another writer\'s object for a conflict, even after a lost answer', async () => {
    handler = (request, response) => {
      if (request.method === 'HEAD') return void response.writeHead(200, { etag: '"theirs"', 'x-amz-meta-inlet-write': 'someone-else' }).end();
      if (requests.length > 1) return answerError(412, 'PreconditionFailed')(request, response);
      return void request.resume().on('end', () => request.socket.destroy());
    };
    await expect(store.write('m', 'x', { ifAbsent: true })).rejects.toBeInstanceOf(PreconditionFailedError);
  });

  it('a body that breaks off ends a stream with TransientError, not with a short object', async () => {
    handler = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000000', etag: '"v1"' });
      response.write('x'.repeat(1000), () => response.destroy());
    };
    const consume = async () => {
      for await (const _chunk of await store.openRead('a/b')) void _chunk;
    };
    await expect(consume()).rejects.toThrow(TransientError);
    await expect(store.read('a/b')).rejects.toThrow(TransientError);
    const scratch = tempDir();
    await expect(store.localPath('a/b', scratch)).rejects.toThrow(TransientError);
    expect(readdirSync(scratch, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
  });

  it('localPath looks again when the object is replaced between look and download', async () => {
    let version = 1;
    handler = (request, response) => {
      if (request.method === 'HEAD') return void response.writeHead(200, { etag: `"v${version}"` }).end();
      const isStale = request.headers['if-match'] !== '"v2"';
      version = 2;
      return isStale ? answerError(412, 'PreconditionFailed')(request, response) : void response.writeHead(200, { etag: '"v2"' }).end('new');
    };
    await store.localPath('a/b', tempDir());
    expect(requests.map(({ method, headers }) => `${method} ${headers['if-match'] ?? ''}`)).toEqual(['HEAD ', 'GET "v1"', 'HEAD ', 'GET "v2"']);
  });

  it.each([
    ['a part', 'partNumber=2', 'PUT'],
    ['the end', 'uploadId=u1', 'POST'],
  ])('an upload in parts that fails at %s is aborted, so that no parts are left to be paid for', async (_what, query, method) => {
    handler = (request, response) => {
      const url = request.url ?? '';
      if (request.method === method && url.includes(query)) return answerError(403, 'AccessDenied')(request, response);
      const body = url.includes('uploads') ? '<?xml version="1.0"?><InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>' : '';
      request.resume().on('end', () => response.writeHead(request.method === 'DELETE' ? 204 : 200, { etag: '"part"' }).end(body));
    };
    const file = path.join(tempDir(), 'large');
    writeFileSync(file, Buffer.alloc(20 * 1024 * 1024));
    await expect(store.uploadFile(file, 'a/b')).rejects.toThrow(/cannot be put into the lake \(s3:\/\/lake\/a\/b\).*AccessDenied/);
    const last = requests.at(-1);
    expect(`${last?.method} ${last?.url}`).toMatch(/^DELETE \/lake\/a\/b\?.*uploadId=u1/);
    expect(readdirSync(path.dirname(file))).toEqual(['large']);
  });

  it('leaves encryption to the bucket where it has no key, and asks for its key where it has one', async () => {
    handler = (request, response) => void request.resume().on('end', () => response.writeHead(200, { etag: '"v1"' }).end());
    for (const kmsKeyId of [undefined, 'arn:aws:kms:us-east-1:123456789012:key/k']) {
      requests.length = 0;
      const writing = createS3Store({ client, bucket: 'lake', kmsKeyId });
      await writing.write('a', 'x');
      await writing.uploadFile(makeFile(), 'b');
      const sent = requests.map(({ headers }) => [headers['x-amz-server-side-encryption'], headers['x-amz-server-side-encryption-aws-kms-key-id']]);
      expect(sent).toEqual(Array(2).fill(kmsKeyId === undefined ? [undefined, undefined] : ['aws:kms', kmsKeyId]));
    }
  });

  it('a delete names the objects that were not deleted, and retries what may pass', async () => {
    const failing = (...codes: string[]): Handler => (request, response) => {
      const errors = codes.map((code, n) => `<Error><Key>a/${n}</Key><Code>${code}</Code><Message>because</Message></Error>`);
      request.resume().on('end', () => response.writeHead(200).end(`<?xml version="1.0"?><DeleteResult>${errors.join('')}</DeleteResult>`));
    };
    handler = failing('AccessDenied', 'InternalError');
    await expect(store.delete(['a/0', 'a/1'])).rejects.toThrow(/2 objects were not deleted \(s3:\/\/lake\): found AccessDenied for a\/0, InternalError for a\/1/);
    await expect(store.delete(['a/0', 'a/1'])).rejects.toThrow(PermanentError);
    handler = failing('InternalError', 'SlowDown');
    await expect(store.delete(['a/0', 'a/1'])).rejects.toThrow(TransientError);
    handler = failing('NoSuchKey');
    await store.delete(['a/0']);
  });

  it('a delete of more than a thousand objects tries every batch before it says what failed', async () => {
    handler = (request, response) => {
      const body = requests.length === 1 ? '<Error><Key>k</Key><Code>AccessDenied</Code></Error>' : '';
      request.resume().on('end', () => response.writeHead(200).end(`<?xml version="1.0"?><DeleteResult>${body}</DeleteResult>`));
    };
    const keys = Array.from({ length: 2001 }, (_, n) => `a/${n}`);
    await expect(store.delete(keys)).rejects.toThrow(/1 objects were not deleted/);
    expect(requests).toHaveLength(3);
  });
});
