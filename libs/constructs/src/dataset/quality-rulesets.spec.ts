import path from 'node:path';
import type { Dataset } from '@inlet/dataset';
import { listTableRulesets, parseRuleset, printRule, printRuleset, readRules } from '@inlet/quality';
import { buildStack, readDomain, resourcesOf, resourcesOfType } from './stacks.test-support';

interface RulesetProperties {
  Name: string;
  Description: string;
  Ruleset: string;
  TargetTable: { DatabaseName: string; TableName: string };
  Tags: Record<string, string>;
}

interface JobProperties {
  Name: string;
  DefaultArguments: Record<string, string>;
}

const TYPE = 'AWS::Glue::DataQualityRuleset';
const withRules = async (id: string, rules: string): Promise<Dataset> => ({ ...(await readDomain(id)), rules });

describe('the rules of a dataset on Glue', () => {
  it.each(['cder', 'nsde'])('are the texts by which the gate of %s judges, one per published table', async (id) => {
    const dataset = await readDomain(id);
    const deployed = resourcesOfType<RulesetProperties>(await buildStack(id), TYPE);
    expect(deployed.map(({ Name, TargetTable, Ruleset }) => [Name, TargetTable, Ruleset])).toEqual(
      listTableRulesets(dataset).map(({ table, ruleset }) => [`inlet-${id}-${table}`, { DatabaseName: dataset.config.database_name, TableName: table }, ruleset]),
    );
    expect(deployed).toHaveLength(dataset.config.models.length);
    for (const { Ruleset } of deployed) expect(printRuleset(parseRuleset(Ruleset))).toBe(Ruleset);
  });

  it.each(['cder', 'nsde'])('hold every rule that %s has in quality.dqdl', async (id) => {
    const deployed = resourcesOfType<RulesetProperties>(await buildStack(id), TYPE).flatMap(({ TargetTable, Ruleset }) => parseRuleset(Ruleset).rules.map((rule) => `${TargetTable.TableName}: ${printRule(rule)}`));
    const written = readRules(await readDomain(id)).rules.map(({ table, rule }) => `${table}: ${printRule(rule)}`);
    expect(deployed).toEqual(expect.arrayContaining(written));
    expect(deployed.length).toBeGreaterThan(written.length);
  });

  it('change with a rule, and carry their table and their labels', async () => {
    const dataset = await withRules('nsde', 'Rules = [ ColumnLength "item_code" > 2 labels = ["severity" = "quarantine"] ]');
    const [ruleset] = resourcesOfType<RulesetProperties>(await buildStack('nsde', { dataset }), TYPE);
    expect(ruleset?.Ruleset).toContain('ColumnLength "item_code" > 2 labels = ["severity" = "quarantine"]');
    expect(ruleset?.Description).toMatch(/table elements of nsde/);
    expect(ruleset?.Tags).toEqual({ Environment: 'dev', Owner: 'data-platform', CostCenter: 'drug-reference' });
  });

  it('come after the database that they name', async () => {
    const resources = resourcesOf(await buildStack('nsde'));
    const [database] = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Glue::Database').map(([id]) => id);
    expect(Object.values(resources).filter(({ Type }) => Type === TYPE).map(({ DependsOn }) => DependsOn)).toEqual([[database]]);
  });

  it('are named to the job that builds silver, which may read them and no others', async () => {
    const stack = await buildStack('cder');
    const names = resourcesOfType<RulesetProperties>(stack, TYPE).map(({ Name }) => Name);
    const jobs = Object.fromEntries(resourcesOfType<JobProperties>(stack, 'AWS::Glue::Job').map(({ Name, DefaultArguments }) => [Name, DefaultArguments['--quality_rulesets']]));
    const { config } = await readDomain('cder');
    expect(Object.values(JSON.parse(jobs[config.silver_job_name] ?? '') as Record<string, string>)).toEqual(names);
    expect(jobs[config.bronze_job_name]).toBeUndefined();
    const statements = resourcesOfType<{ PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } }>(stack, 'AWS::IAM::ManagedPolicy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes('glue:GetDataQualityRuleset'));
    expect(statements).toHaveLength(1);
    const arns = [statements[0]?.Resource].flat().map((arn) => JSON.stringify(arn));
    expect(arns).toHaveLength(names.length);
    for (const name of names) expect(arns.filter((arn) => arn.includes(`:dataQualityRuleset/${name}"`))).toHaveLength(1);
  });

  it('that AWS would refuse stop the synthesis, with the line and what could stand there', async () => {
    const dataset = { ...(await withRules('nsde', 'Rules = [\n  IsComplet "item_code"\n]')), folder: path.join('domains', 'nsde') };
    await expect(buildStack('nsde', { dataset })).rejects.toMatchObject({ name: 'RulesetError', message: expect.stringMatching(/domains\/nsde\/quality\.dqdl.*line 2, column 3.*did you mean `IsComplete`/s) });
  });

  it('that are longer than Glue takes stop the synthesis', async () => {
    const dataset = await withRules('nsde', `Rules = [ ColumnValues "item_code" in [${Array.from({ length: 9000 }, (_, index) => `"code ${index}"`).join(', ')}] ]`);
    await expect(buildStack('nsde', { dataset })).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringMatching(/table elements of nsde.*65536 characters/s) });
  });
});
