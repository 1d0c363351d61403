/** What a replay got out of quarantine: found out where its tables have just been built. */
import type { Recovery, TableFile } from '@inlet/manifest';
import { listQuarantineFiles } from '../quarantine-files';
import type { RecoveryTablePlan } from '../recovery-plan';
import { readSilverReport } from '../reports';
import type { PipelineDeps } from '../run';
import type { SilverResult } from '../run-state';
import { engineContext, type SilverState } from './build-tables';

/** The result of a replay's silver with what was recovered; that of any other run as it is. */
export async function addRecovery(deps: PipelineDeps, state: SilverState, silver: SilverResult): Promise<SilverResult> {
  if (state.replay === undefined) return silver;
  const { tables } = await readSilverReport(deps.store, silver.reportKey);
  const then = await listQuarantineFiles(deps.store, state.dataset, state.replay);
  const suspects = tables.flatMap(({ name, files, quarantine }): RecoveryTablePlan[] => {
    const quarantineThen = then.get(name);
    return quarantineThen === undefined ? [] : [{ name, quarantineThen, quarantineNow: keysOf(quarantine?.files ?? []), built: keysOf(files) }];
  });
  const recovered = suspects.length === 0 ? [] : await countRecovered(deps, suspects);
  const recovery: Recovery = {
    recovered: recovered.reduce((sum, table) => sum + table.recovered, 0),
    quarantined: tables.reduce((sum, { quarantined }) => sum + quarantined, 0),
    tables: recovered.filter((table) => table.recovered > 0),
  };
  return { ...silver, recovery };
}

const keysOf = (files: readonly TableFile[]) => files.map(({ key }) => key);

/** The embedded engine counts, whichever built the tables: what stands in quarantine is few. */
async function countRecovered(deps: PipelineDeps, tables: readonly RecoveryTablePlan[]): Promise<Recovery['tables']> {
  const engine = await deps.engine('duckdb');
  return (await engine.countRecovered({ tables }, engineContext(deps, 'Silver'))).tables;
}
