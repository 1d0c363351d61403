/** How a run ends: one of four outcomes, recorded in the lake and in the ledger, and told to whoever wants to know. */
import { rememberObserved, type Outcome, type QualityResult, type Release, type ReleaseTable, type RunRecord, type SchemaChange } from '@inlet/manifest';
import { CorruptManifestError, redactUrl } from '@inlet/errors';
import { canonicalJson } from '@inlet/hash';
import { buildRunId, UNKNOWN_RELEASE_SHA256 } from '@inlet/time';
import { deleteRunFiles } from '../dead-runs';
import { keepRecord } from '../run-records';
import { readManifest, updateManifest } from '../manifest-store';
import { readBronzeReport, readGateResults, readSilverReport } from '../reports';
import type { PipelineDeps } from '../run';
import type { ExecutionInput, FetchResult, RunEnding, RunState } from '../run-state';
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

/** Writes the record, immutable, then closes the run and gives its lease back. Done twice, the first record stays, in the lake as in the ledger. */
export async function endRun(deps: PipelineDeps, state: ExecutionInput & { fetch?: FetchResult }, ending: Ending): Promise<RunEnding> {
  const record = await keepRecord(deps.store, buildRunRecord(state, ending, deps.clock.now()));
  await deps.ledger.endRun(state.executionId, record);
  await deps.ledger.releaseLease(state.dataset, state.executionId);
  return { outcome: record.outcome, runId: record.runId };
}

/** Skip: nothing is new. Only what was learned for the next check is remembered. */
export async function recordUnchanged(deps: PipelineDeps, state: RunState & { fetch: FetchResult }): Promise<RunEnding> {
  const observed = observe(state.fetch, deps.clock.now().toISOString());
  await updateManifest(deps.store, state.dataset, (before) => {
    // Published or rolled back meanwhile: what was seen to be nothing new says nothing of the release that is current now.
    if ((before.current?.runId ?? null) !== state.fetch.baseRunId) return undefined;
    const isKnown = before.observed?.fingerprint === observed.fingerprint && canonicalJson(before.observed.sources) === canonicalJson(observed.sources);
    return isKnown ? undefined : rememberObserved(before, observed);
  });
  if (state.silver) await deleteCandidate(deps, state);
  const reason = state.silver ? 'Every table has the same content as the published release (content hashes).' : state.fetch.reason;
  return endRun(deps, state, { outcome: 'unchanged', reason, engine: state.silver?.engine ?? null });
}

/** Reject: a gate said no, or the columns broke the contract. The candidate's quarantine stays to be looked at. */
export async function recordRejected(deps: PipelineDeps, state: RunState): Promise<RunEnding> {
  const bronze = state.bronze ? (await readBronzeReport(deps.store, state.bronze.reportKey)).tables : [];
  const silver = state.silver ? (await readSilverReport(deps.store, state.silver.reportKey)).tables : [];
  const quality = state.gate ? await readGateResults(deps.store, state.gate.resultsKey) : [];
  const reason = state.gate?.reason ?? causeOf(state) ?? 'The release was rejected.';
  return endRun(deps, state, { outcome: 'rejected', reason, engine: state.bronze?.engine ?? null, tables: [...bronze, ...silver], quality });
}

/** DeadLetter: what can never succeed is put aside with its input, and the run has failed. */
export async function recordFailed(deps: PipelineDeps, state: RunState): Promise<RunEnding> {
  const error = { name: state.error?.Error ?? 'UnknownError', message: causeOf(state) ?? 'No cause was given.' };
  const input = { dataset: state.dataset, sources: state.sources.map(redactUrl), force: state.force, engine: state.engine, startedAt: state.startedAt };
  await deps.deadLetters.send({ dataset: state.dataset, executionId: state.executionId, input, error });
  const { published, isCertain } = await findPublished(deps, state);
  if (published) return endRun(deps, state, { outcome: 'published', reason: `Published; what came after it failed: ${error.message}`, engine: state.silver?.engine ?? null, tables: published.tables });
  if (isCertain) await deleteCandidate(deps, state);
  return endRun(deps, state, { outcome: 'failed', reason: error.message, engine: state.bronze?.engine ?? null, error });
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

/** A Lambda reports its error as JSON within `Cause`; a local task as plain text. */
function causeOf({ error }: RunState): string | undefined {
  if (error?.Cause === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(error.Cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Plain text.
  }
  return error.Cause;
}

function buildRunRecord(state: ExecutionInput & { fetch?: FetchResult }, ending: Ending, endedAt: Date): RunRecord {
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
    tables: tables.map(({ name, layer, rows, quarantined, superseded }) => ({ name, layer, rows, quarantined, superseded })),
    quality: ending.quality ?? [],
    reason: ending.reason,
    ...(fetch?.changed && { change: fetch.reason }),
    schemaChanges: ending.schemaChanges ?? [],
    ...(ending.error && { error: ending.error }),
  };
}
