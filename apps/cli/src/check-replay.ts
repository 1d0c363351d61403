/** What can be known of a replay before anything begins: whether the run that is meant can be run again. */
import { UsageError } from '@inlet/errors';
import { findReplayedRun } from '@inlet/pipeline';
import type { Lake } from './lake';

/** Throws UsageError and UnknownReleaseError as the run itself would, and leaves no dead letter. */
export async function checkReplay({ store, withLedger }: Pick<Lake, 'store' | 'withLedger'>, { dataset, run }: { dataset: string; run: string }): Promise<void> {
  try {
    await findReplayedRun(store, { dataset, wanted: run });
  } catch (error) {
    const record = error instanceof UsageError ? await withLedger((ledger) => ledger.getRun(run)) : undefined;
    if (record === undefined || record.dataset === dataset) throw error;
    throw new UsageError({
      what: `${dataset} cannot be run again from ${run}`,
      where: run,
      expected: `a run of ${dataset}`,
      found: `a run of ${record.dataset}`,
      next: `inlet replay ${record.dataset} --run ${run}`,
      cause: error,
    });
  }
}
