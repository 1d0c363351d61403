/**
 * The pipeline as an Amazon States Language document: a pure function of a dataset's config. AWS Step Functions runs it in production,
 * an interpreter from npm on one machine. JSONPath only, because the interpreter knows no JSONata.
 */
import type { DatasetConfig } from '@inlet/dataset';
import type { PipelineFunction } from '@inlet/deployment';
import { REJECTING_ERROR_NAMES, TRANSIENT_ERROR_NAMES } from '@inlet/errors';

/** The function that does the work of each state. Locally, the core function that it calls. */
export const FUNCTION_OF_STATE = {
  BeginRun: 'fetch-and-hash',
  FetchAndHash: 'fetch-and-hash',
  Skip: 'update-manifest',
  LoadRelease: 'transform',
  Bronze: 'transform',
  Silver: 'transform',
  PlanBronzeOnSpark: 'transform',
  CollectBronzeFromSpark: 'transform',
  PlanSilverOnSpark: 'transform',
  CollectSilverFromSpark: 'transform',
  QualityGate: 'transform',
  UpdateManifest: 'update-manifest',
  Catalog: 'catalog',
  Reject: 'update-manifest',
  DeadLetter: 'update-manifest',
  Notify: 'update-manifest',
} as const satisfies Record<string, PipelineFunction>;

export type FunctionState = keyof typeof FUNCTION_OF_STATE;

/** The states that are Glue jobs. */
export type JobState = 'BronzeOnSpark' | 'SilverOnSpark';

export type TaskState = FunctionState | JobState;

/** Every state that does work. */
export const TASK_STATES: readonly TaskState[] = [...(Object.keys(FUNCTION_OF_STATE) as FunctionState[]), 'BronzeOnSpark', 'SilverOnSpark'];

type State = Record<string, unknown>;

export interface StateMachineDocument {
  Comment: string;
  StartAt: string;
  States: Record<string, State>;
}

export interface StateMachineBindings {
  /** @default a placeholder such as `${FetchAndHashFunctionArn}`, for a deployment to fill in */
  functionArn?: (name: PipelineFunction) => string;
  /** AWS partition of the Glue integration. @default 'aws' */
  partition?: string;
}

/** Two, four and eight seconds; what is not named here is not retried. */
const RETRY = { ErrorEquals: [...TRANSIENT_ERROR_NAMES], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 };
/** Losing the function, not the work: Lambda's own failures (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html) are worth the same three tries. */
const LAMBDA_FAILURES = ['Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'];
const LAMBDA_RETRY = { ErrorEquals: LAMBDA_FAILURES, IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 };
/** Glue runs as many jobs at once as it may; a place becomes free in minutes. */
const GLUE_RETRY = { ErrorEquals: ['Glue.ConcurrentRunsExceededException', 'Glue.ThrottlingException', 'Glue.InternalServiceException'], IntervalSeconds: 60, BackoffRate: 2, MaxAttempts: 5 };
/** Longer than any release takes; a job that hangs is a failed run, not a bill. */
const JOB_TIMEOUT_SECONDS = 8 * 60 * 60;

const TO_DEAD_LETTER = { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'DeadLetter' };
const TO_REJECT = { ErrorEquals: [...REJECTING_ERROR_NAMES], ResultPath: '$.error', Next: 'Reject' };

/** `${FetchAndHashFunctionArn}` */
export function functionPlaceholder(name: PipelineFunction): string {
  const pascal = name.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return `\${${pascal}FunctionArn}`;
}

