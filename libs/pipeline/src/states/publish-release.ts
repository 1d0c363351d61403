/** The one write that readers see: the manifest turns to the new release, with all its tables at once. */
import type { Dataset } from '@inlet/dataset';
import { PublishConflictError } from '@inlet/errors';
import { keys, publishRelease, type Release } from '@inlet/manifest';
import { updateManifest } from '../manifest-store';
import { readBronzeReport, readGateResults, readSilverReport } from '../reports';
import type { PipelineDeps } from '../run';
import type { BronzeResult, ExecutionInput, FetchResult, GateResult, RunEnding, SilverResult } from '../run-state';
import { observe } from '../observe';
import { requireBronzeFiles } from '../replayed-run';
import { findSchemaChanges } from '../schema-changes';
import { endRun } from './end-run';

export type PublishState = ExecutionInput & { fetch: FetchResult; bronze: BronzeResult; silver: SilverResult; gate: GateResult };

/** Throws PublishConflictError when another release was published since this run began: to publish now would be to publish over it. */
export async function publishCandidate(deps: PipelineDeps, { config }: Dataset, state: PublishState): Promise<RunEnding> {
  const { fetch } = state;
  const bronze = await readBronzeReport(deps.store, state.bronze.reportKey);
  const silver = await readSilverReport(deps.store, state.silver.reportKey);
  const quality = await readGateResults(deps.store, state.gate.resultsKey);
  const tables = [
    ...bronze.tables,
    ...silver.tables.map(({ stats: _stats, findings: _findings, quarantine: _quarantine, rowRules: _rowRules, masked: _masked, ...table }) => table),
    ...silver.tables.flatMap(({ quarantine }) => (quarantine ? [quarantine] : [])),
  ];
  if (state.replay !== undefined) await requireBronzeFiles(deps.store, state.replay, bronze.tables);
  const publishedAt = deps.clock.now().toISOString();
  const observed = observe(fetch, publishedAt);
  const manifest = await updateManifest(deps.store, config.dataset, (before) => {
    if (before.current?.runId === fetch.runId) return undefined;
    if ((before.current?.runId ?? null) !== fetch.baseRunId) throw conflict(config.dataset, fetch, before.current);
    const release: Release = {
      runId: fetch.runId,
      version: fetch.version,
      sha256: fetch.sha256,
      bytes: fetch.bytes,
      publishedAt,
      fingerprint: fetch.fingerprint,
      sources: observed.sources,
      tables,
      schemaChanges: findSchemaChanges(before.current?.tables ?? [], bronze.tables),
    };
    return publishRelease(before, release, { keep: config.retention.releases, observed });
  });
  return endRun(deps, state, {
    outcome: 'published',
    reason: null,
    engine: state.silver.engine,
    tables,
    quality,
    schemaChanges: manifest.current?.schemaChanges ?? [],
  });
}

function conflict(dataset: string, fetch: FetchResult, current: Release | null): PublishConflictError {
  return new PublishConflictError({
    what: `Another release of ${dataset} was published while this one was built`,
    where: keys.manifestKey(dataset),
    expected: `the current release to be ${fetch.baseRunId ?? 'none'}`,
    found: current?.runId ?? 'none',
    next: `Run \`inlet run ${dataset}\` again: it compares with the new release.`,
  });
}
