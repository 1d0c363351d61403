/** The lake on this machine: files in a folder, and an embedded ledger beside them. Heavy adapters load on first use. */
import path from 'node:path';
import { createLocalStore, isProcessAlive, removeStaleScratchDirs } from '@inlet/local-io';
import type { Ledger, ObjectStore } from '@inlet/pipeline';
import { systemClock } from '@inlet/time';
import type { CliContext } from './context';
import { listDatasetIds } from './datasets';
import type { Lake, LakeOptions, LakeQuery } from './lake';
import type { Places } from './workspace';

export const ledgerPath = (lakeRoot: string) => path.join(lakeRoot, 'ledger.sqlite');

export function openStore(lakeRoot: string): ObjectStore {
  return createLocalStore({ root: lakeRoot });
}

/** The ledger of a local lake, closed again when `work` ends. */
export async function withLedger<Result>(lakeRoot: string, work: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const { createSqliteLedger } = await import('./sqlite-ledger');
  const ledger = createSqliteLedger({ path: ledgerPath(lakeRoot), isAlive: isProcessAlive });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

export function createLocalLake({ cwd }: Pick<CliContext, 'cwd'>, { domainsDir, lakeRoot }: Places, { lake }: LakeOptions): Lake {
  const store = openStore(lakeRoot);
  return {
    name: lakeRoot,
    domainsDir,
    options: { lake },
    store,
    place: (key) => path.join(lakeRoot, key),
    withLedger: (work) => withLedger(lakeRoot, work),
    prepareRun: async (dataset, options) => {
      const { prepareLocalRun } = await import('./local-run');
      return prepareLocalRun({ cwd, domainsDir, lakeRoot }, dataset, options);
    },
    openDeadLetter: async (dataset) => {
      const { openLocalDeadLetter } = await import('./local-run');
      return openLocalDeadLetter({ cwd, domainsDir, lakeRoot }, dataset);
    },
    openQuery: ({ quarantineOf } = {}) => openQuery(store, { domainsDir, scratchDir: path.join(lakeRoot, 'tmp'), quarantineOf }),
    removeScratch: () => removeStaleScratchDirs(lakeRoot),
    rollBack: async (dataset, to) => {
      const { rollback } = await import('./local-rollback');
      return rollback({ store, clock: systemClock }, { dataset, to });
    },
  };
}

/** DuckDB on this machine over the objects of any lake. */
export async function openQuery(store: ObjectStore, { domainsDir, ...options }: { domainsDir: string; scratchDir: string; quarantineOf?: string }): Promise<LakeQuery> {
  const { openLakeQuery } = await import('@inlet/duckdb');
  return openLakeQuery({ ...options, store, datasets: await listDatasetIds(domainsDir) });
}
