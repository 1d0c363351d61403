/** `inlet run`: one run of one dataset, with progress, a summary and an exit code. */
import { findDataset, type Dataset } from '@inlet/dataset';
import { UsageError } from '@inlet/errors';
import { runPipeline } from '@inlet/orchestrator';
import { readManifest } from '@inlet/pipeline';
import type { RunRecord } from '@inlet/manifest';
import { chooseNextSample, resolveSources } from '../choose-sources';
import { terminalWidth, type CliContext } from '../context';
import { exitCodeOfRun } from '../exit-code-of-run';
import { listenForInterrupts, type Interruption } from '../interrupt';
import { openStore, sparkIsElsewhere, withPipelineDeps } from '../local-lake';
import { writeJson, writeText } from '../output';
import { createProgress } from '../progress/create-progress';
import type { RunOptions } from '../program';
import { formatRunSummary } from '../render/run-summary';
import { createStyle } from '../render/style';
import { findPlaces, type Places } from '../workspace';

export async function run(context: CliContext, datasetId: string, options: RunOptions): Promise<void> {
  if (options.sample && options.source !== undefined) {
    throw new UsageError({ what: '--sample and --source exclude each other', expected: 'one of them', found: 'both' });
  }
  if (options.engine === 'spark') throw sparkIsElsewhere();
  const places = findPlaces(context, options.lake);
  const dataset = await findDataset(places.domainsDir, datasetId);
  const sources = await chooseSources(context, places, dataset, options);
  const record = await runShowingProgress(context, places, dataset, { sources, options });
  context.exitCode = exitCodeOfRun(record);
  if (options.json) return writeJson(context.stdout, printedRecord(record));
  const summary = formatRunSummary(record, {
    style: createStyle(context.stdout, context.env),
    width: terminalWidth(context.stdout, context.env),
    lakeRoot: places.lakeRoot,
    lakeOption: options.lake,
    sample: options.sample === true,
  });
  return writeText(context.stdout, summary);
}

async function chooseSources(context: CliContext, places: Places, dataset: Dataset, options: RunOptions): Promise<string[]> {
  if (!options.sample) return resolveSources(context.cwd, options.source ?? []);
  const known = await readManifest(openStore(places.lakeRoot), dataset.config.dataset);
  return chooseNextSample(dataset, known?.manifest.current ?? null);
}

async function runShowingProgress(context: CliContext, { lakeRoot }: Places, dataset: Dataset, { sources, options }: { sources: string[]; options: RunOptions }): Promise<RunRecord> {
  const { stderr, env } = context;
  const progress = createProgress({ stream: stderr, style: createStyle(stderr, env), width: terminalWidth(stderr, env), quiet: options.quiet === true });
  const interruption = listenToProcess(context, () => progress.stop());
  try {
    // The size above which Spark takes over is Lambda's; on one machine DuckDB takes whatever the disk holds.
    const engine = options.engine === 'auto' ? 'duckdb' : options.engine;
    const request = { sources, force: options.force === true, engine };
    return await withPipelineDeps(lakeRoot, { observe: progress.observe, signal: interruption.signal }, (deps) => runPipeline(dataset, request, deps));
  } finally {
    interruption.finish();
    progress.stop();
  }
}

function listenToProcess(context: CliContext, beforeMessage: () => void): Interruption {
  return listenForInterrupts({
    signals: process,
    nowMs: Date.now,
    onFirst: () => {
      beforeMessage();
      context.stderr.write('Stopping, and recording the run as failed. Ctrl-C again to quit at once.\n');
    },
    onSecond: () => process.exit(1),
  });
}

/** The record as the command line's contract prints it: without the keys that only the lake keeps. */
export function printedRecord({ dataset, runId, outcome, engine, durationMs, release, tables, quality, reason, error }: RunRecord): Partial<RunRecord> {
  return { dataset, runId, outcome, engine, durationMs, release, tables, quality, reason, ...(error && { error }) };
}
