import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CreateBucketCommand, HeadObjectCommand, ListMultipartUploadsCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { PermanentError } from '@inlet/errors';
import type { ObjectStore } from '@inlet/pipeline';
import { describeObjectStoreContract, prepareMinistack, present, skipAloud, tempDir, type RunningMinistack } from '@inlet/testing';
import { createRoutedStore, createS3Client, createS3Store } from './index';

const ministack = prepareMinistack();

if (!ministack.available) {
  skipAloud('the contract of S3 against a real server', ministack.reason);
} else {
  describe('against a real S3-speaking server', () => {
    let server: RunningMinistack;
    let client: S3Client;
    let buckets = 0;
    const makeBucket = async () => {
      const Bucket = `lake-${(buckets += 1)}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    };
    beforeAll(async () => {
      server = await ministack.start();
      client = createS3Client({ endpoint: server.endpoint, config: { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } } });
    }, 90_000);
    afterAll(async () => {
      client?.destroy();
      await server?.stop();
    });

    describeObjectStoreContract('createS3Store', async () => ({
      store: createS3Store({ client, bucket: await makeBucket() }),
      cleanup: async () => undefined,
    }));
    describeObjectStoreContract('createS3Store below a prefix', async () => ({
      store: createS3Store({ client, bucket: await makeBucket(), prefix: 'teams/drugs/' }),
      cleanup: async () => undefined,
    }));

    describeObjectStoreContract('createRoutedStore over two buckets', async () => ({
      store: createRoutedStore([{ prefix: 'raw/', store: createS3Store({ client, bucket: await makeBucket() }) }], createS3Store({ client, bucket: await makeBucket() })),
      cleanup: async () => undefined,
    }));

    it('keeps what is received in the raw bucket, and all else in the lake bucket, under the same keys', async () => {
      const [raw, lake] = [await makeBucket(), await makeBucket()];
      const stores = { raw: createS3Store({ client, bucket: raw }), lake: createS3Store({ client, bucket: lake }) };
      const store = createRoutedStore([{ prefix: 'raw/', store: stores.raw }], stores.lake);
      const keys = ['bronze/nsde/run=1/t/0.parquet', 'manifests/nsde/manifest.json', 'raw/nsde/sha256=0f/a.zip', 'raw/nsde/sha256=0f/a.zip.json', 'silver/nsde/x'];
      for (const key of [...keys].reverse()) await store.write(key, key);
      expect(await listKeys(store, '')).toEqual(keys);
      expect(await listKeys(stores.raw, '')).toEqual(keys.slice(2, 4));
      expect(await listKeys(stores.lake, '')).toEqual([...keys.slice(0, 2), ...keys.slice(4)]);
      expect([store.uri('raw/nsde/x'), store.uri('silver/nsde/x')]).toEqual([`s3://${raw}/raw/nsde/x`, `s3://${lake}/silver/nsde/x`]);
    });

    it('sees nothing of the bucket outside its prefix', async () => {
      const bucket = await makeBucket();
      for (const Key of ['a', 'lake2/a', 'lake/a']) await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
      const store = createS3Store({ client, bucket, prefix: 'lake' });
      expect(await listKeys(store, '')).toEqual(['a']);
      expect(store.uri('a')).toBe(`s3://${bucket}/lake/a`);
    });

    it('lists and deletes more objects than one request takes', async () => {
      const bucket = await makeBucket();
      const store = createS3Store({ client, bucket, prefix: 'lake' });
      const keys = Array.from({ length: 2005 }, (_, n) => `many/${String(n).padStart(5, '0')}`);
      for (let start = 0; start < keys.length; start += 100) {
        await Promise.all(keys.slice(start, start + 100).map((key) => store.write(key, '')));
      }
      expect(await listKeys(store, 'many/')).toEqual(keys);
      await store.delete(keys.slice(0, -1));
      expect(await listKeys(store, 'many/')).toEqual(keys.slice(-1));
    }, 60_000);

    it('leaves out the objects with which consoles mark folders', async () => {
      const bucket = await makeBucket();
      for (const Key of ['a/', 'a/b']) await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
      expect(await listKeys(createS3Store({ client, bucket }), '')).toEqual(['a/b']);
    });

    it('uploads large files in parts, and leaves none of them unfinished', async () => {
      const bucket = await makeBucket();
      const store = createS3Store({ client, bucket });
      const file = path.join(tempDir(), 'large');
      writeFileSync(file, Buffer.alloc(17 * 1024 * 1024 + 1, 7));
      await store.uploadFile(file, 'raw/large');
      // S3 names the version of a multipart object by its parts: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
      expect(present(await store.head('raw/large')).etag).toMatch(/-3$/);
      expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual([]);
    });

    it('holds a small part of a large file in memory while it uploads and downloads', async () => {
      const store = createS3Store({ client, bucket: await makeBucket() });
      const file = path.join(tempDir(), 'large');
      writeFileSync(file, Buffer.alloc(200 * 1024 * 1024, 7));
      const before = process.memoryUsage().arrayBuffers;
      let peak = 0;
      const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)), 5);
      await store.uploadFile(file, 'raw/large');
      const copy = await store.localPath('raw/large', tempDir());
      clearInterval(watch);
      expect(peak).toBeLessThan(120 * 1024 * 1024);
      expect(await sha256Of(copy)).toBe(await sha256Of(file));
    }, 60_000);

    it('downloads an unchanged object once, and leaves no unfinished file', async () => {
      const store = createS3Store({ client, bucket: await makeBucket() });
      const scratch = tempDir();
      await store.write('a/file.parquet', 'bytes');
      const file = await store.localPath('a/file.parquet', scratch);
      const { mtimeMs } = statSync(file);
      expect(await store.localPath('a/file.parquet', scratch)).toBe(file);
      expect(statSync(file).mtimeMs).toBe(mtimeMs);
      expect(readdirSync(path.dirname(file))).toEqual(['file.parquet']);
    });

    it('encrypts what it writes and uploads with the key that it is given', async () => {
      const bucket = await makeBucket();
      const store = createS3Store({ client, bucket, kmsKeyId: 'alias/lake' });
      const file = path.join(tempDir(), 'file');
      writeFileSync(file, Buffer.alloc(9 * 1024 * 1024));
      await store.write('written', 'x');
      await store.uploadFile(file, 'uploaded');
      for (const Key of ['written', 'uploaded']) {
        const { ServerSideEncryption, SSEKMSKeyId } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
        expect([ServerSideEncryption, SSEKMSKeyId]).toEqual(['aws:kms', expect.stringContaining('alias/lake')]);
      }
    });

    it('says what to check when there is no such bucket', async () => {
      const store = createS3Store({ client, bucket: 'no-such-bucket' });
      await expect(store.read('a')).rejects.toThrow(PermanentError);
      await expect(store.write('a', 'x', { ifAbsent: true })).rejects.toThrow(/s3:\/\/no-such-bucket\/a.*Check the name of the lake's bucket/s);
      await expect(listKeys(store, '')).rejects.toThrow(/NoSuchBucket/);
    });
  });
}

async function listKeys(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
