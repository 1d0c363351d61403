/** How a run ends: one of four outcomes, recorded in the lake and in the ledger, and told to whoever wants to know. */
import { rememberObserved, type Outcome, type QualityResult, type Recovery, type Release, type ReleaseTable, type RunRecord, type SchemaChange } from '@inlet/manifest';
import { CorruptManifestError, redactUrl } from '@inlet/errors';
import { canonicalJson } from '@inlet/hash';
import { buildRunId, UNKNOWN_RELEASE_SHA256 } from '@inlet/time';
import { z } from 'zod';
import { deleteRunFiles } from '../dead-runs';
import { keepRecord, readRunRecord } from '../run-records';
import { readManifest, updateManifest } from '../manifest-store';
import { readBronzeReport, readGateResults, readSilverReport } from '../reports';
import type { PipelineDeps } from '../run';
import { CaughtErrorSchema, RunStateSchema, type ExecutionInput, type FetchResult, type RunEnding, type RunState } from '../run-state';
import { observe } from '../observe';

interface Ending {
  outcome: Outcome;
  reason: string | null;
  engine: string | null;
  tables?: readonly ReleaseTable[];
  quality?: QualityResult[];
  schemaChanges?: SchemaChange[];
  error?: { name: string; message: string };
}

type EndedState = ExecutionInput & Pick<RunState, 'fetch' | 'silver'>;

/** Writes the record, immutable, then closes the run and gives its lease back. Done twice, the first record stays, in the lake as in the ledger. */
export async function endRun(deps: PipelineDeps, state: EndedState, ending: Ending): Promise<RunEnding> {
  return closeRun(deps, state, await keepRecord(deps.store, buildRunRecord(state, ending, deps.clock.now())));
}

async function closeRun({ ledger }: PipelineDeps, { dataset, executionId }: EndedState, record: RunRecord): Promise<RunEnding> {
  await ledger.endRun(executionId, record);
  await ledger.releaseLease(dataset, executionId);
  return { outcome: record.outcome, runId: record.runId };
}

/** Skip: nothing is new. What was learned for the next check is remembered, and what the gate found of tables that were built, recorded. */
export async function recordUnchanged(deps: PipelineDeps, state: RunState & { fetch: FetchResult }): Promise<RunEnding> {
  const observed = observe(state.fetch, deps.clock.now().toISOString());
  await updateManifest(deps.store, state.dataset, (before) => {
    // Published or rolled back meanwhile: what was seen to be nothing new says nothing of the release that is current now.
    if ((before.current?.runId ?? null) !== state.fetch.baseRunId) return undefined;
    const isKnown = before.observed?.fingerprint === observed.fingerprint && canonicalJson(before.observed.sources) === canonicalJson(observed.sources);
    return isKnown ? undefined : rememberObserved(before, observed);
  });
  // The gate's results are deleted with the candidate: done twice, they stand in the record.
  const kept = await readRunRecord(deps.store, state.dataset, state.fetch.runId);
  const record = kept ?? (await keepRecord(deps.store, buildRunRecord(state, await describeUnchanged(deps, state), deps.clock.now())));
  if (state.silver) await deleteCandidate(deps, state);
  return closeRun(deps, state, record);
}

async function describeUnchanged({ store }: PipelineDeps, { fetch, silver, gate }: RunState & { fetch: FetchResult }): Promise<Ending> {
  const reason = silver ? 'Every table has the same content as the published release (content hashes).' : fetch.reason;
  return { outcome: 'unchanged', reason, engine: silver?.engine ?? null, quality: gate ? await readGateResults(store, gate.resultsKey) : [] };
}

/** Reject: a gate said no, or the columns broke the contract. The candidate's quarantine stays to be looked at. */
export async function recordRejected(deps: PipelineDeps, state: RunState): Promise<RunEnding> {
  const bronze = state.bronze ? (await readBronzeReport(deps.store, state.bronze.reportKey)).tables : [];
  const silver = state.silver ? (await readSilverReport(deps.store, state.silver.reportKey)).tables : [];
  const quality = state.gate ? await readGateResults(deps.store, state.gate.resultsKey) : [];
  const reason = state.gate?.reason ?? causeOf(state) ?? 'The release was rejected.';
  return endRun(deps, state, { outcome: 'rejected', reason, engine: state.bronze?.engine ?? null, tables: [...bronze, ...silver], quality });
}

export interface Failure {
  dataset: string;
  requestedAt: Date;
  /** The state machine's document, however far it has come: the execution's input as given, or a whole run state. */
  document: unknown;
}

