export {
  BASE_STACK_NAME,
  EVENT_SOURCE,
  functionName,
  HOURS_SINCE_CHECK,
  LEDGER_TABLE,
  LEDGER_TTL_DAYS,
  LIVE_ALIAS,
  METRIC_NAMESPACE,
  orchestratorStackName,
  PARAMETERS,
  PIPELINE_FUNCTIONS,
  RELEASE_PUBLISHED,
  stateMachineName,
  WORKGROUP,
  type FunctionKind,
  type PipelineFunction,
} from './deployed-names';
export { EnvironmentSchema, type Environment } from './environment';
export {
  CatalogEnvironmentSchema,
  CommonEnvironmentSchema,
  FetchEnvironmentSchema,
  LakeEnvironmentSchema,
  TransformEnvironmentSchema,
  TriggerEnvironmentSchema,
  UpdateManifestEnvironmentSchema,
  type CatalogEnvironment,
  type FetchEnvironment,
  type LakeEnvironment,
  type TriggerEnvironment,
  type UpdateManifestEnvironment,
} from './function-environment';
export { LEDGER_TABLE_SHAPE } from './ledger-table-shape';
