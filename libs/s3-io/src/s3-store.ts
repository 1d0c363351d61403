/** The lake in an S3 bucket: one PUT, or one completed multipart upload, makes a change visible. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type GetObjectCommandOutput,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { PermanentError } from '@inlet/errors';
import { checkKey, checkPrefix } from '@inlet/local-io';
import type { ObjectStore, StoredObject, WriteCondition } from '@inlet/pipeline';
import { deleteObjects } from './s3-delete';
import { countAttempts, describeFailedCondition, describeMissing, describeS3Error, isConditionFailure, isMissingObject } from './s3-error';

export interface S3StoreOptions {
  client: S3Client;
  bucket: string;
  /** Where in the bucket the lake begins. @default the bucket's root */
  prefix?: string;
  /** Key that encrypts what is written. @default the bucket's own encryption */
  kmsKeyId?: string;
}

/** Four parts are in flight at once, so an upload holds some 40 MiB of memory; S3 takes 10,000 parts at most. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_IN_FLIGHT = 4;
const MOST_PARTS = 9_000;
const DOWNLOAD_TRIES = 3;
/** Metadata that tells a writer its own write. */
const WRITE_ID = 'inlet-write';

/** Besides what the port says, throws TransientError for what S3 or the network may do better next time (after the client's own retries). */
export function createS3Store(options: S3StoreOptions): ObjectStore {
  return new S3Store(options);
}