/** DeadLetter: what can never succeed is put aside with its input, and the run has failed. */
export async function recordFailure(deps: PipelineDeps, failure: Failure): Promise<RunEnding> {
  const state = await readState(deps, failure);
  const error = { name: state.error?.Error ?? 'UnknownError', message: causeOf(state) ?? 'No cause was given.' };
  const letter = { dataset: state.dataset, executionId: state.executionId, input: readInput(failure.document), error, at: deps.clock.now().toISOString() };
  await deps.deadLetters.send(letter);
  const { published, isCertain } = await findPublished(deps, state);
  if (published) return endRun(deps, state, { outcome: 'published', reason: `Published; what came after it failed: ${error.message}`, engine: state.silver?.engine ?? null, tables: published.tables });
  if (isCertain) await deleteCandidate(deps, state);
  return endRun(deps, state, { outcome: 'failed', reason: error.message, engine: state.bronze?.engine ?? null, error });
}

/** A run that failed before it had begun, for its request or another run's lease, is begun here: it is recorded like any other. */
async function readState(deps: PipelineDeps, { dataset, requestedAt, document }: Failure): Promise<RunState> {
  const parsed = RunStateSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const { startedAt } = await deps.ledger.beginRun({ dataset, owner: deps.owner, requestedAt });
  const caught = z.object({ error: CaughtErrorSchema }).safeParse(document);
  return {
    dataset,
    executionId: deps.owner.executionId,
    startedAt: startedAt.toISOString(),
    requestedAt: requestedAt.toISOString(),
    sources: [],
    force: false,
    engine: 'auto',
    error: caught.data?.error,
  };
}

/** The execution's input again, as far as it may be kept: no URL in it shows a secret. */
function readInput(document: unknown): Record<string, unknown> {
  const state = RunStateSchema.safeParse(document);
  if (state.success) {
    const { force, engine, sources, replay } = state.data;
    return { force, engine, sources: sources.map(redactUrl), ...(replay !== undefined && { replay }) };
  }
  if (typeof document !== 'object' || document === null) return {};
  const input = Object.entries(document).filter(([key]) => key !== 'error');
  return redactStrings(Object.fromEntries(input)) as Record<string, unknown>;
}

function redactStrings(value: unknown): unknown {
  if (typeof value === 'string') return URL.canParse(value) ? redactUrl(value) : value;
  if (Array.isArray(value)) return value.map(redactStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, redactStrings(part)]));
}

/** The release that this run published, if it got that far: then it has not failed, whatever went wrong while that was recorded. */
async function findPublished({ store }: PipelineDeps, { dataset, fetch }: RunState): Promise<{ published?: Release; isCertain: boolean }> {
  if (fetch === undefined) return { isCertain: true };
  try {
    return { published: (await readManifest(store, dataset))?.manifest.releases.find(({ runId }) => runId === fetch.runId), isCertain: true };
  } catch (error) {
    // A manifest that nobody can read must not keep the failure from being recorded.
    if (error instanceof CorruptManifestError) return { isCertain: false };
    throw error;
  }
}

/** What was built and will never be published. A rejected run keeps its candidate for a while: someone will want to know why. */
async function deleteCandidate({ store }: PipelineDeps, { dataset, fetch }: RunState): Promise<void> {
  if (fetch) await deleteRunFiles(store, dataset, fetch);
}

/** A Lambda reports its error as JSON within `Cause`, a Glue job its run; a local task says it in plain text. */
function causeOf({ error }: RunState): string | undefined {
  if (error?.Cause === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(error.Cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) return String(parsed.errorMessage);
    if (typeof parsed === 'object' && parsed !== null && 'ErrorMessage' in parsed) return String(parsed.ErrorMessage);
  } catch {
    // Plain text.
  }
  return error.Cause;
}

function buildRunRecord(state: EndedState, ending: Ending, endedAt: Date): RunRecord {
  const { fetch } = state;
  const startedAt = new Date(state.startedAt);
  const tables = (ending.tables ?? []).filter(({ layer }) => layer !== 'quarantine');
  return {
    dataset: state.dataset,
    runId: fetch?.runId ?? buildRunId(startedAt, UNKNOWN_RELEASE_SHA256),
    outcome: ending.outcome,
    engine: ending.engine,
    startedAt: startedAt.toISOString(),
    // The ledger may have moved the start on by a second or more, to keep run ids apart.
    endedAt: new Date(Math.max(endedAt.getTime(), startedAt.getTime())).toISOString(),
    durationMs: Math.max(0, endedAt.getTime() - Date.parse(state.requestedAt)),
    release: fetch
      ? { sha256: fetch.sha256, bytes: fetch.bytes, sources: fetch.sources.map(({ name, url, sha256, bytes }) => ({ name, url, sha256, bytes })) }
      : null,
    tables: tables.map(({ name, layer, rows, quarantined, superseded, parents }) => ({ name, layer, rows, quarantined, superseded, ...(parents && { parents }) })),
    quality: ending.quality ?? [],
    reason: ending.reason,
    ...(fetch?.changed && { change: fetch.reason }),
    schemaChanges: ending.schemaChanges ?? [],
    ...(ending.error && { error: ending.error }),
    ...(fetch && state.replay !== undefined && { replay: { runId: state.replay, ...(state.silver?.recovery ?? NOTHING_RECOVERED) } }),
  };
}

const NOTHING_RECOVERED: Recovery = { recovered: 0, quarantined: 0, tables: [] };