export function buildStateMachine(config: DatasetConfig, { functionArn = functionPlaceholder, partition = 'aws' }: StateMachineBindings = {}): StateMachineDocument {
  /** Without a result path, the result takes the place of the whole document. */
  const task = (state: FunctionState, resultPath: string | undefined, next: string, catches: State[] = [TO_DEAD_LETTER]): State => ({
    Type: 'Task',
    Resource: functionArn(FUNCTION_OF_STATE[state]),
    Parameters: { state, 'executionId.$': '$$.Execution.Id', 'requestedAt.$': '$$.Execution.StartTime', 'document.$': '$' },
    ...(resultPath !== undefined && { ResultPath: resultPath }),
    Retry: [RETRY, LAMBDA_RETRY],
    ...(catches.length > 0 && { Catch: catches }),
    Next: next,
  });
  const job = (name: string, plan: string, next: string): State => runGlueJob(config, { name, plan, next, partition });
  const rejectable = [TO_REJECT, TO_DEAD_LETTER];
  return {
    Comment: `${config.dataset}: fetch, build, check and publish one release`,
    StartAt: 'BeginRun',
    States: {
      BeginRun: task('BeginRun', undefined, 'Replay?'),
      'Replay?': choose([{ Variable: '$.replay', IsPresent: true, Next: 'LoadRelease' }], 'FetchAndHash'),
      // In the place of a fetch and of bronze: both are those of the run that is replayed.
      LoadRelease: task('LoadRelease', undefined, 'ChooseEngineOfReplay'),
      ChooseEngineOfReplay: chooseEngine(config, { duckdb: 'Silver', spark: 'PlanSilverOnSpark' }),
      FetchAndHash: task('FetchAndHash', '$.fetch', 'Changed?'),
      'Changed?': choose([{ Variable: '$.fetch.changed', BooleanEquals: true, Next: 'ChooseEngine' }], 'Skip'),
      // The catalog is told once more of a release that it may have missed; where it knows, nothing is written.
      Skip: task('Skip', '$.outcome', 'Catalog'),
      ChooseEngine: chooseEngine(config, { duckdb: 'Bronze', spark: 'PlanBronzeOnSpark' }),
      Bronze: task('Bronze', '$.bronze', 'Silver', rejectable),
      Silver: task('Silver', '$.silver', 'QualityGate'),
      PlanBronzeOnSpark: task('PlanBronzeOnSpark', '$.bronzePlan', 'BronzeOnSpark', rejectable),
      BronzeOnSpark: job(config.bronze_job_name, '$.bronzePlan', 'CollectBronzeFromSpark'),
      CollectBronzeFromSpark: task('CollectBronzeFromSpark', '$.bronze', 'PlanSilverOnSpark'),
      PlanSilverOnSpark: task('PlanSilverOnSpark', '$.silverPlan', 'SilverOnSpark'),
      SilverOnSpark: job(config.silver_job_name, '$.silverPlan', 'CollectSilverFromSpark'),
      CollectSilverFromSpark: task('CollectSilverFromSpark', '$.silver', 'QualityGate'),
      // Before the content is compared: rules may have changed where tables have not.
      QualityGate: task('QualityGate', '$.gate', 'Passed?'),
      'Passed?': choose([{ Variable: '$.gate.passed', BooleanEquals: true, Next: 'ContentChanged?' }], 'Reject'),
      'ContentChanged?': choose([{ Variable: '$.silver.changed', BooleanEquals: true, Next: 'UpdateManifest' }], 'Skip'),
      UpdateManifest: task('UpdateManifest', '$.outcome', 'Catalog'),
      // The release is published by now, and its run has ended: a catalog that cannot follow leaves a dead letter, and not a failed run.
      Catalog: task('Catalog', '$.catalog', 'Notify'),
      Reject: task('Reject', '$.outcome', 'Notify'),
      DeadLetter: task('DeadLetter', '$.outcome', 'Notify', []),
      Notify: task('Notify', '$.notified', 'Failed?', [{ ErrorEquals: ['States.ALL'], ResultPath: '$.notifyError', Next: 'Failed?' }]),
      'Failed?': choose([{ Variable: '$.outcome.outcome', StringEquals: 'failed', Next: 'Failed' }], 'Done'),
      Failed: { Type: 'Fail', Error: 'RunFailed', Cause: 'The run has failed; its record says why.' },
      Done: { Type: 'Succeed' },
    },
  };
}

/** The plan's workers, not the job's own: they were computed from the bytes. */
function runGlueJob({ worker_type }: DatasetConfig, { name, plan, next, partition }: { name: string; plan: string; next: string; partition: string }): State {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::glue:startJobRun.sync`,
    Parameters: {
      JobName: name,
      WorkerType: worker_type,
      'NumberOfWorkers.$': `${plan}.workers`,
      Arguments: { '--lake_root.$': `${plan}.lakeRoot`, '--plan_key.$': `${plan}.planKey` },
    },
    ResultPath: null,
    TimeoutSeconds: JOB_TIMEOUT_SECONDS,
    Retry: [GLUE_RETRY],
    Catch: [TO_DEAD_LETTER],
    Next: next,
  };
}

/** Spark when it is asked for, or when nothing is asked for and the release is larger than DuckDB should take. */
function chooseEngine({ engine }: DatasetConfig, next: { duckdb: string; spark: string }): State {
  const isLarge = { Variable: '$.fetch.bytes', NumericGreaterThan: engine.duckdb_max_bytes };
  const isAuto = { Variable: '$.engine', StringEquals: 'auto' };
  return choose(
    [
      { Variable: '$.engine', StringEquals: 'spark', Next: next.spark },
      { And: [isAuto, isLarge], Next: next.spark },
    ],
    next.duckdb,
  );
}

function choose(choices: State[], otherwise: string): State {
  return { Type: 'Choice', Choices: choices, Default: otherwise };
}
