/** Runs a dataset's state machine document on this machine, from a request to the run's record. */
import type { Dataset } from '@inlet/dataset';
import { InterruptedError, PermanentError } from '@inlet/errors';
import type { RunRecord } from '@inlet/manifest';
import { LEASE_TTL_MS, recordFailure, type PipelineDeps, type RunRequest, type SourcePolicy } from '@inlet/pipeline';
import { StateMachine } from 'aws-local-stepfunctions';
import { buildStateMachine, TASK_STATES, type TaskState } from './state-machine';
import { createJobHandlers, createTaskHandlers, TaskEventSchema, type TaskHandler } from './task-handlers';

/** How long an interrupted run may take to stop by itself; then it is stopped where it stands (in a pause between tries, say). */
const INTERRUPT_GRACE_MS = 1000;

type RunOptions = NonNullable<Parameters<StateMachine['run']>[1]>;
/** The interpreter types a task's result as JSON, which the handlers' results are. */
type LocalHandlers = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>;

/** The interpreter wants an ARN where the document has a placeholder; it is never called. */
const localArn = (name: string) => `arn:aws:lambda:local:000000000000:function:${name}`;

/** A person may give their own run any file. */
const ANY_SOURCE: SourcePolicy = { hosts: 'any' };

export interface LocalRunOptions {
  /** Pauses between tries, per state, in milliseconds. For tests. */
  retryIntervalsMs?: Partial<Record<TaskState, number>>;
}

/** Ends with the run's record, whatever the outcome; throws only when even a failure cannot be recorded. */
export async function runPipeline(dataset: Dataset, request: RunRequest, deps: PipelineDeps, options: LocalRunOptions = {}): Promise<RunRecord> {
  const id = dataset.config.dataset;
  const requestedAt = deps.clock.now();
  deps.observe({ type: 'run-started', dataset: id, at: requestedAt });
  const heartbeat = setInterval(() => void renewLease(deps, id), LEASE_TTL_MS / 6).unref();
  try {
    const runId = await execute(dataset, { request, requestedAt }, deps, options);
    const record = await deps.ledger.getRun(runId, id);
    if (record === undefined) throw new PermanentError({ what: 'A run ended without a record', where: runId, next: 'Look at `inlet doctor`.' });
    return record;
  } finally {
    clearInterval(heartbeat);
    await deps.ledger.releaseLease(id, deps.owner.executionId);
  }
}

/** A lost lease shows at the next state, which cannot renew it either. */
async function renewLease({ ledger, owner }: PipelineDeps, dataset: string): Promise<void> {
  await ledger.acquireLease(dataset, owner, LEASE_TTL_MS).catch(() => undefined);
}

interface Requested {
  request: RunRequest;
  requestedAt: Date;
}

async function execute(dataset: Dataset, { request, requestedAt }: Requested, deps: PipelineDeps, options: LocalRunOptions): Promise<string> {
  const { force, engine, sources, replay } = request;
  const input = { force, engine, sources: [...sources], ...(replay !== undefined && { replay }) };
  const tasks = new TaskRunner({ ...createTaskHandlers(dataset, deps, ANY_SOURCE), ...createJobHandlers(deps) }, deps, { input, requestedAt });
  const recordAfterwards = async (error: unknown) => (await recordFailure(deps, { dataset: dataset.config.dataset, requestedAt, document: withError(tasks.document, error) })).runId;
  const document = buildStateMachine(dataset.config, { functionArn: localArn });
  // The document is validated in tests, with an independent validator; here it would only cost time.
  const machine = new StateMachine(document as unknown as ConstructorParameters<typeof StateMachine>[0], { validationOptions: { noValidate: true } });
  try {
    const execution = machine.run(input, {
      noThrowOnAbort: true,
      context: { Execution: { Id: deps.owner.executionId } },
      overrides: { taskResourceLocalHandlers: tasks.handlers as LocalHandlers, retryIntervalOverrides: options.retryIntervalsMs },
    });
    const stop = () => setTimeout(() => tasks.runId === undefined && execution.abort(), INTERRUPT_GRACE_MS).unref();
    deps.signal?.addEventListener('abort', stop, { once: true });
    await execution.result.finally(() => deps.signal?.removeEventListener('abort', stop));
  } catch (error) {
    return tasks.runId ?? recordAfterwards(error);
  }
  // An aborted execution leaves a task behind, which may be about to publish: only its end tells how the run has ended.
  await tasks.underWay;
  return tasks.runId ?? recordAfterwards(interruption(deps));
}

/** The tasks as the interpreter calls them; remembers how far the run has come. */
class TaskRunner {
  readonly handlers: Record<string, TaskHandler>;
  /** Set once the run has ended. */
  runId: string | undefined;
  /** What the last function was given. */
  document: unknown;
  /** Resolves, and never rejects, when the last task has ended. */
  underWay: Promise<void> = Promise.resolve();
  /** The interpreter puts the time of its own clock in the place of the execution's start. */
  readonly #requestedAt: string;

  constructor(handlers: Record<TaskState, TaskHandler>, deps: PipelineDeps, { input, requestedAt }: { input: unknown; requestedAt: Date }) {
    this.document = input;
    this.#requestedAt = requestedAt.toISOString();
    this.handlers = Object.fromEntries(TASK_STATES.map((state) => [state, this.#watch(observed(state, deps, handlers[state]))]));
  }

  #watch(handler: TaskHandler): TaskHandler {
    return async (input) => {
      const result = this.#run(handler, input);
      this.underWay = result.then(() => undefined, () => undefined);
      return result;
    };
  }

  async #run(handler: TaskHandler, input: unknown): Promise<unknown> {
    const event = TaskEventSchema.safeParse(input);
    if (event.success) this.document = event.data.document;
    const result = await handler(event.success ? { ...event.data, requestedAt: this.#requestedAt } : input);
    if (isEnding(result)) this.runId = result.runId;
    return result;
  }
}

/** For failures that the state machine itself could not record: an abort, or a state that failed while recording. What led to the dead letters is then the failure. */
function withError(document: unknown, error: unknown): unknown {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const known = typeof document === 'object' && document !== null ? document : {};
  return { error: { Error: name, Cause: message }, ...known };
}

function interruption({ signal }: PipelineDeps): Error {
  return signal?.reason instanceof Error ? signal.reason : new InterruptedError({ what: 'The run was interrupted', next: 'Run it again; nothing was published.' });
}

/** Tells the observer when a state begins and ends. */
function observed(state: TaskState, { observe, clock }: PipelineDeps, handler: TaskHandler): TaskHandler {
  return async (document) => {
    const enteredAt = clock.now();
    observe({ type: 'state-entered', state, at: enteredAt });
    try {
      const result = await handler(document);
      const at = clock.now();
      observe({ type: 'state-exited', state, at, durationMs: at.getTime() - enteredAt.getTime() });
      return result;
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      observe({ type: 'state-failed', state, at: clock.now(), error: { name, message } });
      throw error;
    }
  };
}

function isEnding(result: unknown): result is { outcome: string; runId: string } {
  return typeof result === 'object' && result !== null && 'outcome' in result && 'runId' in result;
}
