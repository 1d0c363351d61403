/** What every function of the state machine does around its states: checks what it is given, bounds the work in time and space, and logs. */
import type { Dataset } from '@inlet/dataset';
import type { PipelineFunction } from '@inlet/deployment';
import { PermanentError } from '@inlet/errors';
import { createTaskHandlers, FUNCTION_OF_STATE, TaskEventSchema, type FunctionState, type TaskEvent } from '@inlet/orchestrator';
import type { PipelineDeps } from '@inlet/pipeline';
import { z } from 'zod';
import { startDeadline } from './deadline';
import { shorten } from './effects/message-text';
import { JsonLog, logProgress, type WriteLine } from './json-log';
import type { LambdaContext, LambdaHandler } from './lambda-context';
import type { TaskSetting } from './pipeline-deps';
import { removeLeftScratchDirs, scratchRoot, withScratchDir } from './scratch-dir';

export interface TaskFunctionOptions {
  name: PipelineFunction;
  /** Id of the dataset. */
  dataset: string;
  readDataset: (id: string) => Promise<Dataset>;
  createDeps: (task: TaskSetting) => PipelineDeps;
  /** Where sources named in a request may lie. @default nowhere */
  sourceHosts?: readonly string[];
  /** @default standard output */
  writeLine?: WriteLine;
  /** Folder for scratch space. @default one below /tmp */
  scratchRoot?: string;
}

/** Step Functions keeps 32 kB of a cause, and as JSON only if it is whole. */
const MOST_MESSAGE_CHARACTERS = 8_000;

/**
 * The handler of a function that takes `{ state, executionId, requestedAt, document }` and returns the state's result. Errors keep their names:
 * the state machine matches them. Throws PermanentError for a state of another function.
 */
export function createTaskFunction(options: TaskFunctionOptions): LambdaHandler {
  const root = options.scratchRoot ?? scratchRoot(`${options.dataset}-${options.name}`);
  const start = memoize(async () => {
    await removeLeftScratchDirs(root);
    return options.readDataset(options.dataset);
  });
  return async (event, context) => {
    const task = readTask(event, options.name);
    const log = new JsonLog({ dataset: options.dataset, function: options.name, executionId: task.executionId, state: task.state, ...findRunId(task.document) }, options.writeLine);
    return logged(log, async () => {
      const dataset = await start();
      return withScratchDir(root, (scratchDir) => runState(options, { dataset, task, context, log, scratchDir }));
    });
  };
}

type OwnTask = TaskEvent & { state: FunctionState };

interface Invocation {
  dataset: Dataset;
  task: OwnTask;
  context: LambdaContext;
  log: JsonLog;
  scratchDir: string;
}

async function runState({ createDeps, sourceHosts = [] }: TaskFunctionOptions, { dataset, task, context, log, scratchDir }: Invocation): Promise<unknown> {
  const deadline = startDeadline(context, task.state);
  try {
    const deps = createDeps({ executionId: task.executionId, scratchDir, signal: deadline.signal, observe: logProgress(log) });
    return await createTaskHandlers(dataset, deps, { hosts: sourceHosts })[task.state](task);
  } finally {
    deadline.clear();
  }
}

function readTask(event: unknown, name: PipelineFunction): OwnTask {
  const { success, data } = TaskEventSchema.safeParse(event);
  if (!success) {
    throw new PermanentError({ what: `The function ${name} was called with something that is no task`, expected: '{ state, executionId, requestedAt, document }, as the state machine passes it', found: describeShape(event), next: 'Start the dataset with its trigger function, or start its state machine.' });
  }
  if (isOwnState(data, name)) return data;
  throw new PermanentError({ what: `The function ${name} was called with a state that is not its own`, expected: statesOf(name).join(', '), found: shorten(data.state, 100), next: 'Deploy the dataset\'s stack again: state machine and functions belong to different versions.' });
}

const statesOf = (name: PipelineFunction) => Object.entries(FUNCTION_OF_STATE).filter(([, owner]) => owner === name).map(([state]) => state);

const isOwnState = (task: TaskEvent, name: PipelineFunction): task is OwnTask => statesOf(name).includes(task.state);

const describeShape = (event: unknown) => (typeof event === 'object' && event !== null ? `an object with ${shorten(Object.keys(event).join(', '), 200) || 'no keys'}` : typeof event);

/** A line at the beginning and one at the end, whichever it is. */
async function logged(log: JsonLog, work: () => Promise<unknown>): Promise<unknown> {
  const startedAt = Date.now();
  log.write('info', 'state-entered');
  try {
    const result = await work();
    log.with(findRunId({ fetch: result, outcome: result })).write('info', 'state-exited', { durationMs: Date.now() - startedAt, outcome: findOutcome(result) });
    return result;
  } catch (error) {
    const thrown = withShortMessage(error);
    log.write('error', 'state-failed', { durationMs: Date.now() - startedAt, error: thrown.name, message: thrown.message });
    throw thrown;
  }
}

function withShortMessage(error: unknown): Error {
  const thrown = error instanceof Error ? error : new Error(String(error));
  if (thrown.message.length > MOST_MESSAGE_CHARACTERS) {
    thrown.message = shorten(thrown.message, MOST_MESSAGE_CHARACTERS);
    thrown.stack = `${thrown.name}: ${thrown.message}`;
  }
  return thrown;
}

const NamesRunSchema = z.object({ runId: z.string() });
const DocumentSchema = z.object({ fetch: z.unknown(), outcome: z.unknown() });

/** For the logs: the run's id as soon as some result tells it. */
function findRunId(document: unknown): { runId?: string } {
  const { data } = DocumentSchema.safeParse(document);
  const named = [data?.outcome, data?.fetch].map((part) => NamesRunSchema.safeParse(part).data).find((part) => part !== undefined);
  return named ? { runId: named.runId } : {};
}

const findOutcome = (result: unknown) => z.object({ outcome: z.string() }).safeParse(result).data?.outcome;

/** Remembers success only: a fault may be gone with the next invocation. */
function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
