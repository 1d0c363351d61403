import { HeadObjectCommand, type S3ClientConfig } from '@aws-sdk/client-s3';
import { createS3Client } from './index';

interface SentRequest {
  hostname: string;
  path: string;
}

describe('createS3Client', () => {
  it.each([
    ['names the bucket in the host on AWS', undefined, { hostname: 'lake.s3.eu-west-1.amazonaws.com', path: '/a/b' }],
    ['takes an empty endpoint for none', '', { hostname: 'lake.s3.eu-west-1.amazonaws.com', path: '/a/b' }],
    ['names the bucket in the path at an endpoint', 'http://localhost:4566', { hostname: 'localhost', path: '/lake/a/b' }],
  ])('%s', async (_title, endpoint, expected) => {
    let sent: SentRequest | undefined;
    const requestHandler = {
      handle: async (request: SentRequest) => {
        sent = request;
        throw new Error('nothing is sent by this test');
      },
    } as unknown as S3ClientConfig['requestHandler'];
    const config = { region: 'eu-west-1', maxAttempts: 1, requestHandler, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    const client = createS3Client({ endpoint, config });
    await expect(client.send(new HeadObjectCommand({ Bucket: 'lake', Key: 'a/b' }))).rejects.toThrow('nothing is sent by this test');
    expect({ hostname: sent?.hostname, path: sent?.path }).toEqual(expected);
    client.destroy();
  });
});
