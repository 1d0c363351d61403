/**
 * The schema of `domains/<id>/config/dataset.json`: the one source of a key's type, default and description.
 * The JSON Schema for editors and the reference page are generated from it.
 */
import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'a snake_case name: a-z, 0-9 and _, beginning with a letter');
const datasetId = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a kebab-case id: a-z, 0-9 and -, beginning with a letter');
const byteCount = z.int().min(1);
const share = z.number().min(0).max(1);
const sourceUrl = z.url({ protocol: /^(https?|file)$/ });
const headerName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'a header name: letters, digits and -, beginning with a letter');
const requestHeaders = z.record(headerName, z.string());

export const SourceSchema = z.strictObject({
  name: name.describe('Name of the source within the dataset; silver models see it as `_source`.'),
  source_url: sourceUrl.describe('Where the file is published: http, https or file.'),
  headers: requestHeaders.default({}).describe('Request headers, such as User-Agent and From. Never a secret.'),
  members: z.array(z.string().min(1)).default(['*']).describe('Glob patterns (*, ?; no case) of the members or file names by which a file given with --source is recognised as this source.'),
});

export const FormatSchema = z.strictObject({
  delimiter: z.string().length(1).default(',').describe('The one character between fields.'),
  encoding: z.enum(['utf-8', 'windows-1252', 'latin-1', 'utf-16le']).default('utf-8').describe('How the bytes of the file spell text.'),
  quoting: z.boolean().default(true).describe('Whether double quotes enclose fields (RFC 4180). When false, a quote character is data.'),
  header: z.boolean().default(true).describe('Whether the first line names the columns. When false, the column list gives their order.'),
  null_tokens: z.array(z.string()).default(['']).describe('Texts that the clean() macro turns into NULL, after trimming.'),
});

export const ColumnSchema = z.strictObject({
  name: name.describe('Name of the column in bronze.'),
  source: z.string().min(1).describe('Name of the column in the source, compared without regard to case and outer spaces.'),
  aliases: z.array(z.string().min(1)).default([]).describe('Other names under which the source has published this column.'),
  optional: z.boolean().default(false).describe('Whether a file may lack the column; bronze then holds NULL.'),
  description: z.string().optional().describe('What the column holds.'),
});

export const TableSchema = z.strictObject({
  name: name.describe('Name of the bronze table.'),
  members: z.array(z.string().min(1)).min(1).describe('Glob patterns (*, ?; no case) for the archive members or file names that hold this table.'),
  columns: z.array(ColumnSchema).min(1).describe('The columns that the dataset has agreed on with its source.'),
});

export const MaskSchema = z.strictObject({
  method: z.enum(['hash', 'redact', 'partial']).describe('What takes the place of a value. `hash`: the hex SHA-256 of a secret salt and the value. `redact`: one text for all. `partial`: the value with `*` for all characters but the first and last few.'),
  text: z.string().min(1).optional().describe('With `redact`: what stands in place of the value; `[redacted]` when absent.'),
  keep_first: z.int().min(0).max(100).optional().describe('With `partial`: how many characters stay at the beginning; none when absent.'),
  keep_last: z.int().min(0).max(100).optional().describe('With `partial`: how many characters stay at the end; none when absent. A value of no more characters than stay is masked whole.'),
});

export const SplitsSchema = z.strictObject({
  table: name.describe('Bronze table whose rows the model splits.'),
  empty: z.string().min(1).default('false').describe('SQL condition over the columns of the bronze row, under which it gives no row here by rule.'),
});

