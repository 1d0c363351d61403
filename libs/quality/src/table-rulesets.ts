/** A dataset's rules as texts for an engine that knows DQDL and nothing of Inlet: one per published table, the config's demands among them. */
import type { Dataset, DatasetConfig, ModelConfig } from '@inlet/dataset';
import { printRules } from './dataset-rules';
import { parseRuleset, printRule, type Rule } from './dqdl';
import { readRules } from './read-rules';
import { listThresholdRules, type CandidateTable } from './thresholds';

export interface TableRuleset {
  table: string;
  /** DQDL. */
  ruleset: string;
}

/**
 * In the order of the config; tables without rules are left out. Rules that quarantine rows stand with the others, and every rule with its labels. Left
 * to the gate is what DQDL cannot say: the comparison with the last published release (`last()` means the last evaluation, whatever became of it), the
 * share of quarantined rows, and demands on columns that neither the config nor a rule names. Throws RulesetError.
 */
export function listTableRulesets(dataset: Dataset): TableRuleset[] {
  const rules = readRules(dataset);
  return dataset.config.models.flatMap((model) => {
    const own = rules.rules.filter(({ table }) => table === model.name).map(({ rule }) => rule);
    const analyzers = rules.analyzers.filter(({ table }) => table === model.name).map(({ analyzer }) => analyzer);
    const asked = [...listDemands(dataset.config, model), ...own];
    return asked.length + analyzers.length === 0 ? [] : [{ table: model.name, ruleset: printRules(rules, asked, analyzers) }];
  });
}

/** What the config demands of a table that has rows. One that may be empty meets all of it when it is. */
function listDemands(config: DatasetConfig, model: ModelConfig): Rule[] {
  const demands = listThresholdRules({ config, model, table: describeExpectedTable(model) }).map(({ rule }) => rule);
  if (!model.allow_empty || demands.length === 0) return demands;
  const texts = demands.map((rule) => `(RowCount = 0) or (${printRule(rule)})`);
  return [...parseRuleset(`Rules = [ ${texts.join(', ')} ]`, { name: 'the thresholds of dataset.json' }).rules];
}

/** With the columns that the config names, and no counts yet. */
function describeExpectedTable(model: ModelConfig): CandidateTable {
  const names = new Set([...model.key, ...model.required_columns, ...Object.keys(model.null_thresholds), ...model.pii, ...Object.keys(model.masks)]);
  const stats = [...names].map((name) => ({ name, nulls: 0 }));
  return { name: model.name, layer: model.layer, rows: 1, files: [], columns: [], quarantined: 0, superseded: 0, stats, findings: [] };
}
