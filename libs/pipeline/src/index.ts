export type * from './ports';
export { LEASE_TTL_MS, SPARK_LEASE_TTL_MS, UNLEASED_RUN_MS } from './ports';
export type * from './plan';
export type * from './recovery-plan';
export type * from './run';
export { matchHeader, toColumnName, type MatchedHeader } from './column-contract';
export { collectGarbage, type GarbageReport } from './collect-garbage';
export { deleteRunFiles, sweepDeadRuns } from './dead-runs';
export { matchesAny, matchesGlob } from './glob';
export { readManifest, updateManifest, type VersionedManifest } from './manifest-store';
export { rollback } from './rollback';
export { MASK_SALT_VARIABLE, readEnvironmentSecrets, requireMaskSalt } from './secrets';
export {
  ExecutionInputSchema,
  RunStateSchema,
  type BronzeResult,
  type ExecutionInput,
  type FetchResult,
  type GateResult,
  type RunEnding,
  type RunState,
  type SparkPlan,
  type SilverResult,
} from './run-state';
export { findReplayedRun } from './replayed-run';
export { LATEST_RUN, parseRunRequest, type SourcePolicy } from './run-request';
export { planWorkers } from './plan-workers';
export { findSchemaChanges } from './schema-changes';
export { beginRun } from './states/begin-run';
export { loadRelease } from './states/load-release';
export { fetchAndHash } from './states/fetch-and-hash';
export { planSilver } from './plan-silver';
export { buildBronzeTables, buildSilverTables } from './states/build-tables';
export { collectBronzeFromSpark, collectSilverFromSpark, planBronzeOnSpark, planSilverOnSpark, runSparkJob } from './states/spark-tables';
export { judgeRelease } from './states/judge-release';
export { publishCandidate } from './states/publish-release';
export { recordFailure, recordRejected, recordUnchanged } from './states/end-run';
export { listQuarantineFiles } from './quarantine-files';
