/** The environment variables that the stacks set and the functions read when they start. */
import { z } from 'zod';

/** Of every function of a dataset. */
export const CommonEnvironmentSchema = z.object({
  DATASET: z.string().min(1),
});

/** Of the functions that move data. */
export const LakeEnvironmentSchema = CommonEnvironmentSchema.extend({
  LAKE_BUCKET: z.string().min(1),
  /** Holds the keys below `raw/`. */
  RAW_BUCKET: z.string().min(1),
  LEDGER_TABLE: z.string().min(1),
});

/** Of the functions that make releases, or tell new ones from old. */
export const ReleaseEnvironmentSchema = LakeEnvironmentSchema.extend({
  /** Parameter that passes on the salt of masks by hash; set only where a column is masked so. */
  MASK_SALT_PARAMETER: z.string().min(1).optional(),
});

export const FetchEnvironmentSchema = ReleaseEnvironmentSchema.extend({
  /** Hosts (`host` or `host:port`, comma-separated) that a source given from outside may name. */
  SOURCE_HOSTS: z.string(),
});

export const TransformEnvironmentSchema = ReleaseEnvironmentSchema;

export const UpdateManifestEnvironmentSchema = LakeEnvironmentSchema.extend({
  TOPIC_ARN: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** Account's default bus: `default`. */
  EVENT_BUS: z.string().min(1),
});

export const CatalogEnvironmentSchema = CommonEnvironmentSchema.extend({
  LAKE_BUCKET: z.string().min(1),
  DATABASE: z.string().min(1),
});

export const TriggerEnvironmentSchema = CommonEnvironmentSchema.extend({
  /** Of the live alias. */
  STATE_MACHINE_ARN: z.string().min(1),
  SOURCE_HOSTS: z.string(),
});

export type LakeEnvironment = z.infer<typeof LakeEnvironmentSchema>;
export type ReleaseEnvironment = z.infer<typeof ReleaseEnvironmentSchema>;
export type FetchEnvironment = z.infer<typeof FetchEnvironmentSchema>;
export type UpdateManifestEnvironment = z.infer<typeof UpdateManifestEnvironmentSchema>;
export type CatalogEnvironment = z.infer<typeof CatalogEnvironmentSchema>;
export type TriggerEnvironment = z.infer<typeof TriggerEnvironmentSchema>;
