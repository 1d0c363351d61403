/** What an engine is told to do, and what it reports back. Plans are plain JSON: Spark on Glue reads the same ones. */
import type { ReleaseTable, TableFile } from '@inlet/manifest';

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
  /** Rows of the quarantine, where there are any. */
  quarantine?: ReleaseTable;
  /** Rows kept, but worth a person's look (`_finding`), counted by what was found. */
  findings: { finding: string; rows: number }[];
}

export interface SilverReport {
  tables: SilverTableReport[];
}
