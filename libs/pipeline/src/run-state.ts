/** The JSON that flows through the state machine. It stays small: whatever grows with a dataset's tables is kept in the lake, and passed by key. */
import { RecoverySchema } from '@inlet/manifest';
import { z } from 'zod';

export const ExecutionInputSchema = z.object({
  dataset: z.string(),
  executionId: z.string(),
  /** The whole second that the ledger gave this run. */
  startedAt: z.iso.datetime(),
  /** When the run was asked for, to the millisecond: what its duration counts from. */
  requestedAt: z.iso.datetime(),
  /** Paths or URLs in place of the configured sources. */
  sources: z.array(z.string()).default([]),
  force: z.boolean().default(false),
  engine: z.enum(['auto', 'duckdb', 'spark']).default('auto'),
  /** The run that is run again from its bronze: as asked for, `latest` too, until LoadRelease has found it; then its id. */
  replay: z.string().optional(),
});

export const FetchedSourceSchema = z.object({
  name: z.string(),
  /** Redacted. */
  url: z.string(),
  fileName: z.string(),
  rawKey: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  membersSha256: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});

export const FetchResultSchema = z.object({
  changed: z.boolean(),
  /** One sentence: why the release is new, or how it is known not to be. */
  reason: z.string(),
  runId: z.string(),
  version: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  fingerprint: z.string(),
  /** The release that was current when the run began; null before the first. */
  baseRunId: z.string().nullable(),
  sources: z.array(FetchedSourceSchema),
});

/** Where the plan of a Spark job lies, and how much it is. */
export const SparkPlanSchema = z.object({
  planKey: z.string(),
  /** What every key of the plan lies below: `s3://bucket`, or a folder. */
  lakeRoot: z.string(),
  /** Of expanded text. */
  bytes: z.int(),
  workers: z.int(),
});

/** `textBytes`: of the expanded text that it was read from. */
export const BronzeResultSchema = z.object({ engine: z.string(), reportKey: z.string(), rows: z.int(), textBytes: z.int() });
export const SilverResultSchema = z.object({
  engine: z.string(),
  reportKey: z.string(),
  rows: z.int(),
  changed: z.boolean(),
  /** Of a replay. */
  recovery: RecoverySchema.optional(),
});
export const GateResultSchema = z.object({ passed: z.boolean(), reason: z.string().nullable(), resultsKey: z.string() });
export const CaughtErrorSchema = z.object({ Error: z.string(), Cause: z.string().optional() });

/** The whole document as it stands between two states. */
export const RunStateSchema = ExecutionInputSchema.extend({
  fetch: FetchResultSchema.optional(),
  bronzePlan: SparkPlanSchema.optional(),
  bronze: BronzeResultSchema.optional(),
  silverPlan: SparkPlanSchema.optional(),
  silver: SilverResultSchema.optional(),
  gate: GateResultSchema.optional(),
  error: CaughtErrorSchema.optional(),
  outcome: z.object({ outcome: z.enum(['published', 'unchanged', 'rejected', 'failed']), runId: z.string() }).optional(),
});

export type ExecutionInput = z.infer<typeof ExecutionInputSchema>;
export type FetchedSource = z.infer<typeof FetchedSourceSchema>;
export type FetchResult = z.infer<typeof FetchResultSchema>;
export type SparkPlan = z.infer<typeof SparkPlanSchema>;
export type BronzeResult = z.infer<typeof BronzeResultSchema>;
export type SilverResult = z.infer<typeof SilverResultSchema>;
export type GateResult = z.infer<typeof GateResultSchema>;
export type RunState = z.infer<typeof RunStateSchema>;
export type RunEnding = NonNullable<RunState['outcome']>;
