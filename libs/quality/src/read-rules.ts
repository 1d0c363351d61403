/** A dataset's rules, read with what its config says of the tables that they are about. */
import type { Dataset } from '@inlet/dataset';
import { readDatasetRules, type DatasetRules } from './dataset-rules';

/** Throws RulesetError, with every problem of quality.dqdl. */
export function readRules({ config, rules, folder }: Dataset): DatasetRules {
  const file = folder === undefined ? 'quality.dqdl' : `${folder}/quality.dqdl`;
  return readDatasetRules(rules, { tables: config.models.map(({ name, masks }) => ({ name, masks })), references: config.tables.map(({ name }) => bronzeAlias(name)), file });
}

/** The name under which rules know a bronze table; published tables go by their own. */
export const bronzeAlias = (table: string) => `bronze_${table}`;
