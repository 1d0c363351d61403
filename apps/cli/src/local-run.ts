/** A run on this machine: what it takes to make one, and the sources it is given. Loaded by runs alone. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createArchiveReader } from '@inlet/archive';
import { findDataset, type Dataset } from '@inlet/dataset';
import { UsageError } from '@inlet/errors';
import { createLocalDeadLetters, createScratchDir, removeStaleScratchDirs, thisProcessOwner } from '@inlet/local-io';
import { runPipeline } from '@inlet/orchestrator';
import { readEnvironmentSecrets, readManifest, type PipelineDeps, type RunObserver } from '@inlet/pipeline';
import { readRules } from '@inlet/quality';
import { createSource } from '@inlet/source';
import { systemClock } from '@inlet/time';
import { chooseNextSample, resolveSources } from './choose-sources';
import { readLetterRequest } from './dead-letter-request';
import { checkReplay } from './check-replay';
import type { AskedRun, OpenedDeadLetter, PreparedRun } from './lake';
import { openStore, withLedger } from './local-lake';

export interface RunPlaces {
  cwd: string;
  domainsDir: string;
  lakeRoot: string;
}

/** Throws ConfigError and RulesetError for a dataset that cannot run as it is written, and UsageError for what is asked of it. */
export async function prepareLocalRun(places: RunPlaces, datasetId: string, options: AskedRun): Promise<PreparedRun> {
  if (options.engine === 'spark') throw sparkIsElsewhere();
  const dataset = await findDataset(places.domainsDir, datasetId);
  readRules(dataset);
  const { replay } = options;
  if (replay !== undefined) await checkReplay({ store: openStore(places.lakeRoot), withLedger: (work) => withLedger(places.lakeRoot, work) }, { dataset: datasetId, run: replay });
  // The size above which Spark takes over is Lambda's; on one machine DuckDB takes whatever the disk holds.
  const request = { sources: await chooseSources(places, dataset, options), force: options.force === true, engine: 'duckdb' as const, replay };
  return {
    interruptNotice: 'Stopping, and recording the run as failed. Ctrl-C again to quit at once.',
    start: (watch) => withPipelineDeps(places.lakeRoot, watch, (deps) => runPipeline(dataset, request, deps)),
  };
}

/** The letter goes once its run is recorded: a run that fails again has left a letter of its own. */
export async function openLocalDeadLetter(places: RunPlaces, datasetId: string): Promise<OpenedDeadLetter | undefined> {
  const received = await createLocalDeadLetters(openStore(places.lakeRoot)).receive(datasetId);
  if (received === undefined) return undefined;
  const { letter, remove } = received;
  return {
    letter,
    remove,
    prepareRun: async () => {
      const prepared = await prepareLocalRun(places, datasetId, readLetterRequest(letter, { lake: places.lakeRoot }));
      return {
        ...prepared,
        start: async (watch) => {
          const record = await prepared.start(watch);
          await remove();
          return record;
        },
      };
    },
  };
}

async function chooseSources({ cwd, lakeRoot }: RunPlaces, dataset: Dataset, options: AskedRun): Promise<string[]> {
  if (!options.sample) return resolveSources(cwd, options.source ?? []);
  const known = await readManifest(openStore(lakeRoot), dataset.config.dataset);
  return chooseNextSample(dataset, known?.manifest.current ?? null);
}

/** Everything that a run needs, given back when `work` ends. */
async function withPipelineDeps<Result>(
  lakeRoot: string,
  { observe, signal }: { observe: RunObserver; signal: AbortSignal },
  work: (deps: PipelineDeps) => Promise<Result>,
): Promise<Result> {
  const executionId = randomUUID();
  // What a dead run had downloaded and expanded may be large. What cannot be removed stops no run; doctor tells of it.
  await removeStaleScratchDirs(lakeRoot).catch(() => undefined);
  const scratchDir = await createScratchDir(lakeRoot, executionId);
  try {
    return await withLedger(lakeRoot, (ledger) =>
      work({
        store: openStore(lakeRoot),
        ledger,
        source: createSource({ clock: systemClock }),
        archives: createArchiveReader(),
        engine: loadEngine,
        // On one machine the manifest is the catalog, and the terminal is the notice.
        catalog: { register: async () => undefined },
        notifier: { notify: async () => undefined },
        deadLetters: createLocalDeadLetters(openStore(lakeRoot)),
        secrets: readEnvironmentSecrets(process.env),
        clock: systemClock,
        owner: thisProcessOwner(executionId),
        scratchDir,
        observe,
        signal,
      }),
    );
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

async function loadEngine(name: 'duckdb' | 'spark') {
  if (name === 'spark') throw sparkIsElsewhere();
  const { createDuckDbEngine } = await import('@inlet/duckdb');
  return createDuckDbEngine();
}

function sparkIsElsewhere(): UsageError {
  return new UsageError({ what: 'The Spark engine is not available on one machine', expected: '--engine auto or duckdb', found: '--engine spark', next: 'Leave --engine out.' });
}
