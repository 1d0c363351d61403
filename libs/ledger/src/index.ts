export { createSqliteLedger, type SqliteLedgerOptions } from './sqlite-ledger';
