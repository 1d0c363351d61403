export { createDynamoLedger, type DynamoLedgerOptions } from './dynamo-ledger';
export { createSqliteLedger, type SqliteLedgerOptions } from './sqlite-ledger';
