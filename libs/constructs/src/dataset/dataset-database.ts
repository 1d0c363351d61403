/** What a dataset has in AWS Glue: the database of its published tables with their rules, the jobs that take over large releases, and a crawler where one is wanted. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnCrawler, CfnDatabase, CfnJob, CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Dataset, DatasetConfig } from '@inlet/dataset';
import { Construct } from 'constructs';
import type { LakeAccess } from './lake-access';
import { QualityRulesets } from './quality-rulesets';
import { type Grant, WorkloadRole } from './workload-role';

export interface DatasetDatabaseProps {
  readonly dataset: Dataset;
  readonly lake: LakeAccess;
  /**
   * Whether a crawler over bronze is made, for datasets whose new columns people want to see in Athena.
   *
   * @default false
   */
  readonly crawler?: boolean;
}

const SCRIPT = 'libs/constructs/src/dataset/spark-entry.py';
const JOB_TIMEOUT_MINUTES = 480;

const GLUE_LOGS = 'Glue makes a log group for each security configuration and role, and names its streams.';
const GLUE_METRICS = 'CloudWatch metrics have no resources to name; the namespace is a condition.';

export class DatasetDatabase extends Construct {
  readonly #props: DatasetDatabaseProps;
  readonly #config: DatasetConfig;
  readonly #security: CfnSecurityConfiguration;

  constructor(scope: Construct, id: string, props: DatasetDatabaseProps) {
    super(scope, id);
    this.#props = props;
    this.#config = props.dataset.config;
    this.#security = this.#createSecurityConfiguration();
    const rulesets = new QualityRulesets(this, 'Rules', { dataset: props.dataset, database: this.#createDatabase() });
    this.#createJobs(rulesets);
    if (props.crawler ?? false) this.#createCrawler();
  }

  #createSecurityConfiguration(): CfnSecurityConfiguration {
    const { lake } = this.#props;
    const config = this.#config;
    return new CfnSecurityConfiguration(this, 'Security', {
      name: `inlet-${config.dataset}`,
      encryptionConfiguration: {
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: lake.keyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: lake.keyArn },
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: lake.keyArn }],
      },
    });
  }

  #createDatabase(): CfnDatabase {
    const config = this.#config;
    return new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: config.database_name, description: config.description || `Published tables of ${config.dataset}` },
    });
  }

  #createJobs(rulesets: QualityRulesets): void {
    const { lake } = this.#props;
    const config = this.#config;
    const script = new Asset(this, 'Script', { path: findInWorkspace(SCRIPT) });
    const workload = this.#createRole('JobAccess', `Of the Glue jobs of ${config.dataset}`);
    workload.allow(
      { actions: ['s3:GetObject'], resources: [`arn:${Aws.PARTITION}:s3:::${script.s3BucketName}/${script.s3ObjectKey}`] },
      ...lake.readPlans(),
      ...rulesets.read(),
      ...this.#writeLogs(),
      { actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions: { StringEquals: { 'cloudwatch:namespace': 'Glue' } }, wildcard: GLUE_METRICS },
    );
    const jobs = [['Bronze', config.bronze_job_name, {}], ['Silver', config.silver_job_name, { '--quality_rulesets': JSON.stringify(rulesets.names) }]] as const;
    for (const [layer, name, own] of jobs) {
      const job = new CfnJob(this, `${layer}Job`, {
        name,
        description: `Builds ${layer.toLowerCase()} of ${config.dataset} with Spark, from the plan that it is given`,
        role: workload.role.roleArn,
        command: { name: 'glueetl', pythonVersion: '3', scriptLocation: script.s3ObjectUrl },
        glueVersion: config.glue_version,
        workerType: config.worker_type,
        numberOfWorkers: config.number_of_workers,
        securityConfiguration: this.#security.name,
        timeout: JOB_TIMEOUT_MINUTES,
        maxRetries: 0,
        executionProperty: { maxConcurrentRuns: 1 },
        defaultArguments: { '--enable-metrics': 'true', '--enable-continuous-cloudwatch-log': 'true', '--job-language': 'python', ...own },
      });
      job.node.addDependency(workload.policy, this.#security);
    }
  }

  #createCrawler(): void {
    const { lake } = this.#props;
    const config = this.#config;
    const database = config.database_name;
    const arn = (resource: string) => Stack.of(this).formatArn({ service: 'glue', resource });
    const workload = this.#createRole('CrawlerAccess', `Of the Glue crawler over bronze of ${config.dataset}`);
    workload.allow(
      ...lake.lakeObjects({ read: ['bronze'] }).grants,
      {
        actions: ['glue:BatchCreatePartition', 'glue:BatchGetPartition', 'glue:CreateTable', 'glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:UpdatePartition', 'glue:UpdateTable'],
        resources: [arn('catalog'), arn(`database/${database}`), arn(`table/${database}/bronze_*`)],
        wildcard: 'The crawler finds out which tables there are; all of them carry its prefix, in the database of this dataset.',
      },
      ...this.#writeLogs(),
    );
    const crawler = new CfnCrawler(this, 'Crawler', {
      name: config.bronze_crawler_name,
      role: workload.role.roleArn,
      databaseName: database,
      tablePrefix: 'bronze_',
      targets: { s3Targets: [{ path: `s3://${lake.lakeBucket}/bronze/${config.dataset}/`, exclusions: ['**/_*'] }] },
      crawlerSecurityConfiguration: this.#security.name,
      schemaChangePolicy: { updateBehavior: 'UPDATE_IN_DATABASE', deleteBehavior: 'LOG' },
    });
    crawler.node.addDependency(workload.policy, this.#security);
  }

  #createRole(id: string, description: string): WorkloadRole {
    return new WorkloadRole(this, id, { service: 'glue.amazonaws.com', description });
  }

  #writeLogs(): Grant[] {
    const groups = Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:/aws-glue/*' });
    return [{ actions: ['logs:AssociateKmsKey', 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], resources: [groups], wildcard: GLUE_LOGS }];
  }
}

/** The workspace lies above this module, whether it runs from its source or out of a bundle below `dist/`. */
function findInWorkspace(file: string): string {
  for (let folder = __dirname; path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'nx.json'))) return path.join(folder, file);
  }
  return path.resolve(file);
}
