export {
  DatasetConfigSchema,
  type ColumnConfig,
  type DatasetConfig,
  type FormatConfig,
  type ModelConfig,
  type SourceConfig,
  type TableConfig,
  type WrittenDatasetConfig,
} from './config-schema';
export type { Dataset, Model } from './dataset';
