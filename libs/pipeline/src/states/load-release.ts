/** The first state of a replay, in the place of a fetch: an earlier run's sources and bronze become this run's, and stay where they are. */
import type { Dataset } from '@inlet/dataset';
import { PermanentError } from '@inlet/errors';
import { readRules } from '@inlet/quality';
import { buildRunId, formatVersion } from '@inlet/time';
import { fingerprintRun } from '../fingerprint-run';
import { fingerprintBronze, keepBronze, type KeptBronze } from '../kept-bronze';
import { readManifest } from '../manifest-store';
import { findReplayedRun, requireBronzeFiles } from '../replayed-run';
import type { PipelineDeps } from '../run';
import type { BronzeResult, ExecutionInput, FetchResult } from '../run-state';

export type ReplayState = ExecutionInput & { replay: string };

/**
 * The whole document, as it stands after bronze. The run's own bronze folder gets the report, and points to the files. Throws RulesetError and
 * ConfigError as a fetch does, UsageError for a run that cannot be replayed, UnknownReleaseError where its bronze is gone, and PermanentError where
 * the config makes other bronze by now.
 */
export async function loadRelease(deps: PipelineDeps, dataset: Dataset, state: ReplayState): Promise<ReplayState & { fetch: FetchResult; bronze: BronzeResult }> {
  const { config } = dataset;
  readRules(dataset);
  const fingerprint = await fingerprintRun(deps, dataset);
  const { record, bronze } = await findReplayedRun(deps.store, { dataset: config.dataset, wanted: state.replay });
  requireSameReading(dataset, record.runId, bronze);
  await requireBronzeFiles(deps.store, record.runId, bronze.tables);
  const startedAt = new Date(state.startedAt);
  const runId = buildRunId(startedAt, bronze.sha256);
  await deps.ledger.nameRun(deps.owner.executionId, runId);
  const baseRunId = (await readManifest(deps.store, config.dataset))?.manifest.current?.runId ?? null;
  const { sha256, bytes, sources } = bronze;
  const fetch: FetchResult = {
    changed: true,
    reason: `Replays ${record.runId}: ${describeReplayed(record, baseRunId)}`,
    runId,
    version: formatVersion(startedAt),
    sha256,
    bytes,
    fingerprint,
    baseRunId,
    sources,
  };
  return { ...state, replay: record.runId, fetch, bronze: await keepBronze(deps.store, { dataset: config.dataset, runId }, bronze) };
}

function describeReplayed({ runId, outcome }: { runId: string; outcome: string }, baseRunId: string | null): string {
  if (baseRunId !== null && runId < baseRunId) return `it was ${outcome}, and is older than the release that was current, ${baseRunId}.`;
  return `it was ${outcome}, and its bronze is built again.`;
}

/** To publish bronze as if the config of today had made it would tell the next run that there is nothing left to do. */
function requireSameReading(dataset: Dataset, runId: string, bronze: KeptBronze): void {
  if (bronze.fingerprint === fingerprintBronze(dataset)) return;
  const { config } = dataset;
  throw new PermanentError({
    what: `The bronze of run ${runId} was made under another config`,
    where: `domains/${config.dataset}/config/dataset.json`,
    expected: 'format, tables and contract as they were then',
    found: 'other ones: the same bytes may give other bronze now',
    next: `Fetch and build it anew: \`inlet run ${config.dataset}\`.`,
  });
}
