/** The gate: asks the rules of the candidate, and lets it pass only if every one of them does. */
import type { Dataset } from '@inlet/dataset';
import { keys } from '@inlet/manifest';
import { evaluateThresholds, explainFailures } from '@inlet/quality';
import { readManifest } from '../manifest-store';
import { GATE_NAME, readSilverReport, writeReport } from '../reports';
import type { PipelineDeps } from '../run';
import type { FetchResult, GateResult, SilverResult } from '../run-state';

export async function judgeRelease(deps: PipelineDeps, { config }: Dataset, state: { fetch: FetchResult; silver: SilverResult }): Promise<GateResult> {
  const report = await readSilverReport(deps.store, state.silver.reportKey);
  const current = (await readManifest(deps.store, config.dataset))?.manifest.current;
  const previous = current && hasSameOrigins(current.sources, state.fetch.sources) ? current.tables : [];
  const results = evaluateThresholds({ config, candidate: report.tables, previous });
  const { runId, version } = state.fetch;
  const resultsKey = await writeReport(deps.store, `${keys.modelPrefix('silver', config.dataset, version, runId)}${GATE_NAME}`, results);
  const reason = explainFailures(results);
  return { passed: reason === null, reason, resultsKey };
}

interface Origin {
  name: string;
  url: string;
}

/** A sample file says nothing about how many rows the published file should have: releases are compared only within the same sources. */
function hasSameOrigins(before: readonly Origin[], after: readonly Origin[]): boolean {
  const describe = (sources: readonly Origin[]) => sources.map(({ name, url }) => `${name} ${hostOf(url)}`).sort().join('\n');
  return describe(before) === describe(after);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? `${new URL(url).protocol}//${new URL(url).host}` : url;
}
