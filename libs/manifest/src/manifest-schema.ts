/** The shapes that the lake keeps: the manifest (a dataset's only mutable object) and the record of a run. */
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();

export const MANIFEST_FORMAT_VERSION = 1;

export const TableFileSchema = z.object({
  key: z.string(),
  rows: z.int(),
  bytes: z.int(),
  /** Bronze only: where the rows came from. */
  source: z.string().optional(),
  member: z.string().optional(),
  /**
   * Bronze only. A number: the file's row n (from 0) stands on line `firstLine + n` of the member, because every line is one record.
   * null: lines are not contiguous, and the file has a `_line` column.
   */
  firstLine: z.int().nullable().optional(),
});

export const InferredColumnSchema = z.object({
  column: z.string(),
  /** The name under which the source published the column; absent where no file had it. */
  sourceName: z.string().optional(),
  inferredType: z.string(),
  nullShare: z.number(),
});

export const LayerSchema = z.enum(['bronze', 'silver', 'gold', 'quarantine']);

/** `rows` is the sum of the others: what has a row in the table, what is kept back, what lost to other rows of its key, and what gives no row by rule. */
export const ParentRowsSchema = z.object({ table: z.string(), rows: z.int(), built: z.int(), quarantined: z.int(), superseded: z.int(), empty: z.int() });

export const ReleaseTableSchema = z.object({
  name: z.string(),
  layer: LayerSchema,
  rows: z.int(),
  files: z.array(TableFileSchema),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Silver and gold: independent of row order and of columns that begin with `_`. */
  contentHash: sha256.optional(),
  quarantined: z.int().default(0),
  superseded: z.int().default(0),
  /** Of a model that splits the rows of a bronze table: what became of each of them. */
  parents: ParentRowsSchema.optional(),
  /** Bronze: what the values look like, from a sample of the first rows; null shares are exact. */
  inferred: z.object({ sampledRows: z.int(), columns: z.array(InferredColumnSchema) }).optional(),
  /** Bronze: SHA-256 over the source's column names in order, file by file. */
  schemaFingerprint: sha256.optional(),
});

export const SchemaChangeSchema = z.object({
  table: z.string(),
  column: z.string(),
  change: z.enum(['added', 'removed', 'renamed', 'retyped']),
  from: z.string().optional(),
  to: z.string().optional(),
});

export const ReleaseSourceSchema = z.object({
  name: z.string(),
  /** Redacted. */
  url: z.string(),
  rawKey: z.string(),
  sha256,
  bytes: z.int(),
  /** SHA-256 over the archive's members (name + content). */
  membersSha256: sha256,
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});

export const ReleaseSchema = z.object({
  runId: z.string(),
  version: z.iso.date(),
  sha256,
  bytes: z.int(),
  publishedAt: instant,
  fingerprint: sha256,
  sources: z.array(ReleaseSourceSchema),
  tables: z.array(ReleaseTableSchema),
  schemaChanges: z.array(SchemaChangeSchema).default([]),
});

/** What the last run that ended well saw; the next run's first three questions are asked against this. */
export const ObservedSchema = z.object({
  at: instant,
  runId: z.string(),
  fingerprint: sha256,
  sources: z.array(ReleaseSourceSchema),
});

export const ManifestEventSchema = z.object({
  at: instant,
  action: z.enum(['publish', 'rollback']),
  runId: z.string(),
  previousRunId: z.string().nullable(),
});

export const ManifestSchema = z.object({
  formatVersion: z.literal(MANIFEST_FORMAT_VERSION),
  dataset: z.string(),
  /** null until the first release is published: a first run may end as rejected, and still nothing is visible. */
  current: ReleaseSchema.nullable(),
  observed: ObservedSchema.nullable(),
  /** Releases that rollback can return to, newest first, the current one included; bounded by `retention.releases`. */
  releases: z.array(ReleaseSchema),
  /** Who pointed where and when, newest first; bounded. */
  events: z.array(ManifestEventSchema),
});

export const OutcomeSchema = z.enum(['published', 'unchanged', 'rejected', 'failed']);

export const QualityResultSchema = z.object({
  table: z.string(),
  /** In DQDL, without labels, or in words of its own where DQDL has none. */
  rule: z.string(),
  /** `warned`: a rule that only warns did not pass. `quarantined`: rows that did not meet the rule were kept back. */
  outcome: z.enum(['passed', 'failed', 'error', 'warned', 'quarantined']),
  /** By their names in Glue: `Column.id.Completeness`, `Dataset.*.RowCount`. */
  metrics: z.record(z.string(), z.number()),
  reason: z.string().optional(),
  severity: z.enum(['critical', 'warn', 'quarantine']).optional(),
  /** Rows that do not meet the rule; null, or absent, where it says nothing of single rows. */
  failedRows: z.int().nullable().optional(),
  /** The rule with its dynamic numbers worked out, where it has any. */
  evaluatedRule: z.string().optional(),
});

/** What a replay got out of the quarantine of the run that it replayed. */
export const RecoverySchema = z.object({
  /** Rows that stood in that run's quarantine and now stand in a table, told by where they came from (`_source`, `_member`, `_line`). */
  recovered: z.int(),
  /** Rows in quarantine now. */
  quarantined: z.int(),
  /** The tables that rows were recovered for. */
  tables: z.array(z.object({ name: z.string(), recovered: z.int() })),
});

/** `inlet run … --json` prints this; `manifests/<dataset>/runs/<run id>.json` keeps it with the extra keys that the command line leaves out. */
export const RunRecordSchema = z.object({
  dataset: z.string(),
  runId: z.string(),
  outcome: OutcomeSchema,
  engine: z.string().nullable(),
  startedAt: instant,
  endedAt: instant,
  durationMs: z.number(),
  release: z
    .object({
      sha256,
      bytes: z.int(),
      sources: z.array(z.object({ name: z.string(), url: z.string(), sha256, bytes: z.int() })),
    })
    .nullable(),
  tables: z.array(
    z.object({ name: z.string(), layer: LayerSchema, rows: z.int(), quarantined: z.int(), superseded: z.int(), parents: ParentRowsSchema.optional() }),
  ),
  quality: z.array(QualityResultSchema),
  reason: z.string().nullable(),
  /** What was new about the release, in one sentence; absent where nothing was, or where the run ended before it knew. */
  change: z.string().optional(),
  schemaChanges: z.array(SchemaChangeSchema).default([]),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
  /** Of a run that fetched nothing: the run whose bronze it built again, and what that recovered. */
  replay: RecoverySchema.extend({ runId: z.string() }).optional(),
});

export type TableFile = z.infer<typeof TableFileSchema>;
export type InferredColumn = z.infer<typeof InferredColumnSchema>;
export type Layer = z.infer<typeof LayerSchema>;
export type ParentRows = z.infer<typeof ParentRowsSchema>;
export type ReleaseTable = z.infer<typeof ReleaseTableSchema>;
export type ReleaseSource = z.infer<typeof ReleaseSourceSchema>;
export type Release = z.infer<typeof ReleaseSchema>;
export type SchemaChange = z.infer<typeof SchemaChangeSchema>;
export type Observed = z.infer<typeof ObservedSchema>;
export type Manifest = z.infer<typeof ManifestSchema>;
export type Outcome = z.infer<typeof OutcomeSchema>;
export type QualityResult = z.infer<typeof QualityResultSchema>;
export type Recovery = z.infer<typeof RecoverySchema>;
export type RunRecord = z.infer<typeof RunRecordSchema>;
