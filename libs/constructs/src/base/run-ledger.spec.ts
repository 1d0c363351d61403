import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { LEDGER_TABLE_SHAPE } from '@inlet/deployment';
import { templateOf } from './in-stack.test-support';
import { RunLedger } from './run-ledger';

const build = (removalPolicy = RemovalPolicy.RETAIN) => templateOf((stack, encryptionKey) => new RunLedger(stack, 'Ledger', { encryptionKey, removalPolicy }));

describe('RunLedger', () => {
  it('has the keys and the expiry that the ledger writes', () => {
    const { partitionKey, sortKey, timeToLiveAttribute } = LEDGER_TABLE_SHAPE;
    build().hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'inlet-run-ledger',
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }, { AttributeName: sortKey, KeyType: 'RANGE' }],
      AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }, { AttributeName: sortKey, AttributeType: 'S' }],
      TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
      GlobalSecondaryIndexes: Match.absent(),
    });
  });

  it('is billed on demand, encrypted with the key, and recoverable to any moment', () => {
    build().hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('stays with its stack\'s data, or goes when that may go', () => {
    build().hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', Properties: { DeletionProtectionEnabled: true } });
    build(RemovalPolicy.DESTROY).hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } });
  });
});
