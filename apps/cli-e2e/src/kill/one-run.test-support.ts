/** A run in a process of its own, on the adapters that the command line uses: `one-run.cjs <request as JSON>`. It tells the boundaries it passes, or dies at one. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createArchiveReader } from '@inlet/archive';
import { readDatasetFolder } from '@inlet/dataset';
import { createDuckDbEngine } from '@inlet/duckdb';
import { createSqliteLedger } from '@inlet/ledger';
import { createLocalStore, createScratchDir, thisProcessOwner } from '@inlet/local-io';
import { runPipeline } from '@inlet/orchestrator';
import type { EngineChoice, PipelineDeps } from '@inlet/pipeline';
import { createSource } from '@inlet/source';
import { systemClock } from '@inlet/time';
import { markEffects, markStates, nameBoundaries } from './boundaries.test-support';

export interface OneRun {
  datasetFolder: string;
  lakeRoot: string;
  source: string;
  /** The run to run again from its bronze, in the place of a source. */
  replay?: string;
  engine: EngineChoice;
  /** The boundary to die at; without one, the run ends and prints those it passed. */
  dieAt?: string;
}

function dieNow(): never {
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive; this thread does nothing more.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

async function main({ datasetFolder, lakeRoot, source, replay, engine, dieAt }: OneRun): Promise<void> {
  const passed: string[] = [];
  const mark = nameBoundaries((boundary) => {
    passed.push(boundary);
    if (boundary === dieAt) dieNow();
  });
  const dataset = await readDatasetFolder(datasetFolder);
  const executionId = randomUUID();
  mark('before the scratch folder');
  const scratchDir = await createScratchDir(lakeRoot, executionId);
  mark('after the scratch folder');
  const ledger = createSqliteLedger({ path: path.join(lakeRoot, 'ledger.sqlite') });
  const deps: PipelineDeps = {
    store: markEffects(createLocalStore({ root: lakeRoot }), 'store', ['write', 'uploadFile', 'delete'], mark),
    ledger: markEffects(ledger, 'ledger', ['beginRun', 'nameRun', 'acquireLease', 'endRun', 'releaseLease'], mark),
    source: createSource({ clock: systemClock }),
    archives: createArchiveReader(),
    // Both engines are DuckDB here, so that the states of the other one are passed, too.
    engine: async () => createDuckDbEngine(),
    catalog: { register: async () => undefined },
    notifier: { notify: async () => undefined },
    deadLetters: { send: async () => undefined },
    clock: systemClock,
    owner: thisProcessOwner(executionId),
    scratchDir,
    observe: markStates(mark),
  };
  const record = await runPipeline(dataset, { sources: replay === undefined ? [source] : [], force: false, engine, replay }, deps);
  await ledger.close();
  mark('after the ledger is closed');
  await rm(scratchDir, { recursive: true, force: true });
  mark('after the scratch folder is removed');
  process.stdout.write(`${JSON.stringify({ outcome: record.outcome, error: record.error, passed })}\n`);
}

void main(JSON.parse(process.argv[2] ?? '{}') as OneRun).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
