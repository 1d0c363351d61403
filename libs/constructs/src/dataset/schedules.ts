/** When a dataset runs by itself, and how often it is asked how fresh it is. */
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { CfnStateMachineAlias } from 'aws-cdk-lib/aws-stepfunctions';
import type { DatasetConfig } from '@inlet/dataset';
import { Construct } from 'constructs';
import type { LakeAccess } from './lake-access';
import { liveAliasArn, startLiveAlias } from './live-alias';
import type { PipelineFunction } from './pipeline-function';
import { WorkloadRole } from './workload-role';

export interface SchedulesProps {
  readonly config: DatasetConfig;
  readonly lake: LakeAccess;
  /** What the schedule starts. */
  readonly live: CfnStateMachineAlias;
  /** What measures how fresh the dataset is. */
  readonly updateManifest: PipelineFunction;
}

/** A start that cannot be made within the hour is a dead letter: whoever reads it decides whether it is still wanted. */
const RETRY = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 };

export class Schedules extends Construct {
  readonly #props: SchedulesProps;

  constructor(scope: Construct, id: string, props: SchedulesProps) {
    super(scope, id);
    this.#props = props;
    const workload = this.#createRole();
    this.#createRunSchedule(workload);
    this.#createFreshnessSchedule(workload);
  }

  #createRole(): WorkloadRole {
    const { config, lake, updateManifest } = this.#props;
    const workload = new WorkloadRole(this, 'Access', { service: 'scheduler.amazonaws.com', description: `Of the schedules of ${config.dataset}`, namesSourceAccount: true });
    workload.allow(
      startLiveAlias(this, config.dataset),
      { actions: ['lambda:InvokeFunction'], resources: [updateManifest.function.functionArn] },
      ...lake.sendDeadLetters(),
    );
    return workload;
  }

  #createRunSchedule({ role, policy }: WorkloadRole): void {
    const { config, lake, live } = this.#props;
    const schedule = new CfnSchedule(this, 'Run', {
      name: `inlet-${config.dataset}`,
      description: `Looks for a new release of ${config.dataset}`,
      scheduleExpression: config.schedule.expression,
      scheduleExpressionTimezone: config.schedule.time_zone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: liveAliasArn(this, config.dataset), roleArn: role.roleArn, input: JSON.stringify({ force: false }), retryPolicy: RETRY, deadLetterConfig: { arn: lake.deadLetterQueueArn } },
    });
    schedule.node.addDependency(policy, live);
  }

  /** A measurement that is lost is made again an hour later; nobody needs a dead letter of it. */
  #createFreshnessSchedule({ role, policy }: WorkloadRole): void {
    const { config, updateManifest } = this.#props;
    const schedule = new CfnSchedule(this, 'Freshness', {
      name: `inlet-${config.dataset}-freshness`,
      description: `Measures how long ago the source of ${config.dataset} was last looked at`,
      scheduleExpression: 'rate(1 hours)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: updateManifest.function.functionArn, roleArn: role.roleArn, input: JSON.stringify({ measure: 'freshness' }), retryPolicy: { maximumEventAgeInSeconds: 1800, maximumRetryAttempts: 2 } },
    });
    schedule.node.addDependency(policy);
  }
}
