/** How the lake is queried: no query may scan more than the limit, and every result is encrypted, whatever a client asks for. */
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { WORKGROUP } from '@inlet/deployment';
import { Construct } from 'constructs';
import { ATHENA_RESULTS_PREFIX } from './lake-buckets';

export interface AthenaWorkgroupProps {
  readonly lake: IBucket;
  readonly encryptionKey: IKey;
  readonly scanLimitBytes: number;
  /** Whether the workgroup goes with the names of its past queries. */
  readonly destroyData: boolean;
}

export class AthenaWorkgroup extends Construct {
  constructor(scope: Construct, id: string, { lake, encryptionKey, scanLimitBytes, destroyData }: AthenaWorkgroupProps) {
    super(scope, id);
    new CfnWorkGroup(this, 'Workgroup', {
      name: WORKGROUP,
      description: 'Queries over the published tables of the lake',
      recursiveDeleteOption: destroyData,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimitBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: lake.s3UrlForObject(ATHENA_RESULTS_PREFIX),
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: encryptionKey.keyArn },
        },
      },
    });
  }
}
