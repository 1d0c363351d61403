/** The secret salt of a dataset's masks by hash. It is made once and kept: with another one, every masked value would be another value. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { DatasetConfig } from '@inlet/dataset';
import { maskSaltSecretName, secretParameter } from '@inlet/deployment';
import { Construct } from 'constructs';
import { suppress, suppressInPacks } from '../shared/nag';
import type { Access, LakeAccess } from './lake-access';

export interface MaskSaltProps {
  readonly config: DatasetConfig;
  readonly lake: LakeAccess;
  readonly removalPolicy: RemovalPolicy;
}

const NO_ROTATION = 'A new salt gives every masked value another hash, so that nothing could be joined with earlier releases; it is changed by a person who means that.';

export const needsMaskSalt = ({ models }: Pick<DatasetConfig, 'models'>) => models.some(({ masks }) => Object.values(masks).some(({ method }) => method === 'hash'));

export class MaskSalt extends Construct {
  /** Of the functions that make releases. */
  readonly access: Access;

  constructor(scope: Construct, id: string, { config, lake, removalPolicy }: MaskSaltProps) {
    super(scope, id);
    const name = maskSaltSecretName(config.dataset);
    const secret = new CfnSecret(this, 'Secret', {
      name,
      description: `Salt of the columns of ${config.dataset} that are masked by hash`,
      kmsKeyId: lake.keyArn,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    secret.applyRemovalPolicy(removalPolicy);
    suppress(secret, [{ id: 'AwsSolutions-SMG4', reason: NO_ROTATION }]);
    suppressInPacks(secret, 'SecretsManagerRotationEnabled', NO_ROTATION);
    this.access = lake.readMaskSalt({ secretArn: secret.ref, parameter: secretParameter(name) });
  }
}
