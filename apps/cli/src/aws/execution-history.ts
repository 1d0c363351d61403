/** Tells an execution of the state machine as the events of a run, so that it looks like a run on this machine. */
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { RunEvent } from '@inlet/pipeline';

export interface ExecutionEnd {
  status: 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  error?: string;
  cause?: string;
}

/** A state under way. Each try of it is told as entering it once more, as a local run does. */
interface Visit {
  state: string;
  enteredAt: Date;
  hasFailed: boolean;
}

/** Reads events in order, each once. Only states that do work are told of. */
export class HistoryReader {
  #visit: Visit | undefined;
  /** Set once a state has said how the run ended. */
  runId: string | undefined;
  /** Set once the execution has ended. */
  end: ExecutionEnd | undefined;

  read(event: HistoryEvent): RunEvent[] {
    const at = event.timestamp ?? new Date(0);
    const output = event.stateExitedEventDetails?.output;
    if (output !== undefined) this.runId = findRunId(output) ?? this.runId;
    switch (event.type) {
      case 'TaskStateEntered':
        return this.#enter(event.stateEnteredEventDetails?.name ?? '', at);
      // Of a second and later try; a first one is scheduled as the state is entered.
      case 'TaskScheduled':
      case 'LambdaFunctionScheduled':
        return this.#visit?.hasFailed ? this.#enter(this.#visit.state, at) : [];
      case 'TaskStateExited':
        return this.#exit(at);
      default:
        this.end = describeEnd(event) ?? this.end;
        return this.#fail(event, at);
    }
  }

  #enter(state: string, at: Date): RunEvent[] {
    this.#visit = { state, enteredAt: at, hasFailed: false };
    return [{ type: 'state-entered', state, at }];
  }

  /** A state whose error was caught exits as well. */
  #exit(at: Date): RunEvent[] {
    const visit = this.#visit;
    this.#visit = undefined;
    if (visit === undefined || visit.hasFailed) return [];
    return [{ type: 'state-exited', state: visit.state, at, durationMs: Math.max(0, at.getTime() - visit.enteredAt.getTime()) }];
  }

  #fail(event: HistoryEvent, at: Date): RunEvent[] {
    const failure = findFailure(event);
    if (failure === undefined || this.#visit === undefined || this.#visit.hasFailed) return [];
    this.#visit.hasFailed = true;
    return [{ type: 'state-failed', state: this.#visit.state, at, error: { name: failure.error ?? 'UnknownError', message: failure.cause ?? '' } }];
  }
}

function findFailure(event: HistoryEvent): { error?: string; cause?: string } | undefined {
  return (
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.lambdaFunctionScheduleFailedEventDetails ??
    event.lambdaFunctionStartFailedEventDetails
  );
}

function describeEnd(event: HistoryEvent): ExecutionEnd | undefined {
  switch (event.type) {
    case 'ExecutionSucceeded':
      return { status: 'SUCCEEDED' };
    case 'ExecutionFailed':
      return { status: 'FAILED', ...event.executionFailedEventDetails };
    case 'ExecutionAborted':
      return { status: 'ABORTED', ...event.executionAbortedEventDetails };
    case 'ExecutionTimedOut':
      return { status: 'TIMED_OUT', ...event.executionTimedOutEventDetails };
    default:
      return undefined;
  }
}

/** `outcome.runId` of the document, where there is one. */
function findRunId(output: string): string | undefined {
  try {
    const document: { outcome?: { runId?: unknown } } | null = JSON.parse(output);
    const runId = document?.outcome?.runId;
    return typeof runId === 'string' ? runId : undefined;
  } catch {
    return undefined;
  }
}
