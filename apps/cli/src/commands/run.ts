/** `inlet run`: one run of one dataset, with progress, a summary and an exit code. */
import { UsageError } from '@inlet/errors';
import type { RunRecord } from '@inlet/manifest';
import { terminalWidth, type CliContext, type CommonOptions } from '../context';
import { exitCodeOfRun } from '../exit-code-of-run';
import { listenForInterrupts, type Interruption } from '../interrupt';
import { openLake, type Lake, type PreparedRun } from '../lake';
import { writeJson, writeText } from '../output';
import { createProgress } from '../progress/create-progress';
import type { RunOptions } from '../program';
import { formatRunSummary } from '../render/run-summary';
import { createStyle } from '../render/style';

export async function run(context: CliContext, dataset: string, options: RunOptions): Promise<void> {
  if (options.sample && options.source !== undefined) {
    throw new UsageError({ what: '--sample and --source exclude each other', expected: 'one of them', found: 'both' });
  }
  const lake = await openLake(context, options);
  const prepared = await lake.prepareRun(dataset, options);
  return runAndReport(context, { lake, prepared, sample: options.sample === true }, options);
}

/** Runs what is prepared, prints how it ended, and takes that for the exit code. */
export async function runAndReport(context: CliContext, { lake, prepared, sample }: { lake: Lake; prepared: PreparedRun; sample?: boolean }, options: CommonOptions): Promise<void> {
  const record = await runShowingProgress(context, prepared, options);
  context.exitCode = exitCodeOfRun(record);
  if (options.json) return writeJson(context.stdout, printedRecord(record));
  const width = terminalWidth(context.stdout, context.env);
  return writeText(context.stdout, formatRunSummary(record, { style: createStyle(context.stdout, context.env), width, lake, sample }));
}

/** The run's record, with its progress on stderr while it lasts. */
async function runShowingProgress(context: CliContext, prepared: PreparedRun, { quiet }: CommonOptions): Promise<RunRecord> {
  const { stderr, env } = context;
  const progress = createProgress({ stream: stderr, style: createStyle(stderr, env), width: terminalWidth(stderr, env), quiet: quiet === true });
  const interruption = listenToProcess(() => {
    progress.stop();
    stderr.write(`${prepared.interruptNotice}\n`);
  });
  try {
    return await prepared.start({ observe: progress.observe, signal: interruption.signal });
  } finally {
    interruption.finish();
    progress.stop();
  }
}

function listenToProcess(onFirst: () => void): Interruption {
  return listenForInterrupts({ signals: process, nowMs: Date.now, onFirst, onSecond: () => process.exit(1) });
}

/** The record as the command line's contract prints it: without the keys that only the lake keeps. */
function printedRecord({ dataset, runId, outcome, engine, durationMs, release, tables, quality, reason, error, replay }: RunRecord): Partial<RunRecord> {
  return { dataset, runId, outcome, engine, durationMs, release, tables, quality, reason, ...(error && { error }), ...(replay && { replay }) };
}
