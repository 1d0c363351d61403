/** Loads the embedded ledger alone: the library has a ledger for AWS as well, whose client a run on this machine must not load. */
export { createSqliteLedger } from '@inlet/ledger';
