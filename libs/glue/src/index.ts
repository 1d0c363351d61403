export { createAthena, type Athena, type AthenaOptions, type AthenaResult } from './athena';
export type { AthenaColumn, AthenaValue } from './athena-value';
export { createGlueCatalog, type GlueCatalogOptions } from './glue-catalog';
export { toHiveType } from './hive-type';
export { qualifyTables } from './qualify-tables';
export { createSingleReleaseAthena, type SingleReleaseOptions } from './single-release';
