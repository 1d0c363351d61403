import path from 'node:path';
import { parseDatasetConfig, readDatasetFolder, type Dataset } from '@inlet/dataset';
import { RulesetError } from '@inlet/errors';
import { parseRuleset, printBareRule, printRuleset } from './index';
import { listTableRulesets } from './table-rulesets';

const DOMAINS = path.resolve(__dirname, '../../../domains');

function makeDataset(rules: string, { models = [{ name: 'm', parent: 't', key: ['id'] }], quality }: { models?: object[]; quality?: object } = {}): Dataset {
  const config = parseDatasetConfig({
    dataset: 'drug-list',
    owner: 'o',
    cost_center: 'c',
    source_url: 'https://example.org/list.csv',
    schedule: { expression: 'rate(1 days)' },
    tables: [{ name: 't', members: ['*'], columns: [{ name: 'id', source: 'id' }] }],
    models,
    ...(quality && { data_quality: quality }),
    bronze_job_name: 'b',
    silver_job_name: 's',
    bronze_crawler_name: 'c',
    database_name: 'd',
  });
  return { config, models: [], rules };
}

const listRules = (dataset: Dataset) => listTableRulesets(dataset).map(({ table, ruleset }) => [table, parseRuleset(ruleset).rules.map(printBareRule)]);

describe('listTableRulesets', () => {
  it('gives each table the demands of the config and then its own rules, of every severity', () => {
    const models = [{ name: 'm', parent: 't', key: ['id', 'part'], required_columns: ['kind'], null_thresholds: { size: 0.25 } }, { name: 'n', key: ['id'] }];
    const rules = 'Rules = [ ColumnCount = 2 labels = ["table" = "n", "severity" = "warn"], ColumnLength "id" = 3 labels = ["table" = "m", "severity" = "quarantine"] ]';
    expect(listRules(makeDataset(rules, { models, quality: { required_columns: ['id', 'part', 'of_no_config'] } }))).toEqual([
      ['m', ['RowCount > 0', 'IsComplete "kind"', 'IsComplete "id"', 'IsComplete "part"', 'Completeness "size" >= 0.75', 'IsPrimaryKey "id" "part"', 'ColumnLength "id" = 3']],
      ['n', ['RowCount > 0', 'IsComplete "id"', 'IsPrimaryKey "id"', 'ColumnCount = 2']],
    ]);
  });
  it('keeps the labels of rules, those of default labels included, and variables and analyzers', () => {
    const [only, ...others] = listTableRulesets(makeDataset('kinds = ["a", "b"] DefaultLabels = ["team" = "drugs"] Rules = [ ColumnValues "kind" in $kinds ] Analyzers = [ Completeness "kind" ]'));
    expect(others).toEqual([]);
    const { rules, analyzers, variables, defaultLabels } = parseRuleset(only?.ruleset ?? '');
    expect(rules.at(-1)?.labels).toMatchObject([{ key: 'team', value: 'drugs' }]);
    expect(analyzers).toMatchObject([{ type: 'Completeness' }]);
    expect(variables).toMatchObject([{ name: 'kinds' }]);
    expect(defaultLabels).toEqual([]);
  });
  it('lets a table that may be empty be empty', () => {
    expect(listRules(makeDataset('', { models: [{ name: 'm', parent: 't', key: ['id'], allow_empty: true }] }))).toEqual([['m', ['(RowCount = 0) or (IsPrimaryKey "id")']]]);
  });
  it('compares with no earlier release on its own account', () => {
    expect(JSON.stringify(listRules(makeDataset('')))).not.toContain('last(');
  });
  it('throws what is wrong with the rules', () => {
    expect(() => listTableRulesets(makeDataset('Rules = [ IsComplet "id" ]'))).toThrow(RulesetError);
  });
  it.each(['cder', 'nsde'])('writes for %s what the parser reads and the printer writes again', async (id) => {
    const dataset = await readDatasetFolder(path.join(DOMAINS, id));
    const rulesets = listTableRulesets(dataset);
    expect(rulesets.map(({ table }) => table)).toEqual(dataset.config.models.map(({ name }) => name));
    for (const { ruleset } of rulesets) expect(printRuleset(parseRuleset(ruleset))).toBe(ruleset);
  });
});
