import type { GetParameterCommand } from '@aws-sdk/client-ssm';
import { ConfigError, PermanentError, TransientError } from '@inlet/errors';
import fc from 'fast-check';
import { createParameterSecrets, openSecrets, type ReadsParameters } from './parameter-secrets';

const PARAMETER = '/aws/reference/secretsmanager/inlet-nsde-mask-salt';

type Answer = string | undefined | Error;

/** Answers in turn, and then the last for ever. */
function fakeClient(...answers: Answer[]): ReadsParameters & { asked: GetParameterCommand['input'][] } {
  const asked: GetParameterCommand['input'][] = [];
  return {
    asked,
    send: async ({ input }) => {
      asked.push(input);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return { Parameter: { Value: answer } };
    },
  };
}

const awsError = (name: string, status: number) => Object.assign(new Error(`${name} says AWS`), { name, $metadata: { httpStatusCode: status } });

describe('createParameterSecrets', () => {
  it('asks nothing before the salt is wanted, and then once', async () => {
    const client = fakeClient('salt');
    const secrets = createParameterSecrets(client, PARAMETER);
    expect(client.asked).toEqual([]);
    expect(await Promise.all([secrets.maskSalt(), secrets.maskSalt()])).toEqual(['salt', 'salt']);
    expect(await secrets.maskSalt()).toBe('salt');
    expect(client.asked).toEqual([{ Name: PARAMETER, WithDecryption: true }]);
  });

  it('gives every text as it is', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ minLength: 1, unit: 'binary' }), async (salt) => expect(await createParameterSecrets(fakeClient(salt), PARAMETER).maskSalt()).toBe(salt)));
  });

  it('asks again after a failure that may go better', async () => {
    const client = fakeClient(awsError('ThrottlingException', 400), 'salt');
    const secrets = createParameterSecrets(client, PARAMETER);
    await expect(secrets.maskSalt()).rejects.toBeInstanceOf(TransientError);
    expect(await secrets.maskSalt()).toBe('salt');
    expect(client.asked).toHaveLength(2);
  });

  it('says which parameter it may not read, or is not there', async () => {
    for (const name of ['AccessDeniedException', 'ParameterNotFound']) {
      const thrown: unknown = await createParameterSecrets(fakeClient(awsError(name, 400)), PARAMETER).maskSalt().catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(PermanentError);
      expect((thrown as Error).message).toContain(PARAMETER);
    }
  });

  it.each([[''], [undefined]])('takes no %j for a salt', async (value) => {
    await expect(createParameterSecrets(fakeClient(value), PARAMETER).maskSalt()).rejects.toBeInstanceOf(ConfigError);
  });
});

describe('openSecrets', () => {
  it('says what to do where the function was deployed without a salt', async () => {
    await expect(openSecrets({}, {}).maskSalt()).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringMatching(/MASK_SALT_PARAMETER.*Deploy the dataset's stack again/s) });
  });

  it('asks the Parameter Store of its settings', async () => {
    const secrets = openSecrets({ MASK_SALT_PARAMETER: PARAMETER }, { endpoint: 'http://127.0.0.1:9', region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    await expect(secrets.maskSalt()).rejects.toBeInstanceOf(TransientError);
  });
});
