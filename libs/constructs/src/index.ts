export { Alerts, type AlertsProps } from './base/alerts';
export { AthenaWorkgroup, type AthenaWorkgroupProps } from './base/athena-workgroup';
export { AuditTrail, type AuditTrailProps } from './base/audit-trail';
export { MonthlyBudget, type MonthlyBudgetProps } from './base/budget';
export { bucketName, LakeBuckets, listBucketNames, type BucketKind, type LakeBucketsProps } from './base/lake-buckets';
export { LakeKey, type LakeKeyProps } from './base/lake-key';
export { CALLED_SERVICES, listTwoZones, Network, type NetworkProps } from './base/network';
export { Parameters, type ParameterValues } from './base/parameters';
export { RunLedger, type RunLedgerProps } from './base/run-ledger';
export { CONTEXT, DEFAULT_ENVIRONMENT, readDeployment, type Deployment } from './shared/deployment';
export { EncryptedBucket, type EncryptedBucketProps } from './shared/encrypted-bucket';
export { EnvironmentsError, loadEnvironment, parseEnvironments, type EnvironmentProblem } from './shared/load-environment';
export { applyTags, MANDATORY_TAGS, requireTags, type MandatoryTags } from './shared/mandatory-tags';
export {
  applyNag,
  findStaleSuppressions,
  findViolations,
  listSuppressions,
  suppress,
  suppressInPacks,
  type NagFinding,
  type Suppression,
  type SuppressionOfConstruct,
} from './shared/nag';
export { dataRemovalPolicy } from './shared/removal';
export { buildApp, CDK_FEATURES, synthesize, type AppBuilder, type SynthesisOptions } from './shared/synthesize';
export { cadenceHours } from './dataset/cadence';
export { orchestratorStackProps, synthesizeDataset, type DatasetStackBuilder } from './dataset/dataset-app';
export { OrchestratorStack, type OrchestratorStackProps } from './dataset/orchestrator-stack';
