import { FetchEnvironmentSchema, UpdateManifestEnvironmentSchema } from '@inlet/deployment';
import { readBundledDataset } from './bundled-dataset';
import { createFetchAndHashHandler, createTriggerHandler } from './index';
import { readEnvironment, splitHosts } from './read-environment';

const env = { DATASET: 'nsde', LAKE_BUCKET: 'lake', RAW_BUCKET: 'raw', LEDGER_TABLE: 'ledger', SOURCE_HOSTS: 'example.org' };

describe('readEnvironment', () => {
  it('keeps what the schema knows', () => {
    expect(readEnvironment(FetchEnvironmentSchema, { ...env, PATH: '/bin' })).toEqual(env);
  });
  it('names every variable at fault, and shows no value', () => {
    const broken = { ...env, LAKE_BUCKET: undefined, RAW_BUCKET: '', TOPIC_ARN: 'arn', DEAD_LETTER_QUEUE_URL: 'a s3cr3t', EVENT_BUS: 'default' };
    const read = () => readEnvironment(UpdateManifestEnvironmentSchema, broken);
    expect(read).toThrow(expect.objectContaining({ name: 'ConfigError' }));
    expect(read).toThrow(/LAKE_BUCKET \(not set\), RAW_BUCKET \(.+\), DEAD_LETTER_QUEUE_URL \(.+\)/);
    expect(read).not.toThrow(/s3cr3t/);
  });
  it('is read when a handler is made, not when it is called', () => {
    expect(() => createFetchAndHashHandler({})).toThrow(/DATASET \(not set\)/);
    expect(() => createTriggerHandler({ DATASET: 'nsde' })).toThrow(/STATE_MACHINE_ARN \(not set\)/);
  });
  it.each([
    ['', []],
    [' a.org , b.org:8080,', ['a.org', 'b.org:8080']],
  ])('splits the hosts %j', (text, hosts) => {
    expect(splitHosts(text)).toEqual(hosts);
  });
});

describe('readBundledDataset', () => {
  it('says so where there is no Lambda', async () => {
    await expect(readBundledDataset('nsde', {})).rejects.toThrow(/LAMBDA_TASK_ROOT/);
  });
  it('says so where the bundle has no dataset', async () => {
    await expect(readBundledDataset('nsde', { LAMBDA_TASK_ROOT: __dirname })).rejects.toMatchObject({ name: 'ConfigError' });
  });
});
