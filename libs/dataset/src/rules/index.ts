/** Every rule between the keys of a config, in the order in which their problems are listed. */
import { modelRules } from './model-rules';
import { operationRules } from './operation-rules';
import type { ConfigRule } from './rule';
import { sourceRules } from './source-rules';
import { tableRules } from './table-rules';

export const configRules: readonly ConfigRule[] = [...sourceRules, ...tableRules, ...modelRules, ...operationRules];
