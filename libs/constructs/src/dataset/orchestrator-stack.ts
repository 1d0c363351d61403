/** The stack of one dataset: everything that it has on AWS, and nothing that another dataset depends on. */
import { Stack, type Duration } from 'aws-cdk-lib';
import type { Dataset } from '@inlet/dataset';
import { type Environment, orchestratorStackName } from '@inlet/deployment';
import type { Construct } from 'constructs';
import { applyTags } from '../shared/mandatory-tags';
import { dataRemovalPolicy } from '../shared/removal';
import { DatasetDatabase } from './dataset-database';
import { DatasetFunctions } from './dataset-functions';
import { LakeAccess } from './lake-access';
import { MaskSalt, needsMaskSalt } from './mask-salt';
import { Monitoring } from './monitoring';
import { Orchestration } from './orchestration';
import { Schedules } from './schedules';

export interface OrchestratorStackProps {
  readonly dataset: Dataset;
  readonly environment: Environment;
  /** Holds the bundle of each function in a folder named like it. */
  readonly functionsDir: string;
  /** Folder of the DuckDB layer for the environment's architecture. */
  readonly layerDir: string;
  /**
   * Whether deleting the stack deletes its logs, and the salt of its masks.
   *
   * @default false
   */
  readonly destroyData?: boolean;
  /**
   * Whether a Glue crawler over bronze is made.
   *
   * @default what the dataset's config says
   */
  readonly crawler?: boolean;
  /**
   * How long an execution may take before someone is told.
   *
   * @default two hours
   */
  readonly maxDuration?: Duration;
}

export class OrchestratorStack extends Stack {
  constructor(scope: Construct, props: OrchestratorStackProps) {
    const { config } = props.dataset;
    const { environment } = props;
    const stackName = orchestratorStackName(config.dataset);
    super(scope, stackName, { stackName, env: { account: environment.account, region: environment.region }, description: config.description || `The dataset ${config.dataset}` });
    applyTags(this, { ...environment.tags, Owner: config.owner, CostCenter: config.cost_center });

    const dataPolicy = dataRemovalPolicy({ destroyData: props.destroyData ?? false });
    const lake = new LakeAccess(this, 'Lake', config.dataset);
    new DatasetDatabase(this, 'Glue', { dataset: props.dataset, lake, crawler: props.crawler ?? config.crawler });
    const maskSalt = needsMaskSalt(config) ? new MaskSalt(this, 'MaskSalt', { config, lake, removalPolicy: dataPolicy }) : undefined;
    const functions = new DatasetFunctions(this, 'Functions', {
      dataset: config.dataset, config, environment, lake, logRemovalPolicy: dataPolicy, functionsDir: props.functionsDir, layerDir: props.layerDir, maskSalt: maskSalt?.access,
    });
    const { live, stateMachine } = new Orchestration(this, 'Orchestration', { config, environment, lake, functions, logRemovalPolicy: dataPolicy });
    new Schedules(this, 'Schedules', { config, lake, live, updateManifest: functions.pipeline['update-manifest'] });
    new Monitoring(this, 'Monitoring', { config, lake, functions, stateMachine, maxDuration: props.maxDuration });
  }
}
