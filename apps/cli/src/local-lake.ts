/** The composition root: builds what the pipeline needs from the adapters of one machine. Heavy adapters load on first use. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '@inlet/errors';
import { createLocalStore, createScratchDir, isProcessAlive, removeStaleScratchDirs, thisProcessOwner } from '@inlet/local-io';
import type { Ledger, ObjectStore, PipelineDeps, RunObserver } from '@inlet/pipeline';
import { systemClock } from '@inlet/time';

export const ledgerPath = (lakeRoot: string) => path.join(lakeRoot, 'ledger.sqlite');

export function openStore(lakeRoot: string): ObjectStore {
  return createLocalStore({ root: lakeRoot });
}

/** The ledger of a local lake, closed again when `work` ends. */
export async function withLedger<Result>(lakeRoot: string, work: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const { createSqliteLedger } = await import('@inlet/ledger');
  const ledger = createSqliteLedger({ path: ledgerPath(lakeRoot), isAlive: isProcessAlive });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** Everything that a run needs, given back when `work` ends. */
export async function withPipelineDeps<Result>(
  lakeRoot: string,
  { observe, signal }: { observe: RunObserver; signal: AbortSignal },
  work: (deps: PipelineDeps) => Promise<Result>,
): Promise<Result> {
  const [{ createSource }, { createArchiveReader }] = await Promise.all([import('@inlet/source'), import('@inlet/archive')]);
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
        // On one machine the manifest is the catalog, the terminal is the notice, and the run's record holds what failed.
        catalog: { register: async () => undefined },
        notifier: { notify: async () => undefined },
        deadLetters: { send: async () => undefined },
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

export function sparkIsElsewhere(): UsageError {
  return new UsageError({ what: 'The Spark engine is not available on one machine', expected: '--engine auto or duckdb', found: '--engine spark', next: 'Leave --engine out.' });
}
