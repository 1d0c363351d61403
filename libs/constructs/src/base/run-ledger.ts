/** The record of every run and the leases of the datasets; its keys are those that @inlet/ledger writes. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { LEDGER_TABLE } from '@inlet/deployment';
import { suppressInPacks } from '../shared/nag';

export interface RunLedgerProps {
  readonly encryptionKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** Seconds since the epoch, after which DynamoDB deletes an item. */
export const EXPIRY_ATTRIBUTE = 'expiresAt';

export class RunLedger extends Table {
  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: RunLedgerProps) {
    super(scope, id, {
      tableName: LEDGER_TABLE,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: EXPIRY_ATTRIBUTE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    });
    suppressInPacks(this, 'DynamoDBInBackupPlan', 'Point-in-time recovery covers 35 days, and every run\'s record also lies in the lake as manifests/<dataset>/runs/<run id>.json.');
  }
}
