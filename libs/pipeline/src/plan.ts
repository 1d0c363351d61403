/** What an engine is told to do, and what it reports back. Plans are plain JSON: Spark on Glue reads the same ones. */
import type { MaskConfig, SplitsConfig } from '@inlet/dataset';
import type { Layer, ReleaseTable, TableFile } from '@inlet/manifest';
import type { AnalyzerResult, DataColumn, PastMetric, RuleResult } from '@inlet/quality';
import type { JobQuality } from './job-quality';

export interface TextFormat {
  delimiter: string;
  quoting: boolean;
  header: boolean;
}

/** One file of one table: a member of a raw archive. */
export interface BronzeInput {
  source: string;
  /** Key of the raw object. */
  rawKey: string;
  member: string;
  /** Path of the expanded UTF-8 text, where the engine runs beside it. */
  path: string;
  /** Lines in the text; lets the engine prove that every line is one record. */
  lines: number;
  sizeBytes: number;
  /** Bronze column of each of the file's columns, in the file's order. */
  columns: readonly string[];
  /** Key of the Parquet file to write. */
  outputKey: string;
}

export interface BronzeTablePlan {
  name: string;
  /** Every bronze column, in contract order then new ones; columns that an input lacks become NULL. */
  columns: readonly string[];
  inputs: readonly BronzeInput[];
}

export interface BronzePlan {
  dataset: string;
  runId: string;
  format: TextFormat;
  memoryMb: number;
  threads?: number;
  tables: readonly BronzeTablePlan[];
}

export interface BronzeReport {
  tables: ReleaseTable[];
}

/** Rules as DQDL: an engine compiles them against the columns that the model turns out to have. */
export interface RowRules {
  ruleset: string;
  /** ISO 8601: what `now()` means. */
  now: string;
}

export interface SilverTablePlan {
  name: string;
  layer: 'silver' | 'gold';
  /** A SELECT over `bronze.<table>` and earlier models as `silver.<table>` / `gold.<table>`, macros already declared. */
  sql: string;
  key: readonly string[];
  /** SQL ordering terms; `_source`, `_member` and `_line` break ties where the model has them. */
  orderBy: readonly string[];
  /** Bronze table of which every row must be built, quarantined or superseded here exactly once. */
  parent?: string;
  /** Bronze table of which every row must be the parent of a row here, or be quarantined, superseded or empty by rule. Instead of `parent`. */
  splits?: SplitsConfig;
  /** Columns of which no message may show a value. */
  pii?: readonly string[];
  /** By column. Keys and row rules see the values before; what is written, the values after. */
  masks?: Readonly<Record<string, MaskConfig>>;
  /** A row that does not meet one of these goes to the quarantine. */
  rowRules?: RowRules;
  /** DQDL by which Glue judges the table that a Spark job builds: what is deployed beside the job. */
  ruleset?: string;
  /** Bronze tables whose unreadable records are quarantined with this table: its parent, and those that are nobody's parent and read here first. */
  unreadableOf: readonly string[];
  outputPrefix: string;
  quarantinePrefix: string;
}

export interface SilverPlan {
  dataset: string;
  runId: string;
  memoryMb: number;
  threads?: number;
  /** Statements that declare the project's macros, in order. */
  macros: readonly string[];
  bronze: readonly { name: string; columns: readonly string[]; files: readonly TableFile[] }[];
  /** In dependency order. */
  tables: readonly SilverTablePlan[];
}

/** A column of a built table, with what the gate needs to know of it. */
export interface ColumnStats {
  name: string;
  type: string;
  nulls: number;
}

export interface SilverTableReport extends ReleaseTable {
  stats: ColumnStats[];
  /** Columns that were masked as the plan asks. */
  masked?: string[];
  /** In the order of the plan's row rules: how many rows failed each, whatever else they failed. */
  rowRules?: { rule: string; failedRows: number }[];
  /** Rows of the quarantine, where there are any. */
  quarantine?: ReleaseTable;
  /** What another engine has judged already, while it built the table. */
  quality?: JobQuality;
  /** Rows kept, but worth a person's look (`_finding`), counted by what was found. */
  findings: { finding: string; rows: number }[];
}

export interface SilverReport {
  tables: SilverTableReport[];
}

/** A table that rules are about, or compare with. */
export interface QualityRelation {
  /** The name under which rules know it. */
  name: string;
  layer: Layer;
  files: readonly TableFile[];
  columns: readonly DataColumn[];
  /** What the build has counted. */
  known: {
    rows: number;
    nulls?: Readonly<Record<string, number>>;
    uniqueKey?: readonly string[];
  };
}

export interface QualityTablePlan extends QualityRelation {
  /** DQDL. */
  ruleset: string;
  /** Names of the relations that its rules may ask for. */
  references: readonly string[];
  /** Columns of which no reason and no metric may show a value. */
  pii: readonly string[];
  /** By metric, newest first. */
  history: Readonly<Record<string, readonly PastMetric[]>>;
}

/** A file as it came, for rules about files. */
export interface QualityFile {
  /** Without secrets. */
  path: string;
  rawKey: string;
  sizeBytes: number;
  /** ISO 8601. */
  lastModified: string;
}

export interface QualityPlan {
  dataset: string;
  runId: string;
  memoryMb: number;
  threads?: number;
  /** ISO 8601: what `now()` means. */
  now: string;
  tables: readonly QualityTablePlan[];
  relations: readonly QualityRelation[];
  files: readonly QualityFile[];
}

/** A rule's result as JSON. */
export type CheckedRule = Omit<RuleResult, 'labels'>;

export interface QualityReport {
  engine: { name: string; version: string };
  /** In the order of the plan, each with the results of its rules and of its analyzers in their order. */
  tables: { name: string; results: CheckedRule[]; analyzers: readonly AnalyzerResult[] }[];
}
