export {
  DatasetConfigSchema,
  type ColumnConfig,
  type DatasetConfig,
  type FormatConfig,
  type MaskConfig,
  type ModelConfig,
  type SourceConfig,
  type SplitsConfig,
  type TableConfig,
  type WrittenDatasetConfig,
} from './config-schema';
export { DatasetConfigError, type ConfigProblem } from './config-problem';
export type { Dataset, Model } from './dataset';
export { parseDatasetConfig, parseDatasetConfigText, type ConfigContext } from './parse-config';
export { fingerprintPipeline, PIPELINE_REVISION, type FingerprintParts } from './fingerprint';
export { findNearest } from './nearest';
export { findDataset, listDatasetFolders, readDatasetFolder } from './read-folder';
export { listSourceHosts } from './source-hosts';
