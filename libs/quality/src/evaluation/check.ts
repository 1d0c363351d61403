/** What a check asks of whoever holds the data, and what it answers: rules become SQL here, and an engine runs it. */

export interface DataColumn {
  name: string;
  /** As DuckDB names it: `VARCHAR`, `DECIMAL(10,2)`. */
  type: string;
}

/** Rows to check, or to compare with. */
export interface Relation {
  /** What can stand after FROM: a quoted name, a table function, or a query in brackets. */
  from: string;
  columns: readonly DataColumn[];
  /** What a build has counted already, so that nobody counts it again. It must hold for exactly these rows. */
  known?: KnownFacts;
}

export interface KnownFacts {
  rows?: number;
  /** NULLs by column. */
  nulls?: ReadonlyMap<string, number>;
  /** Columns that together are never NULL and never twice the same. */
  uniqueKey?: readonly string[];
}

/** A metric as an earlier run found it. */
export interface PastMetric {
  /** ISO 8601: when that run's release was checked. */
  at: string;
  value: number;
}

/** A file that a file rule asks about. */
export interface FileFact {
  /** As it is shown: a path or URI without secrets. */
  path: string;
  sizeBytes: number;
  lastModified: Date;
  /** Hex digest of its bytes, computed when asked for. */
  digest(algorithm: 'md5' | 'sha1' | 'sha256'): Promise<string>;
}

export interface CheckContext {
  primary: Relation;
  /** By the alias under which rules name them. */
  references?: ReadonlyMap<string, Relation>;
  /** The rows of a query that has few; whole numbers may come as bigint. */
  query: (sql: string) => Promise<Record<string, unknown>[]>;
  /** Newest first, by the metric's name as Glue gives it: `Column.id.Completeness`, `Dataset.*.RowCount`. */
  history?: (metric: string) => readonly PastMetric[];
  /** The files behind the data, or below a path that a rule names. Without it, file rules are errors. */
  files?: (path?: string) => Promise<readonly FileFact[]>;
  /** What `now()` means. */
  now: Date;
  /** Columns whose values, lengths apart, no reason and no metric may show. */
  pii?: ReadonlySet<string>;
}

export type RuleOutcome = 'passed' | 'failed' | 'error';

export interface RuleResult {
  /** As the printer writes it, without its labels. */
  rule: string;
  /** The same with its dynamic numbers worked out; absent where there are none. */
  evaluatedRule?: string;
  outcome: RuleOutcome;
  /** By name as Glue gives them. */
  metrics: Record<string, number>;
  /** Why it did not pass. A rule that passed has a remark here where it judged nothing yet, and null otherwise. */
  reason: string | null;
  /** Rows that do not meet it; null where a rule says nothing of single rows, or their number tells a value of a personal column. Those of CustomSql are counted, but `compileRowCondition` cannot name them. */
  failedRows: number | null;
  /** The ruleset's default labels, and over them the rule's own. */
  labels: ReadonlyMap<string, string>;
}

/** What became of an analyzer, which judges nothing. */
export interface AnalyzerResult {
  /** As the printer writes it. */
  analyzer: string;
  /** An error where it cannot be asked of the table, for want of a column say. */
  outcome: 'passed' | 'error';
  /** By name as Glue gives them; those that may not be shown are left out. */
  metrics: Record<string, number>;
  /** Why it is an error, and null otherwise. */
  reason: string | null;
}

/** What a whole ruleset says of a table. */
export interface Evaluation {
  /** In the order of the ruleset. */
  rules: RuleResult[];
  /** In the order of the ruleset. */
  analyzers: AnalyzerResult[];
  /** What all analyzers gathered, by name as Glue gives them. */
  metrics: Record<string, number>;
}