export const ModelSchema = z.strictObject({
  name: name.describe('Name of the published table; its SQL is `models/<name>.sql`.'),
  layer: z.enum(['silver', 'gold']).default('silver').describe('Where the table is published.'),
  key: z.array(name).min(1).describe('Columns that identify a row. Of several rows with one key, the first by `order_by` stays; the rest are superseded.'),
  order_by: z.array(z.string().min(1)).default([]).describe('SQL ordering of rows with one key, best first: `marketing_start_date desc`. Source order breaks ties.'),
  required_columns: z.array(name).default([]).describe('Columns that may never be NULL in a release.'),
  null_thresholds: z.record(name, share).default({}).describe('Largest share of NULLs allowed per column, in place of `critical_null_threshold`.'),
  parent: name.optional().describe('Bronze table of which every row must give exactly one row here (one-to-one), or be quarantined or superseded.'),
  splits: SplitsSchema.optional().describe('For a model that makes any number of rows of one: every row of the bronze table must be built, quarantined, superseded or empty by rule. Not together with `parent`.'),
  pii: z.array(name).default([]).describe('Columns with personal data: no report, log or error shows a value of them. In a `_finding` of a model, what it quotes and the row\'s values of these and of masked columns become `…`; a `_problem` stays in quarantine as it is.'),
  masks: z.record(name, MaskSchema).default({}).describe('How columns are masked before they are written; NULL stays NULL, and a masked column is text. Keys and quarantine rules see the values before, the gate and later models those after. Bronze and quarantine keep what came. `hash` needs a salt: `INLET_MASK_SALT` in the environment; on AWS the stack makes one.'),
  allow_empty: z.boolean().default(false).describe('Whether a release may have no row in this table.'),
  description: z.string().optional().describe('What the table holds.'),
});

const RowCountChangeSchema = z.strictObject({
  max_drop: share.default(0.5).describe('Largest fall in rows against the last release, as a share of it.'),
  max_growth: z.number().min(0).default(2).describe('Largest rise in rows against the last release, as a share of it.'),
});

export const DataQualitySchema = z.strictObject({
  critical_null_threshold: share.default(1).describe('Largest share of NULLs allowed in any column of a published table.'),
  required_columns: z.array(name).default([]).describe('Columns that may never be NULL, in every published table that has them.'),
  max_quarantined_share: share.default(0.01).describe('Largest share of a table\'s rows that may be quarantined.'),
  row_count_change: RowCountChangeSchema.prefault({}).describe('Limits on the change in rows against the last release.'),
});

export const ContractSchema = z.strictObject({
  new_columns: z.enum(['allow', 'reject']).default('reject').describe('What an unknown column does: kept in bronze under its snake_case name, or the release is rejected.'),
});

export const LimitsSchema = z.strictObject({
  max_source_bytes: byteCount.default(2_000_000_000).describe('Largest download, in bytes.'),
  max_expanded_bytes: byteCount.default(20_000_000_000).describe('Largest sum of an archive\'s expanded members, in bytes.'),
  max_expansion_ratio: z.number().min(1).default(200).describe('Largest expanded size as a multiple of the archive\'s size (archives under 1 MB are exempt).'),
  max_members: z.int().min(1).default(1000).describe('Largest number of members in an archive.'),
});

export const EngineLimitsSchema = z.strictObject({
  duckdb_max_bytes: byteCount.default(2_000_000_000).describe('Largest release, in bytes as downloaded, that DuckDB transforms in Lambda; above it Spark on Glue takes over.'),
  memory_mb: z.int().min(128).max(10_240).default(512).describe('Memory that DuckDB may use before it spills to disk, in MB.'),
  threads: z.int().min(1).max(256).optional().describe('Threads that DuckDB may use; all cores when absent.'),
});

export const RetentionSchema = z.strictObject({
  releases: z.int().min(1).default(10).describe('Published releases kept for rollback, the current one included.'),
  raw_days: z.int().min(1).default(365).describe('Days for which raw files of older releases are kept.'),
  quarantine_days: z.int().min(1).default(30).describe('Days for which the quarantine of rejected runs, and the bronze of the last of them, is kept.'),
});

export const ScheduleSchema = z.strictObject({
  expression: z.string().regex(/^(cron|rate)\(.+\)$/, 'cron(…) or rate(…), as EventBridge Scheduler reads them').describe('When to look for a new release: `cron(30 6 * * ? *)` or `rate(1 days)`.'),
  time_zone: z.string().default('UTC').describe('IANA time zone of the expression.'),
});

