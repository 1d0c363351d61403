/** What people are woken for, and what they look at then: a dataset's alarms and its dashboard. */
import { Duration, Fn } from 'aws-cdk-lib';
import { Alarm, AlarmStatusWidget, ComparisonOperator, Dashboard, GraphWidget, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { DatasetConfig } from '@inlet/dataset';
import { functionName, HOURS_SINCE_CHECK, METRIC_NAMESPACE } from '@inlet/deployment';
import { Construct } from 'constructs';
import { cadenceHours } from './cadence';
import type { DatasetFunctions } from './dataset-functions';
import type { LakeAccess } from './lake-access';

export interface MonitoringProps {
  readonly config: DatasetConfig;
  readonly lake: LakeAccess;
  readonly functions: DatasetFunctions;
  readonly stateMachine: CfnStateMachine;
  /**
   * How long an execution may take before someone is told.
   *
   * @default two hours
   */
  readonly maxDuration?: Duration;
}

/** Beyond the longest gap of its schedule and half of it again: a run has to end, too, and one may fail. */
const OVERDUE_FACTOR = 1.5;
const OVERDUE_GRACE_HOURS = 3;

/** Hours after which a look at the source is overdue; Infinity for a schedule that comes to an end. */
export function overdueHours({ schedule }: Pick<DatasetConfig, 'schedule'>): number {
  return Math.ceil(cadenceHours(schedule.expression) * OVERDUE_FACTOR + OVERDUE_GRACE_HOURS);
}

interface AlarmRule {
  name: string;
  description: string;
  metric: IMetric;
  threshold: number;
  periods?: number;
  missing?: TreatMissingData;
}

export class Monitoring extends Construct {
  readonly #props: MonitoringProps;
  readonly #alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.#props = props;
    this.#alarmOnFailedRuns();
    this.#alarmOnDeadLetters();
    this.#alarmOnDuration();
    this.#alarmOnOverdueRelease();
    this.#createDashboard();
  }

  /** An alarm for each way to end badly, so that its name says which; one over their sum would cost as much. */
  #alarmOnFailedRuns(): void {
    const endings = [
      { id: 'Failed', name: 'failed', metricName: 'ExecutionsFailed', what: 'has failed' },
      { id: 'TimedOut', name: 'timed-out', metricName: 'ExecutionsTimedOut', what: 'has timed out' },
      { id: 'Aborted', name: 'aborted', metricName: 'ExecutionsAborted', what: 'was aborted' },
    ];
    for (const { id, name, metricName, what } of endings) {
      this.#alarm(id, { name, description: `A run of ${this.#dataset} ${what}: npx inlet history ${this.#dataset} --aws`, metric: this.#executions(metricName, Stats.SUM), threshold: 0 });
    }
  }

  #alarmOnDeadLetters(): void {
    this.#alarm('DeadLetters', {
      name: 'dead-letters',
      description: `Dead letters are waiting; those of ${this.#dataset} go back with: npx inlet redrive ${this.#dataset} --aws`,
      metric: this.#deadLetters(),
      threshold: 0,
      // An idle queue says nothing of itself; letters that wait have not gone for that.
      missing: TreatMissingData.IGNORE,
    });
  }

  #alarmOnDuration(): void {
    const maxDuration = this.#props.maxDuration ?? Duration.hours(2);
    this.#alarm('Duration', {
      name: 'duration',
      description: `A run of ${this.#dataset} took more than ${maxDuration.toHumanString()}`,
      metric: this.#executions('ExecutionTime', Stats.MAXIMUM),
      threshold: maxDuration.toMilliseconds(),
    });
  }

  /** Silence is bad news here: nothing measures, so nothing runs. */
  #alarmOnOverdueRelease(): void {
    const threshold = overdueHours(this.#props.config);
    if (!Number.isFinite(threshold)) return;
    this.#alarm('Overdue', {
      name: 'overdue',
      description: `Nobody has found ${this.#dataset} published or unchanged for ${threshold} hours; its schedule is ${this.#props.config.schedule.expression}`,
      metric: this.#hoursSinceCheck(),
      threshold,
      periods: 3,
      missing: TreatMissingData.BREACHING,
    });
  }

  #alarm(id: string, { name, description, metric, threshold, periods = 1, missing = TreatMissingData.NOT_BREACHING }: AlarmRule): void {
    const alarm = new Alarm(this, id, {
      alarmName: `inlet-${this.#dataset}-${name}`,
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: missing,
    });
    alarm.addAlarmAction(new SnsAction(Topic.fromTopicArn(this, `${id}Topic`, this.#props.lake.topicArn)));
    this.#alarms.push(alarm);
  }

  #createDashboard(): void {
    const half = { width: 12, height: 6 };
    const functions = this.#props.functions.all.map(([kind]) => kind);
    const ofFunctions = (name: string, statistic: string) =>
      functions.map((kind) => new Metric({ namespace: 'AWS/Lambda', metricName: name, dimensionsMap: { FunctionName: functionName(this.#dataset, kind) }, statistic, label: kind }));
    const outcomes = ['ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'];
    new Dashboard(this, 'Dashboard', {
      dashboardName: `inlet-${this.#dataset}`,
      widgets: [
        [new AlarmStatusWidget({ title: `Alarms of ${this.#dataset}`, alarms: this.#alarms, width: 24, height: 3 })],
        [
          new GraphWidget({ title: 'Runs', left: outcomes.map((name) => this.#executions(name, Stats.SUM)), ...half }),
          new GraphWidget({ title: 'Duration of runs (ms)', left: [this.#executions('ExecutionTime', Stats.MAXIMUM)], ...half }),
        ],
        [
          new GraphWidget({ title: 'Hours since the source was last looked at', left: [this.#hoursSinceCheck()], ...half }),
          new GraphWidget({ title: 'Dead letters', left: [this.#deadLetters()], ...half }),
        ],
        [
          new GraphWidget({ title: 'Duration of functions (ms)', left: ofFunctions('Duration', Stats.MAXIMUM), ...half }),
          new GraphWidget({ title: 'Errors of functions', left: ofFunctions('Errors', Stats.SUM), ...half }),
        ],
      ],
    });
  }

  get #dataset(): string {
    return this.#props.config.dataset;
  }

  #executions(metricName: string, statistic: string): Metric {
    return new Metric({ namespace: 'AWS/States', metricName, dimensionsMap: { StateMachineArn: this.#props.stateMachine.ref }, statistic, period: Duration.minutes(5) });
  }

  /** The queue's name is the last part of its ARN. */
  #deadLetters(): Metric {
    const QueueName = Fn.select(5, Fn.split(':', this.#props.lake.deadLetterQueueArn));
    return new Metric({ namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', dimensionsMap: { QueueName }, statistic: Stats.MAXIMUM, period: Duration.minutes(5) });
  }

  #hoursSinceCheck(): Metric {
    return new Metric({ namespace: METRIC_NAMESPACE, metricName: HOURS_SINCE_CHECK, dimensionsMap: { Dataset: this.#dataset }, statistic: Stats.MAXIMUM, period: Duration.hours(1) });
  }
}
