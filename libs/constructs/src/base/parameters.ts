/** What the base stack tells the dataset stacks and the command line, as SSM parameters: an export could never be changed while it is in use. */
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { PARAMETERS } from '@inlet/deployment';
import { Construct } from 'constructs';

export type ParameterKey = keyof typeof PARAMETERS;

/** Those of the network are there only where it is. */
export type ParameterValues = Record<Exclude<ParameterKey, NetworkKey>, string> & Partial<Record<NetworkKey, string>>;

type NetworkKey = 'vpcId' | 'subnetIds' | 'securityGroupId';

const KEYS = Object.keys(PARAMETERS) as ParameterKey[];

export class Parameters extends Construct {
  constructor(scope: Construct, id: string, values: ParameterValues) {
    super(scope, id);
    for (const key of KEYS) {
      const stringValue = values[key];
      if (stringValue !== undefined) new StringParameter(this, key, { parameterName: PARAMETERS[key], stringValue });
    }
  }
}
