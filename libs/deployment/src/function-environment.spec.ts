import { FetchEnvironmentSchema, TransformEnvironmentSchema, UpdateManifestEnvironmentSchema } from './index';

const lake = { DATASET: 'nsde', LAKE_BUCKET: 'l', RAW_BUCKET: 'r', LEDGER_TABLE: 't' };

describe('the environment of a function', () => {
  it('is whole, or names what is missing', () => {
    expect(FetchEnvironmentSchema.parse({ ...lake, SOURCE_HOSTS: '' })).toEqual({ ...lake, SOURCE_HOSTS: '' });
    expect(FetchEnvironmentSchema.safeParse({ DATASET: 'nsde', LAKE_BUCKET: '' }).error?.issues.map(({ path }) => path[0])).toEqual(['LAKE_BUCKET', 'RAW_BUCKET', 'LEDGER_TABLE', 'SOURCE_HOSTS']);
  });
  it('names the salt of masks only where there is one', () => {
    const given = { ...lake, MASK_SALT_PARAMETER: '/aws/reference/secretsmanager/inlet-nsde-mask-salt' };
    expect(TransformEnvironmentSchema.parse(given)).toEqual(given);
    expect(TransformEnvironmentSchema.parse(lake)).toEqual(lake);
    expect(TransformEnvironmentSchema.safeParse({ ...lake, MASK_SALT_PARAMETER: '' }).success).toBe(false);
  });
  it('passes over what else Lambda sets', () => {
    const environment = { ...lake, TOPIC_ARN: 'arn:t', DEAD_LETTER_QUEUE_URL: 'https://sqs/q', EVENT_BUS: 'default' };
    expect(UpdateManifestEnvironmentSchema.parse({ ...environment, AWS_REGION: 'eu-west-1' })).toEqual(environment);
    expect(UpdateManifestEnvironmentSchema.safeParse({ ...environment, DEAD_LETTER_QUEUE_URL: 'q' }).success).toBe(false);
  });
});
