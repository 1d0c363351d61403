/** The rules of a dataset's published tables in AWS Glue: the texts by which EvaluateDataQuality judges a table are those of Inlet's own gate. */
import { Stack } from 'aws-cdk-lib';
import { CfnDataQualityRuleset, type CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Dataset } from '@inlet/dataset';
import { rulesetName } from '@inlet/deployment';
import { ConfigError } from '@inlet/errors';
import { listTableRulesets, type TableRuleset } from '@inlet/quality';
import { Construct } from 'constructs';
import type { Grant } from './workload-role';

export interface QualityRulesetsProps {
  readonly dataset: Dataset;
  readonly database: CfnDatabase;
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_CreateDataQualityRuleset.html */
const MOST_CHARACTERS = 65_536;

export class QualityRulesets extends Construct {
  /** Names of the rulesets by table. */
  readonly names: Readonly<Record<string, string>>;

  /** Throws RulesetError for rules that are no DQDL, which AWS would refuse in the middle of a deployment. */
  constructor(scope: Construct, id: string, { dataset, database }: QualityRulesetsProps) {
    super(scope, id);
    const rulesets = listTableRulesets(dataset);
    for (const ruleset of rulesets) this.#create(dataset, database, ruleset);
    this.names = Object.fromEntries(rulesets.map(({ table }) => [table, rulesetName(dataset.config.dataset, table)]));
  }

  /** What a job needs that judges by them. */
  read(): Grant[] {
    const resources = Object.values(this.names).map((resourceName) => Stack.of(this).formatArn({ service: 'glue', resource: 'dataQualityRuleset', resourceName }));
    return resources.length === 0 ? [] : [{ actions: ['glue:GetDataQualityRuleset'], resources }];
  }

  #create({ config }: Dataset, database: CfnDatabase, { table, ruleset }: TableRuleset): void {
    if (ruleset.length > MOST_CHARACTERS) throw tooLong(config.dataset, table, ruleset.length);
    const created = new CfnDataQualityRuleset(this, table, {
      name: rulesetName(config.dataset, table),
      description: `Rules of the published table ${table} of ${config.dataset}, from its quality.dqdl and the thresholds of its dataset.json`,
      ruleset,
      targetTable: { databaseName: config.database_name, tableName: table.toLowerCase() },
    });
    created.addResourceDependency(database);
  }
}

function tooLong(dataset: string, table: string, length: number): ConfigError {
  return new ConfigError({
    what: `The rules of the table ${table} of ${dataset} are longer than AWS Glue takes`,
    where: 'quality.dqdl',
    expected: `at most ${MOST_CHARACTERS} characters, the thresholds of dataset.json included`,
    found: String(length),
    next: 'Shorten them, or put sets of values into fewer rules.',
  });
}
