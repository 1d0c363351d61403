export * as keys from './keys';
export { emptyManifest, parseManifest, publishRelease, rememberObserved, rollBackTo, writeManifestText } from './manifest';
export {
  MANIFEST_FORMAT_VERSION,
  ManifestSchema,
  RecoverySchema,
  ReleaseSchema,
  RunRecordSchema,
  type InferredColumn,
  type Layer,
  type Manifest,
  type Observed,
  type Outcome,
  type ParentRows,
  type QualityResult,
  type Recovery,
  type Release,
  type ReleaseSource,
  type ReleaseTable,
  type RunRecord,
  type SchemaChange,
  type TableFile,
} from './manifest-schema';
