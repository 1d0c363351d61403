/** Each Task state bound to the core function that its Lambda calls, too. A handler takes what the state machine passes, and returns the task's result. */
import type { Dataset } from '@inlet/dataset';
import { PermanentError } from '@inlet/errors';
import {
  beginRun,
  buildBronzeTables,
  buildSilverTables,
  collectBronzeFromSpark,
  collectSilverFromSpark,
  fetchAndHash,
  judgeRelease,
  LEASE_TTL_MS,
  loadRelease,
  planBronzeOnSpark,
  planSilverOnSpark,
  publishCandidate,
  readManifest,
  recordFailure,
  recordRejected,
  recordUnchanged,
  RunStateSchema,
  runSparkJob,
  SPARK_LEASE_TTL_MS,
  type PipelineDeps,
  type RunState,
  type SourcePolicy,
} from '@inlet/pipeline';
import { z } from 'zod';
import type { FunctionState, JobState } from './state-machine';

/** What the state machine passes to a function. */
export const TaskEventSchema = z.object({
  state: z.string(),
  /** The execution's ARN. */
  executionId: z.string(),
  requestedAt: z.iso.datetime(),
  document: z.unknown(),
});

export type TaskEvent = z.infer<typeof TaskEventSchema>;

export type TaskHandler = (event: unknown) => Promise<unknown>;

/** What the state machine passes to a Glue job, as far as it names the plan. */
const JobEventSchema = z.object({ Arguments: z.object({ '--plan_key': z.string() }) });

/** The document with the results of earlier states that this one builds on. */
type Having<K extends keyof RunState> = RunState & { [P in K]-?: NonNullable<RunState[P]> };

function requireResults<K extends keyof RunState>(state: RunState, ...names: K[]): Having<K> {
  const missing = names.filter((name) => state[name] === undefined);
  if (missing.length > 0) {
    throw new PermanentError({ what: 'A state was entered without the results of those before it', expected: names.join(', '), found: `no ${missing.join(', ')}`, next: 'Start the run from the beginning.' });
  }
  return state as Having<K>;
}

/** `policy` says where sources given in a request may lie. */
export function createTaskHandlers(dataset: Dataset, deps: PipelineDeps, policy: SourcePolicy): Record<FunctionState, TaskHandler> {
  const handle = (run: (state: RunState) => Promise<unknown>, leaseTtlMs = LEASE_TTL_MS): TaskHandler => async (event) => {
    deps.signal?.throwIfAborted();
    const state = readState(event);
    await deps.ledger.acquireLease(state.dataset, deps.owner, leaseTtlMs);
    return run(state);
  };
  return {
    BeginRun: (event) => {
      const { requestedAt, document } = TaskEventSchema.parse(event);
      return beginRun(deps, dataset.config, { requestedAt: new Date(requestedAt), document, policy });
    },
    FetchAndHash: handle((state) => fetchAndHash(deps, dataset, state)),
    Skip: handle((state) => recordUnchanged(deps, requireResults(state, 'fetch'))),
    LoadRelease: handle((state) => loadRelease(deps, dataset, requireResults(state, 'replay'))),
    Bronze: handle((state) => buildBronzeTables(deps, dataset, requireResults(state, 'fetch'))),
    Silver: handle((state) => buildSilverTables(deps, dataset, requireResults(state, 'fetch', 'bronze'))),
    PlanBronzeOnSpark: handle((state) => planBronzeOnSpark(deps, dataset, requireResults(state, 'fetch').fetch), SPARK_LEASE_TTL_MS),
    CollectBronzeFromSpark: handle((state) => collectBronzeFromSpark(deps, dataset, requireResults(state, 'fetch', 'bronzePlan'))),
    PlanSilverOnSpark: handle((state) => planSilverOnSpark(deps, dataset, requireResults(state, 'fetch', 'bronze')), SPARK_LEASE_TTL_MS),
    CollectSilverFromSpark: handle((state) => collectSilverFromSpark(deps, requireResults(state, 'fetch', 'bronze', 'silverPlan'))),
    QualityGate: handle((state) => judgeRelease(deps, dataset, requireResults(state, 'fetch', 'bronze', 'silver'))),
    UpdateManifest: handle((state) => publishCandidate(deps, dataset, requireResults(state, 'fetch', 'bronze', 'silver', 'gate'))),
    // The run has ended and given its lease back: whoever runs now has nothing against the catalog following the manifest.
    Catalog: () => registerRelease(deps, dataset.config.dataset),
    Reject: handle((state) => recordRejected(deps, state)),
    // Recording a failure is the one thing that an interrupted run still does.
    DeadLetter: (event) => {
      const { requestedAt, document } = TaskEventSchema.parse(event);
      return recordFailure(deps, { dataset: dataset.config.dataset, requestedAt: new Date(requestedAt), document });
    },
    Notify: (event) => notifyOfRun(deps, dataset.config.dataset, TaskEventSchema.parse(event).document),
  };
}

/** The Glue jobs, where no Glue is: the engine that stands in for them does what their plans say. */
export function createJobHandlers(deps: PipelineDeps): Record<JobState, TaskHandler> {
  const run: TaskHandler = async (event) => {
    deps.signal?.throwIfAborted();
    await runSparkJob(deps, JobEventSchema.parse(event).Arguments['--plan_key']);
    return {};
  };
  return { BronzeOnSpark: run, SilverOnSpark: run };
}

const readState = (event: unknown): RunState => RunStateSchema.parse(TaskEventSchema.parse(event).document);

/** Points the catalog at the release that the manifest names now. */
export async function registerRelease({ store, catalog }: Pick<PipelineDeps, 'store' | 'catalog'>, dataset: string): Promise<{ registered: boolean }> {
  const release = (await readManifest(store, dataset))?.manifest.current;
  if (release) await catalog.register(dataset, release);
  return { registered: Boolean(release) };
}

/** A run that failed before it had begun has no whole run state; how it ended is there all the same. */
const EndedSchema = z.object({ outcome: z.object({ runId: z.string() }).optional() });

async function notifyOfRun({ ledger, notifier }: Pick<PipelineDeps, 'ledger' | 'notifier'>, dataset: string, document: unknown): Promise<{ notified: boolean }> {
  const { outcome } = EndedSchema.parse(document);
  const record = outcome && (await ledger.getRun(outcome.runId, dataset));
  if (record) await notifier.notify(record);
  return { notified: Boolean(record) };
}
