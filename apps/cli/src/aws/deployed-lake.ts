/** Where the deployed lake is: what the base stack has written into SSM. */
import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { describeAwsFailure } from '@inlet/aws-failure';
import { LIVE_ALIAS, PARAMETERS, stateMachineName } from '@inlet/deployment';
import { ConfigError } from '@inlet/errors';

export interface DeployedLake {
  lakeBucket: string;
  rawBucket: string;
  ledgerTable: string;
  workgroup: string;
  deadLetterQueueUrl: string;
  /** `arn:<partition>:states:<region>:<account>` */
  statesArn: string;
}

const NAMES = [PARAMETERS.lakeBucket, PARAMETERS.rawBucket, PARAMETERS.ledgerTable, PARAMETERS.workgroup, PARAMETERS.topicArn, PARAMETERS.deadLetterQueueUrl];

/** Throws ConfigError where no base stack is deployed, and for credentials and region that are missing. */
export async function findDeployedLake(client: SSMClient): Promise<DeployedLake> {
  const values = await readParameters(client);
  const value = (name: string) => values.get(name) ?? '';
  if (NAMES.some((name) => value(name) === '')) throw await notDeployed(client, NAMES.filter((name) => value(name) === ''));
  const [, partition, , region, account] = value(PARAMETERS.topicArn).split(':');
  return {
    lakeBucket: value(PARAMETERS.lakeBucket),
    rawBucket: value(PARAMETERS.rawBucket),
    ledgerTable: value(PARAMETERS.ledgerTable),
    workgroup: value(PARAMETERS.workgroup),
    deadLetterQueueUrl: value(PARAMETERS.deadLetterQueueUrl),
    statesArn: `arn:${partition}:states:${region}:${account}`,
  };
}

/** Of the version in service. */
export function liveStateMachineArn({ statesArn }: DeployedLake, dataset: string): string {
  return `${statesArn}:stateMachine:${stateMachineName(dataset)}:${LIVE_ALIAS}`;
}

async function readParameters(client: SSMClient): Promise<Map<string, string>> {
  try {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: NAMES }));
    return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name, Value]));
  } catch (error) {
    throw describeAwsFailure(error, { what: 'The deployed lake cannot be found', where: 'SSM parameters /inlet/…' });
  }
}

async function notDeployed(client: SSMClient, missing: readonly string[]): Promise<ConfigError> {
  return new ConfigError({
    what: 'No Inlet lake is deployed here',
    where: `region ${await client.config.region()}`,
    expected: 'the SSM parameters that the base stack writes',
    found: missing.length === NAMES.length ? 'none of them' : `no ${missing.join(', ')}`,
    next: 'Deploy it: npx nx deploy lake. Or name another account or region with --profile and --region.',
  });
}
