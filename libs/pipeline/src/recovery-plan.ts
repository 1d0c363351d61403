/** What an engine is told of a replay, to find out which rows came out of quarantine. Plain JSON, as all plans are. */

export interface RecoveryTablePlan {
  name: string;
  /** Keys of the Parquet files that hold the quarantine of the run that is replayed. */
  quarantineThen: readonly string[];
  /** Those of the quarantine of the table as it is built now; none where no row was set aside. */
  quarantineNow: readonly string[];
  /** Keys of the Parquet files of the table as it is built now. */
  built: readonly string[];
}

export interface RecoveryPlan {
  tables: readonly RecoveryTablePlan[];
}

export interface RecoveryReport {
  /** In the plan's order. A table whose rows do not tell where they came from recovers none that could be counted. */
  tables: { name: string; recovered: number }[];
}
