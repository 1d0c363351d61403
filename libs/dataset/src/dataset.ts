/** A dataset as a value: its config, its models' SQL and its rules, all that a run needs to know of a domain. */
import type { DatasetConfig } from './config-schema';

export interface Model {
  name: string;
  /** The SELECT of models/<name>.sql, in DuckDB's dialect plus the project's macros. */
  sql: string;
}

export interface Dataset {
  config: DatasetConfig;
  models: readonly Model[];
  /** The text of quality.dqdl, or '' where a dataset has none. */
  rules: string;
  /** Absolute folder of the domain, for its samples; absent where the dataset was bundled. */
  folder?: string;
}
