/**
 * The pipeline as an Amazon States Language document: a pure function of a dataset's config. AWS Step Functions runs it in production,
 * an interpreter from npm on one machine. JSONPath only, because the interpreter knows no JSONata.
 */
import type { DatasetConfig } from '@inlet/dataset';
import { REJECTING_ERROR_NAMES, TRANSIENT_ERROR_NAMES } from '@inlet/errors';

/** The states that do work. Each is a Task whose resource the deployment binds; locally, a core function. */
export const TASK_STATES = ['FetchAndHash', 'Skip', 'Bronze', 'Silver', 'BronzeOnSpark', 'SilverOnSpark', 'QualityGate', 'UpdateManifest', 'Catalog', 'Reject', 'DeadLetter', 'Notify'] as const;

export type TaskState = (typeof TASK_STATES)[number];

type State = Record<string, unknown>;

export interface StateMachineDocument {
  Comment: string;
  StartAt: string;
  States: Record<string, State>;
}

/** Two, four and eight seconds; what is not named here is not retried. */
const RETRY = [{ ErrorEquals: [...TRANSIENT_ERROR_NAMES], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 }];
/** Losing the function, not the work: Lambda's own failures are worth the same three tries. */
const LAMBDA_RETRY = { ErrorEquals: ['Lambda.ServiceException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 };
const TO_DEAD_LETTER = { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'DeadLetter' };
const TO_REJECT = { ErrorEquals: [...REJECTING_ERROR_NAMES], ResultPath: '$.error', Next: 'Reject' };

/** The resource of a task, as a placeholder that the deployment fills in: `${FetchAndHashArn}`. */
export function resourcePlaceholder(state: TaskState): string {
  return `\${${state}Arn}`;
}

/** `resourceOf` names the resource behind each task; by default its placeholder. */
export function buildStateMachine(config: DatasetConfig, resourceOf: (state: TaskState) => string = resourcePlaceholder): StateMachineDocument {
  const task = (state: TaskState, resultPath: string, next: string, catches: State[] = [TO_DEAD_LETTER]): State => ({
    Type: 'Task',
    Resource: resourceOf(state),
    ResultPath: resultPath,
    Retry: [...RETRY, LAMBDA_RETRY],
    ...(catches.length > 0 && { Catch: catches }),
    Next: next,
  });
  const rejectable = [TO_REJECT, TO_DEAD_LETTER];
  return {
    Comment: `${config.dataset}: fetch, build, check and publish one release`,
    StartAt: 'FetchAndHash',
    States: {
      FetchAndHash: task('FetchAndHash', '$.fetch', 'Changed?'),
      'Changed?': choose([{ Variable: '$.fetch.changed', BooleanEquals: true, Next: 'ChooseEngine' }], 'Skip'),
      Skip: task('Skip', '$.outcome', 'Notify'),
      ChooseEngine: chooseEngine(config),
      Bronze: task('Bronze', '$.bronze', 'Silver', rejectable),
      Silver: task('Silver', '$.silver', 'ContentChanged?'),
      BronzeOnSpark: task('BronzeOnSpark', '$.bronze', 'SilverOnSpark', rejectable),
      SilverOnSpark: task('SilverOnSpark', '$.silver', 'ContentChanged?'),
      'ContentChanged?': choose([{ Variable: '$.silver.changed', BooleanEquals: true, Next: 'QualityGate' }], 'Skip'),
      QualityGate: task('QualityGate', '$.gate', 'Passed?'),
      'Passed?': choose([{ Variable: '$.gate.passed', BooleanEquals: true, Next: 'UpdateManifest' }], 'Reject'),
      UpdateManifest: task('UpdateManifest', '$.outcome', 'Catalog'),
      // The release is published by now: a catalog that cannot follow is a fault to be told of, and no longer the release's.
      Catalog: task('Catalog', '$.catalog', 'Notify', [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Notify' }]),
      Reject: task('Reject', '$.outcome', 'Notify'),
      DeadLetter: task('DeadLetter', '$.outcome', 'Notify', []),
      Notify: task('Notify', '$.notified', 'Failed?', [{ ErrorEquals: ['States.ALL'], ResultPath: '$.notifyError', Next: 'Failed?' }]),
      'Failed?': choose([{ Variable: '$.outcome.outcome', StringEquals: 'failed', Next: 'Failed' }], 'Done'),
      Failed: { Type: 'Fail', Error: 'RunFailed', Cause: 'The run has failed; its record says why.' },
      Done: { Type: 'Succeed' },
    },
  };
}

/** Spark when it is asked for, or when nothing is asked for and the release is larger than DuckDB should take. */
function chooseEngine({ engine }: DatasetConfig): State {
  const isLarge = { Variable: '$.fetch.bytes', NumericGreaterThan: engine.duckdb_max_bytes };
  const isAuto = { Variable: '$.engine', StringEquals: 'auto' };
  return choose(
    [
      { Variable: '$.engine', StringEquals: 'spark', Next: 'BronzeOnSpark' },
      { And: [isAuto, isLarge], Next: 'BronzeOnSpark' },
    ],
    'Bronze',
  );
}

function choose(choices: State[], otherwise: string): State {
  return { Type: 'Choice', Choices: choices, Default: otherwise };
}
