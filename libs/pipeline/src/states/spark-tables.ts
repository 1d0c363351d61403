/**
 * The states around a Spark job. A plan is written to the lake, the job reads it and leaves its report beside it, and the report is taken in:
 * the job itself decides nothing, and runs for as long as it likes without a function waiting for it.
 */
import { constants, copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '@inlet/dataset';
import { PermanentError } from '@inlet/errors';
import { keys } from '@inlet/manifest';
import { listTableRulesets } from '@inlet/quality';
import type { MatchedHeader } from '../column-contract';
import { parseJobQuality } from '../job-quality';
import type { BronzePlan, BronzeReport, SilverPlan, SilverReport } from '../plan';
import { planSilver } from '../plan-silver';
import { planWorkers } from '../plan-workers';
import type { ObjectStore } from '../ports';
import { readBronzeReport, readDocument, writeReport } from '../reports';
import type { PipelineDeps } from '../run';
import type { BronzeResult, FetchResult, SilverResult, SparkPlan } from '../run-state';
import { addRecovery } from './add-recovery';
import { engineContext, keepBronzeReport, keepSilverReport, planBronze, sumTextBytes, type SilverState, type TableHeaders } from './build-tables';

/** What a job reads: the plan of one layer, and where its report belongs. */
type JobPlan = { reportKey: string } & ({ layer: 'bronze'; plan: BronzePlan; headers: Record<string, WrittenHeader[]> } | { layer: 'silver'; plan: SilverPlan });

type WrittenHeader = Omit<MatchedHeader, 'sourceNames'> & { sourceNames: [string, string][] };

const PLAN_NAME = '_plan.json';
const JOB_REPORT_NAME = '_job-report.json';
/** Expanded text for the job to read; Athena, Glue and Spark skip names that begin with `_`. */
const TEXT_FOLDER = '_text/';

/** Expands the release, puts its text where the job can read it, and writes the plan. Throws ContractViolationError as bronze does. */
export async function planBronzeOnSpark(deps: PipelineDeps, dataset: Dataset, fetch: FetchResult): Promise<SparkPlan> {
  const prefix = keys.bronzePrefix(dataset.config.dataset, fetch.runId);
  const { plan, headers } = await planBronze(deps, dataset, fetch);
  const tables = [];
  for (const table of plan.tables) {
    const inputs = [];
    for (const [index, input] of table.inputs.entries()) {
      const key = `${prefix}${TEXT_FOLDER}${table.name}/part-${index}.txt`;
      await uploadCopy(deps, input.path, key);
      inputs.push({ ...input, path: deps.store.uri(key) });
    }
    tables.push({ ...table, inputs });
  }
  return writePlan(deps, dataset, { prefix, bytes: sumTextBytes(plan), job: { layer: 'bronze', plan: { ...plan, tables }, headers: writeHeaders(headers), reportKey: `${prefix}${JOB_REPORT_NAME}` } });
}

export async function planSilverOnSpark(deps: PipelineDeps, dataset: Dataset, { fetch, bronze }: { fetch: FetchResult; bronze: BronzeResult }): Promise<SparkPlan> {
  const prefix = keys.modelPrefix('silver', dataset.config.dataset, fetch.version, fetch.runId);
  const planned = planSilver(dataset, { runId: fetch.runId, version: fetch.version, bronze: await readBronzeReport(deps.store, bronze.reportKey) });
  const rulesets = new Map(listTableRulesets(dataset).map(({ table, ruleset }) => [table, ruleset]));
  const plan: SilverPlan = { ...planned, tables: planned.tables.map((table) => ({ ...table, ruleset: rulesets.get(table.name) })) };
  return writePlan(deps, dataset, { prefix, bytes: bronze.textBytes, job: { layer: 'silver', plan, reportKey: `${prefix}${JOB_REPORT_NAME}` } });
}

/** What the job does, where no Glue is: the same plan, given to the engine that stands in for it. */
export async function runSparkJob(deps: PipelineDeps, planKey: string): Promise<void> {
  const job = await readPlan(deps.store, planKey);
  const engine = await deps.engine('spark');
  const report = job.layer === 'bronze' ? await engine.buildBronze(job.plan, engineContext(deps, 'BronzeOnSpark')) : await engine.buildSilver(job.plan, engineContext(deps, 'SilverOnSpark'));
  await writeReport(deps.store, job.reportKey, report);
}

/** Takes in what the job reports of bronze, and clears away the text that it read. */
export async function collectBronzeFromSpark(deps: PipelineDeps, dataset: Dataset, { fetch, bronzePlan }: { fetch: FetchResult; bronzePlan: SparkPlan }): Promise<BronzeResult> {
  const job = await readPlan(deps.store, bronzePlan.planKey);
  if (job.layer !== 'bronze') throw new RangeError(`${bronzePlan.planKey} is no plan of bronze`);
  const report = await readDocument<BronzeReport>(deps.store, job.reportKey);
  const result = await keepBronzeReport(deps, dataset, { fetch, engine: 'spark', report, headers: readHeaders(job.headers), textBytes: bronzePlan.bytes });
  const texts: string[] = [];
  for await (const { key } of deps.store.list(`${keys.bronzePrefix(job.plan.dataset, fetch.runId)}${TEXT_FOLDER}`)) texts.push(key);
  await deps.store.delete(texts);
  return result;
}

export async function collectSilverFromSpark(deps: PipelineDeps, state: SilverState & { silverPlan: SparkPlan }): Promise<SilverResult> {
  const { reportKey } = await readPlan(deps.store, state.silverPlan.planKey);
  const report = await readDocument<SilverReport>(deps.store, reportKey);
  const tables = report.tables.map((table) => (table.quality === undefined ? table : { ...table, quality: parseJobQuality(table.quality, { table: table.name, where: reportKey }) }));
  return addRecovery(deps, state, await keepSilverReport(deps, state, { engine: 'spark', report: { ...report, tables } }));
}

/** The expanded text stays beside this process: a state that is tried again reads its header again. */
async function uploadCopy({ store, scratchDir }: PipelineDeps, file: string, key: string): Promise<void> {
  const copy = path.join(scratchDir, `upload-${path.basename(key)}`);
  await copyFile(file, copy, constants.COPYFILE_FICLONE);
  await store.uploadFile(copy, key);
}

async function writePlan({ store }: PipelineDeps, { config }: Dataset, { prefix, bytes, job }: { prefix: string; bytes: number; job: JobPlan }): Promise<SparkPlan> {
  const planKey = `${prefix}${PLAN_NAME}`;
  await store.write(planKey, JSON.stringify(job));
  const lakeRoot = store.uri(planKey).slice(0, -planKey.length - 1);
  return { planKey, lakeRoot, bytes, workers: planWorkers({ bytes, fewest: config.number_of_workers, workerType: config.worker_type }) };
}

/** Written and read by one version of the code within one run. */
async function readPlan(store: ObjectStore, key: string): Promise<JobPlan> {
  const job = await readDocument<JobPlan>(store, key);
  if (job.layer !== 'bronze' && job.layer !== 'silver') throw new PermanentError({ what: 'The plan of a Spark job cannot be read', where: key, expected: 'a plan of bronze or silver', found: 'something else', next: 'Run the dataset again.' });
  return job;
}

const writeHeaders = (headers: TableHeaders): Record<string, WrittenHeader[]> =>
  Object.fromEntries(Object.entries(headers).map(([table, matched]) => [table, matched.map((header) => ({ ...header, sourceNames: [...header.sourceNames] }))]));

const readHeaders = (headers: Record<string, WrittenHeader[]>): TableHeaders =>
  Object.fromEntries(Object.entries(headers).map(([table, matched]) => [table, matched.map((header) => ({ ...header, sourceNames: new Map(header.sourceNames) }))]));
