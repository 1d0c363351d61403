/** The record of every run and the leases of the datasets; shaped as @inlet/ledger writes it. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { LEDGER_TABLE, LEDGER_TABLE_SHAPE } from '@inlet/deployment';
import { suppressInPacks } from '../shared/nag';

export interface RunLedgerProps {
  readonly encryptionKey: IKey;
  readonly removalPolicy: RemovalPolicy;
}

export class RunLedger extends Table {
  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: RunLedgerProps) {
    super(scope, id, {
      tableName: LEDGER_TABLE,
      partitionKey: { name: LEDGER_TABLE_SHAPE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: LEDGER_TABLE_SHAPE.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: LEDGER_TABLE_SHAPE.timeToLiveAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    });
    suppressInPacks(this, 'DynamoDBInBackupPlan', 'Point-in-time recovery covers 35 days, and every run\'s record also lies in the lake as manifests/<dataset>/runs/<run id>.json.');
  }
}
