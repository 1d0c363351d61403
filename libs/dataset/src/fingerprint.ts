/**
 * The identity of what turns bytes into tables. Same bytes under another fingerprint are new, so a run builds them again;
 * whatever does not shape the tables stays out of it, so that a new owner or schedule wakes nobody.
 */
import { hashCanonicalJson } from '@inlet/hash';
import type { DatasetConfig } from './config-schema';
import type { Dataset } from './dataset';

/** Raised when the pipeline's own code makes other tables of the same bytes, so that releases built before are built again. */
export const PIPELINE_REVISION = 1;

type Shaping = { readonly [Key in keyof DatasetConfig]-?: (value: DatasetConfig[Key]) => unknown };

const whole = (value: unknown): unknown => value;
const nothing = (): undefined => undefined;

/** What of each key shapes the tables. A new key of the schema does not compile until it is given its place here. */
const SHAPING: Shaping = {
  dataset: whole,
  sources: (sources) => sources.map(({ name }) => name),
  format: whole,
  tables: (tables) => tables.map(({ columns, ...table }) => ({ ...table, columns: columns.map(omitDescription) })),
  models: (models) => models.map(({ pii: _pii, ...model }) => omitDescription(model)),
  contract: whole,
  data_quality: whole,

  description: nothing,
  source_hosts: nothing,
  owner: nothing,
  cost_center: nothing,
  schedule: nothing,
  limits: nothing,
  engine: nothing,
  retention: nothing,
  samples: nothing,
  bronze_job_name: nothing,
  silver_job_name: nothing,
  bronze_crawler_name: nothing,
  crawler: nothing,
  database_name: nothing,
  glue_version: nothing,
  worker_type: nothing,
  number_of_workers: nothing,
};

export interface FingerprintParts {
  macros: readonly string[];
  /** Tells one mask salt from another without giving it away; absent where no mask needs one. */
  maskSaltDigest?: string;
}

/** SHA-256 (hex) over the pipeline's revision, the shaping parts of the config, the models' SQL, the rules and the project's macros. Independent of the order of models and keys. */
export function fingerprintPipeline(dataset: Dataset, { macros, maskSaltDigest }: FingerprintParts): string {
  const config = Object.fromEntries(Object.entries(SHAPING).map(([key, pick]) => [key, applyPick(pick, dataset.config, key)]));
  const models = Object.fromEntries(dataset.models.map(({ name, sql }) => [name, sql]));
  return hashCanonicalJson({ revision: PIPELINE_REVISION, config, models, rules: dataset.rules, macros, ...(maskSaltDigest !== undefined && { maskSaltDigest }) });
}

function applyPick(pick: (value: never) => unknown, config: DatasetConfig, key: string): unknown {
  return pick(config[key as keyof DatasetConfig] as never);
}

function omitDescription<T extends { description?: string }>({ description: _description, ...rest }: T): Omit<T, 'description'> {
  return rest;
}
