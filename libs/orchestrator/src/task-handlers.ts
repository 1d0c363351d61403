/** Each Task state bound to the core function that its Lambda calls, too. A handler takes the state machine's document and returns the task's result. */
import type { Dataset } from '@inlet/dataset';
import { PermanentError } from '@inlet/errors';
import {
  buildBronzeTables,
  buildSilverTables,
  fetchAndHash,
  judgeRelease,
  LEASE_TTL_MS,
  publishCandidate,
  readManifest,
  recordFailed,
  recordRejected,
  recordUnchanged,
  RunStateSchema,
  type PipelineDeps,
  type RunState,
} from '@inlet/pipeline';
import type { TaskState } from './state-machine';

export type TaskHandler = (input: unknown) => Promise<unknown>;

/** The document with the results of earlier states that this one builds on. */
type Having<K extends keyof RunState> = RunState & { [P in K]-?: NonNullable<RunState[P]> };

function requireResults<K extends keyof RunState>(state: RunState, ...names: K[]): Having<K> {
  const missing = names.filter((name) => state[name] === undefined);
  if (missing.length > 0) {
    throw new PermanentError({ what: 'A state was entered without the results of those before it', expected: names.join(', '), found: `no ${missing.join(', ')}`, next: 'Start the run from the beginning.' });
  }
  return state as Having<K>;
}

export function createTaskHandlers(dataset: Dataset, deps: PipelineDeps): Record<TaskState, TaskHandler> {
  const handle = (run: (state: RunState) => Promise<unknown>): TaskHandler => async (input) => {
    deps.signal?.throwIfAborted();
    const state = RunStateSchema.parse(input);
    await deps.ledger.acquireLease(state.dataset, deps.owner, LEASE_TTL_MS);
    return run(state);
  };
  const bronze = (engine: 'duckdb' | 'spark') => handle((state) => buildBronzeTables(deps, dataset, requireResults(state, 'fetch'), engine));
  const silver = (engine: 'duckdb' | 'spark') => handle((state) => buildSilverTables(deps, dataset, requireResults(state, 'fetch', 'bronze'), engine));
  return {
    FetchAndHash: handle((state) => fetchAndHash(deps, dataset, state)),
    Skip: handle((state) => recordUnchanged(deps, requireResults(state, 'fetch'))),
    Bronze: bronze('duckdb'),
    Silver: silver('duckdb'),
    BronzeOnSpark: bronze('spark'),
    SilverOnSpark: silver('spark'),
    QualityGate: handle((state) => judgeRelease(deps, dataset, requireResults(state, 'fetch', 'silver'))),
    UpdateManifest: handle((state) => publishCandidate(deps, dataset, requireResults(state, 'fetch', 'bronze', 'silver', 'gate'))),
    // The run has ended and given its lease back: whoever runs now has nothing against the catalog following the manifest.
    Catalog: (input) => registerRelease(deps, RunStateSchema.parse(input)),
    Reject: handle((state) => recordRejected(deps, state)),
    // Recording a failure is the one thing that an interrupted run still does.
    DeadLetter: (input) => recordFailed(deps, RunStateSchema.parse(input)),
    Notify: (input) => notifyOfRun(deps, RunStateSchema.parse(input)),
  };
}

async function registerRelease({ store, catalog }: PipelineDeps, state: RunState): Promise<{ registered: boolean }> {
  const release = (await readManifest(store, state.dataset))?.manifest.current;
  if (release) await catalog.register(state.dataset, release);
  return { registered: Boolean(release) };
}

async function notifyOfRun({ ledger, notifier }: PipelineDeps, state: RunState): Promise<{ notified: boolean }> {
  const record = state.outcome && (await ledger.getRun(state.outcome.runId, state.dataset));
  if (record) await notifier.notify(record);
  return { notified: Boolean(record) };
}
