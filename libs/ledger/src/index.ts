export { createDynamoLedger, type DynamoLedgerOptions } from './dynamo-ledger';
export { LEDGER_TABLE_SHAPE } from './ledger-table-shape';
export { createSqliteLedger, type SqliteLedgerOptions } from './sqlite-ledger';
