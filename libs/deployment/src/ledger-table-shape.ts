/** What whoever creates the DynamoDB table of the ledger has to know of it; free of the SDK, so that a stack can import it cheaply. */

/** Both keys are strings. There is no secondary index: every read of the ledger is a consistent one of the table itself. */
export const LEDGER_TABLE_SHAPE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970, for DynamoDB's time to live. */
  timeToLiveAttribute: 'expiresAt',
} as const;
