/** The gate: asks the rules of the candidate, and lets it pass only if every critical one is met. */
import { createHash } from 'node:crypto';
import type { Dataset } from '@inlet/dataset';
import { keys } from '@inlet/manifest';
import { explainFailures, readRules } from '@inlet/quality';
import { readManifest } from '../manifest-store';
import { readMetricHistory } from '../metric-history';
import type { QualityFile, QualityReport } from '../plan';
import { planQuality, type PlannedQuality } from '../plan-quality';
import { GATE_NAME, readBronzeReport, readSilverReport, writeReport, type GateDocument } from '../reports';
import type { PipelineDeps } from '../run';
import type { BronzeResult, FetchResult, GateResult, SilverResult } from '../run-state';
import { engineContext } from './build-tables';

export interface GateState {
  fetch: FetchResult;
  bronze: BronzeResult;
  silver: SilverResult;
}

/** Throws RulesetError. */
export async function judgeRelease(deps: PipelineDeps, dataset: Dataset, { fetch, bronze, silver }: GateState): Promise<GateResult> {
  const { config } = dataset;
  const rules = readRules(dataset);
  const hasRules = rules.rules.length > 0;
  const now = deps.clock.now();
  const manifest = (await readManifest(deps.store, config.dataset))?.manifest;
  const { plan, judge, given } = planQuality({
    dataset,
    rules,
    runId: fetch.runId,
    now,
    bronze: await readBronzeReport(deps.store, bronze.reportKey),
    silver: await readSilverReport(deps.store, silver.reportKey),
    history: await readMetricHistory(deps.ledger, { dataset: config.dataset, fetch, manifest, depth: hasRules ? 'all' : 'last' }),
    files: hasRules ? await describeFiles(deps, fetch) : [],
  });
  const engine = await deps.engine('duckdb');
  const report = await engine.checkTables(plan, engineContext(deps, 'QualityGate'));
  const results = judge(report);
  const reason = explainFailures(results);
  const rulesetSha256 = createHash('sha256').update(dataset.rules).digest('hex');
  const document = { ...nameJudges(config, report, given), judgedAt: now.toISOString(), rulesetSha256, passed: reason === null, reason, results };
  const resultsKey = await writeReport(deps.store, `${keys.modelPrefix('silver', config.dataset, fetch.version, fetch.runId)}${GATE_NAME}`, document);
  return { passed: reason === null, reason, resultsKey };
}

/** A release that Spark built was judged on Glue, but for the rules that mean something else there. */
function nameJudges({ glue_version: version }: Dataset['config'], { engine, tables }: QualityReport, [given]: PlannedQuality['given']): Pick<GateDocument, 'engine' | 'completedBy'> {
  if (given === undefined) return { engine };
  const rules = tables.reduce((sum, { results }) => sum + results.length, 0);
  return { engine: { name: given.engine, version }, ...(rules > 0 && { completedBy: { ...engine, rules } }) };
}

/** As the source says when it was changed last, or else when it was fetched. */
async function describeFiles({ store }: PipelineDeps, { sources }: FetchResult): Promise<QualityFile[]> {
  return Promise.all(
    sources.map(async ({ url, rawKey, bytes, lastModified }) => {
      const told = lastModified === undefined ? Number.NaN : Date.parse(lastModified);
      const changedAt = Number.isNaN(told) ? ((await store.head(rawKey))?.lastModified ?? new Date(0)) : new Date(told);
      return { path: url, rawKey, sizeBytes: bytes, lastModified: changedAt.toISOString() };
    }),
  );
}