export const DatasetConfigSchema = z.strictObject({
  $schema: z.string().optional().describe('Path of the JSON Schema, for editors.'),
  dataset: datasetId.describe('Id of the dataset; names its folder in `domains/`.'),
  description: z.string().default('').describe('One sentence on what the dataset is.'),
  owner: z.string().min(1).describe('Team that answers for the dataset.'),
  cost_center: z.string().min(1).describe('Where its costs are booked.'),
  source_url: sourceUrl.optional().describe('The only source of a dataset that has one. Instead of `sources`.'),
  source_headers: requestHeaders.optional().describe('Request headers for `source_url`, such as User-Agent and From. Never a secret.'),
  sources: z.array(SourceSchema).min(1).optional().describe('The sources of a dataset that has several. Instead of `source_url`.'),
  source_hosts: z.array(z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, 'a host such as files.example.org, or host:port, in lower case')).default([]).describe('Hosts, besides those of the sources, that a deployed run may be given a source from.'),
  schedule: ScheduleSchema.describe('When the dataset runs on AWS.'),
  format: FormatSchema.prefault({}).describe('How the source\'s files are written.'),
  tables: z.array(TableSchema).min(1).describe('The tables in the source\'s files, as bronze keeps them.'),
  models: z.array(ModelSchema).min(1).describe('The tables that a release publishes, each from one SQL file.'),
  contract: ContractSchema.prefault({}).describe('What happens when the source\'s columns change.'),
  data_quality: DataQualitySchema.prefault({}).describe('What the quality gate demands.'),
  limits: LimitsSchema.prefault({}).describe('Bounds on what is fetched.'),
  engine: EngineLimitsSchema.prefault({}).describe('Bounds on the embedded engine.'),
  retention: RetentionSchema.prefault({}).describe('How long things are kept.'),
  samples: z.array(z.string().regex(/^samples\/[\w.-]+$/, 'a path of the form samples/<file>')).default([]).describe('Sample releases shipped with the dataset, oldest first.'),
  bronze_job_name: z.string().min(1).describe('Glue job that builds bronze when Spark is the engine.'),
  silver_job_name: z.string().min(1).describe('Glue job that builds silver when Spark is the engine.'),
  crawler: z.boolean().default(false).describe('Whether a Glue crawler over bronze is deployed, for datasets whose new columns people want to see in Athena.'),
  bronze_crawler_name: z.string().min(1).describe('Glue crawler over bronze, for datasets that use one.'),
  database_name: name.describe('Glue database of the published tables.'),
  glue_version: z.string().regex(/^\d+\.\d+$/, 'a version such as "5.0"').default('5.0').describe('Glue version of the jobs.'),
  worker_type: z.enum(['G.1X', 'G.2X', 'G.4X', 'G.8X', 'G.025X']).default('G.1X').describe('Glue worker type.'),
  number_of_workers: z.int().min(2).max(299).default(2).describe('Fewest Glue workers; more are computed from the bytes.'),
});

export type WrittenDatasetConfig = z.input<typeof DatasetConfigSchema>;
export type SourceConfig = z.infer<typeof SourceSchema>;
export type FormatConfig = z.infer<typeof FormatSchema>;
export type ColumnConfig = z.infer<typeof ColumnSchema>;
export type TableConfig = z.infer<typeof TableSchema>;
export type ModelConfig = z.infer<typeof ModelSchema>;
export type MaskConfig = z.infer<typeof MaskSchema>;
export type SplitsConfig = z.infer<typeof SplitsSchema>;

/** A config as the rest of the code sees it: defaults applied, `source_url` turned into `sources`, frozen. */
export type DatasetConfig = Omit<z.infer<typeof DatasetConfigSchema>, '$schema' | 'source_url' | 'source_headers' | 'sources'> & {
  sources: readonly SourceConfig[];
};
