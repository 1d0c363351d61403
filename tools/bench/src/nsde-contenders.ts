/** The programs that are compared: Inlet itself as a user starts it, and the bare script on the same release. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunRecord } from '@inlet/manifest';
import { buildMacros } from '@inlet/sql';
import type { BarePlan, BareResult } from './bare-script';
import type { Bench } from './bench';
import { BenchError, type ProcessOptions, type ProcessRun, runNode } from './measured-process';

export interface InletRun extends ProcessRun {
  record: RunRecord;
}

export interface BareRun extends ProcessRun {
  result: BareResult;
}

/** The command line, without npx: what its launcher costs is part of it, what npm costs is not. */
export function runInlet({ root }: Bench, args: readonly string[], options: Omit<ProcessOptions, 'cwd'> = {}): Promise<ProcessRun> {
  return runNode([path.join(root, 'apps/cli/bin/inlet.mjs'), ...args], { cwd: root, ...options });
}

/** `inlet run nsde`; throws BenchError when it ends in another way than expected. */
export async function runNsde(bench: Bench, from: { source: string; lake: string; expect: RunRecord['outcome'] }, options: Omit<ProcessOptions, 'cwd'> = {}): Promise<InletRun> {
  const run = await runInlet(bench, ['run', 'nsde', '--source', from.source, '--lake', from.lake, '--json'], options);
  const record = JSON.parse(run.stdout) as RunRecord;
  if (record.outcome !== from.expect) {
    throw new BenchError({ what: 'A measured run ended in an unexpected way', where: record.runId, expected: from.expect, found: `${record.outcome}: ${record.reason ?? ''}` });
  }
  return { ...run, record };
}

/** One run into a new lake, which is gone afterwards. */
export async function publishOnce(bench: Bench, source: string, options: Omit<ProcessOptions, 'cwd'> = {}): Promise<InletRun> {
  const lake = await emptyFolder(bench, 'lake');
  try {
    return await runNsde(bench, { source, lake, expect: 'published' }, options);
  } finally {
    await rm(lake, { recursive: true, force: true });
  }
}

export async function runBareOnce(bench: Bench, zip: string, { deduplicate, reportFile }: { deduplicate: boolean; reportFile?: string }): Promise<BareRun> {
  const workDir = await emptyFolder(bench, 'bare');
  const planFile = path.join(bench.workDir, 'bare-plan.json');
  try {
    await writeFile(planFile, JSON.stringify(planBare(bench, { zip, workDir, deduplicate })));
    const run = await runNode([path.join(__dirname, 'bare-script.cjs'), planFile], { cwd: bench.root, reportFile });
    return { ...run, result: JSON.parse(run.stdout) as BareResult };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** The dataset's own columns, macros, model, key and engine settings, so that both sides change together. */
function planBare({ nsde }: Bench, where: Pick<BarePlan, 'zip' | 'workDir' | 'deduplicate'>): BarePlan {
  const { config, models } = nsde;
  const [table] = config.tables;
  const [model] = config.models;
  const sql = models.find(({ name }) => name === model?.name)?.sql;
  if (table === undefined || model === undefined || sql === undefined) throw new RangeError('nsde has no table or no model');
  return {
    ...where,
    table: table.name,
    columns: table.columns.map(({ name }) => name),
    macros: buildMacros(config.format.null_tokens),
    modelSql: sql,
    key: model.key,
    orderBy: model.order_by,
    memoryMb: config.engine.memory_mb,
    threads: config.engine.threads,
  };
}

/** An empty folder of that name in the run's own folder. */
export async function emptyFolder({ workDir }: Bench, name: string): Promise<string> {
  const folder = path.join(workDir, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Paths of all files of one layer of a lake, in order. */
export async function listLayer(lake: string, layer: 'bronze' | 'silver'): Promise<string[]> {
  const entries = await readdir(path.join(lake, layer), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
}