class S3Store implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #encryption: { ServerSideEncryption?: 'aws:kms'; SSEKMSKeyId?: string };

  constructor({ client, bucket, prefix = '', kmsKeyId }: S3StoreOptions) {
    const trimmed = prefix.replace(/\/$/, '');
    if (trimmed !== '') checkKey(trimmed);
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = trimmed === '' ? '' : `${trimmed}/`;
    this.#encryption = kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId };
  }

  async head(key: string): Promise<StoredObject | undefined> {
    const address = this.#address(key);
    try {
      const { ContentLength, ETag, LastModified } = await this.#client.send(new HeadObjectCommand(address));
      return { key, sizeBytes: ContentLength ?? 0, etag: bareEtag(ETag), lastModified: LastModified ?? new Date(0) };
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw describeS3Error(error, 'The object cannot be looked at', this.uri(key));
    }
  }

  async read(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const found = await this.#get(key);
    if (found === undefined) return undefined;
    try {
      return { body: (await found.Body?.transformToByteArray()) ?? new Uint8Array(), etag: bareEtag(found.ETag) };
    } catch (error) {
      throw describeS3Error(error, 'The object cannot be read to its end', this.uri(key));
    }
  }

  async write(key: string, body: string | Uint8Array, condition?: WriteCondition): Promise<{ etag: string }> {
    const address = this.#address(key);
    const writeId = randomUUID();
    const Body = Buffer.from(body);
    const content = { Body, ContentLength: Body.length, Metadata: { [WRITE_ID]: writeId } };
    try {
      const { ETag } = await this.#client.send(
        new PutObjectCommand({ ...address, ...this.#encryption, ...conditionHeaders(condition), ...content }),
      );
      return { etag: bareEtag(ETag) };
    } catch (error) {
      const isRefused = condition !== undefined && (isConditionFailure(error) || isMissingObject(error));
      if (!isRefused) throw describeS3Error(error, 'The object cannot be written', this.uri(key));
      const written = countAttempts(error) > 1 ? await this.#findOwnWrite(key, writeId) : undefined;
      if (written === undefined) throw describeFailedCondition(this.uri(key), describeCondition(condition), error);
      return { etag: written };
    }
  }

  async uploadFile(file: string, key: string): Promise<{ sizeBytes: number }> {
    const address = this.#address(key);
    const sizeBytes = await measureFile(file);
    const body = createReadStream(file, { highWaterMark: 1 << 20 });
    try {
      await new Upload({
        client: this.#client,
        params: { ...address, ...this.#encryption, Body: body },
        partSize: Math.max(PART_BYTES, Math.ceil(sizeBytes / MOST_PARTS)),
        queueSize: PARTS_IN_FLIGHT,
      }).done();
      return { sizeBytes };
    } catch (error) {
      throw describeS3Error(error, `The file ${file} cannot be put into the lake`, this.uri(key));
    } finally {
      body.destroy();
    }
  }

  async openRead(key: string): Promise<Readable> {
    return this.#stream(key, await this.#require(key));
  }

  async localPath(key: string, scratchDir: string): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      const found = await this.head(key);
      if (found === undefined) throw describeMissing(this.uri(key));
      const version = createHash('sha256').update(`${key}\n${found.etag}`).digest('hex').slice(0, 32);
      const file = path.join(path.resolve(scratchDir), 'objects', version, path.posix.basename(key));
      try {
        if (!(await isFile(file))) await this.#download(key, found.etag, file);
        return file;
      } catch (error) {
        // Replaced since it was looked at: look again.
        if (tries < DOWNLOAD_TRIES && isConditionFailure(error)) continue;
        throw describeS3Error(error, 'The object cannot be downloaded', this.uri(key));
      }
    }
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    checkPrefix(prefix);
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#listPage(prefix, ContinuationToken);
      for (const { Key = '', Size = 0, ETag, LastModified = new Date(0) } of page.Contents ?? []) {
        const key = Key.slice(this.#prefix.length);
        if (!key.endsWith('/')) yield { key, sizeBytes: Size, etag: bareEtag(ETag), lastModified: LastModified };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async delete(keys: readonly string[]): Promise<void> {
    const whole = keys.map((key) => this.#address(key).Key);
    await deleteObjects(this.#client, this.#bucket, whole);
  }

  uri(key: string): string {
    return `s3://${this.#bucket}/${this.#address(key).Key}`;
  }

  #address(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  async #get(key: string, ifMatch?: string): Promise<GetObjectCommandOutput | undefined> {
    const address = this.#address(key);
    try {
      return await this.#client.send(new GetObjectCommand({ ...address, IfMatch: ifMatch && `"${ifMatch}"` }));
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      if (isConditionFailure(error)) throw error;
      throw describeS3Error(error, 'The object cannot be read', this.uri(key));
    }
  }

  async #require(key: string, ifMatch?: string): Promise<GetObjectCommandOutput> {
    const found = await this.#get(key, ifMatch);
    if (found === undefined) throw describeMissing(this.uri(key));
    return found;
  }

  /** The bytes as they come, with the faults of the connection turned into Inlet's errors. */
  #stream(key: string, { Body }: GetObjectCommandOutput): Readable {
    const bytes = new PassThrough();
    if (Body === undefined) return bytes.end();
    const source = Body as Readable;
    source.once('error', (error) => bytes.destroy(describeS3Error(error, 'The object cannot be read to its end', this.uri(key))));
    bytes.once('close', () => source.destroy());
    return source.pipe(bytes);
  }

  async #download(key: string, etag: string, file: string): Promise<void> {
    const unfinished = `${file}.${randomUUID()}`;
    const found = await this.#require(key, etag);
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await pipeline(this.#stream(key, found), createWriteStream(unfinished));
      await rename(unfinished, file);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async #listPage(prefix: string, ContinuationToken: string | undefined): Promise<ListObjectsV2CommandOutput> {
    try {
      return await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: this.#prefix + prefix, ContinuationToken }));
    } catch (error) {
      throw describeS3Error(error, 'The objects cannot be listed', `s3://${this.#bucket}/${this.#prefix}${prefix}`);
    }
  }

  /** After a lost answer the client sends a PUT again, and meets its own first one: that is no conflict. */
  async #findOwnWrite(key: string, writeId: string): Promise<string | undefined> {
    try {
      const { ETag, Metadata } = await this.#client.send(new HeadObjectCommand(this.#address(key)));
      return Metadata?.[WRITE_ID] === writeId ? bareEtag(ETag) : undefined;
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw describeS3Error(error, 'It is unknown whether the object was written', this.uri(key));
    }
  }
}

/** S3 writes versions in quotes; the port's have none. */
function bareEtag(etag: string | undefined): string {
  return (etag ?? '').replace(/^"|"$/g, '');
}

function conditionHeaders(condition: WriteCondition | undefined): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition === undefined) return {};
  return 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: `"${condition.ifMatch}"` };
}

function describeCondition(condition: WriteCondition): string {
  return 'ifAbsent' in condition ? 'no object' : `version ${condition.ifMatch}`;
}

async function measureFile(file: string): Promise<number> {
  try {
    const stats = await stat(file);
    if (stats.isFile()) return stats.size;
  } catch (cause) {
    throw new PermanentError({ what: 'The file cannot be put into the lake', where: file, expected: 'a file', found: messageOf(cause), cause });
  }
  throw new PermanentError({ what: 'The file cannot be put into the lake', where: file, expected: 'a file', found: 'something else' });
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then((stats) => stats.isFile(), () => false);
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
