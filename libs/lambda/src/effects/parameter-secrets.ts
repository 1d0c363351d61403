/** The secrets of a run on AWS: Parameter Store passes them on from Secrets Manager, which asks whether the function itself may have them. */
import { GetParameterCommand, type GetParameterCommandOutput, SSMClient } from '@aws-sdk/client-ssm';
import { describeAwsFailure } from '@inlet/aws-failure';
import type { ReleaseEnvironment } from '@inlet/deployment';
import { ConfigError } from '@inlet/errors';
import type { Secrets } from '@inlet/pipeline';
import { type AwsSettings, clientSettings } from '../aws-settings';

/** What of an SSMClient is needed. */
export interface ReadsParameters {
  send(command: GetParameterCommand): Promise<Pick<GetParameterCommandOutput, 'Parameter'>>;
}

/** Without a parameter there are no secrets: the dataset's stack sets it where a column is masked by hash. */
export function openSecrets({ MASK_SALT_PARAMETER: parameter }: Pick<ReleaseEnvironment, 'MASK_SALT_PARAMETER'>, aws: AwsSettings): Secrets {
  return parameter === undefined ? { maskSalt: async () => Promise.reject(noParameter()) } : createParameterSecrets(new SSMClient(clientSettings(aws)), parameter);
}

/**
 * Reads the salt when it is first asked for, and keeps it for as long as the process lives; a failure is not kept. Throws TransientError where AWS does
 * not answer, PermanentError where it refuses, and ConfigError for a secret without text. No message holds the salt.
 */
export function createParameterSecrets(client: ReadsParameters, parameter: string): Secrets {
  let read: Promise<string> | undefined;
  return {
    maskSalt: async () => {
      read ??= readParameter(client, parameter).catch((error: unknown) => {
        read = undefined;
        throw error;
      });
      return read;
    },
  };
}

async function readParameter(client: ReadsParameters, parameter: string): Promise<string> {
  let value: string | undefined;
  try {
    value = (await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }))).Parameter?.Value;
  } catch (error) {
    throw describeAwsFailure(error, { what: 'The salt of the masked columns cannot be read', where: parameter });
  }
  if (value === undefined || value === '') throw new ConfigError({ what: 'The salt of the masked columns is empty', where: parameter, expected: 'a secret text, the same for every run', found: 'none', next: 'Give the secret a text in Secrets Manager: the one it had, or every masked value gets another hash.' });
  return value;
}

function noParameter(): ConfigError {
  return new ConfigError({
    what: 'A column is masked by hash, and the function was deployed without its salt',
    where: 'MASK_SALT_PARAMETER',
    expected: 'the parameter of the secret that the dataset\'s stack makes',
    found: 'not set',
    next: 'Deploy the dataset\'s stack again; it makes the secret.',
  });
}
