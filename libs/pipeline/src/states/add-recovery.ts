/** What a replay got out of quarantine: found out where its tables have just been built. */
import { keys, type Recovery } from '@inlet/manifest';
import { readSilverReport } from '../reports';
import type { PipelineDeps } from '../run';
import type { SilverResult } from '../run-state';
import { engineContext, type SilverState } from './build-tables';

/** The result of a replay's silver with what was recovered; that of any other run as it is. */
export async function addRecovery(deps: PipelineDeps, state: SilverState, silver: SilverResult): Promise<SilverResult> {
  if (state.replay === undefined) return silver;
  const { tables } = await readSilverReport(deps.store, silver.reportKey);
  const then = await listQuarantine(deps, state.dataset, state.replay);
  const suspects = tables.flatMap(({ name, files }) => {
    const quarantineThen = then.get(name);
    return quarantineThen === undefined ? [] : [{ name, quarantineThen, built: files.map(({ key }) => key) }];
  });
  const recovered = suspects.length === 0 ? [] : await countRecovered(deps, suspects);
  const recovery: Recovery = {
    recovered: recovered.reduce((sum, table) => sum + table.recovered, 0),
    quarantined: tables.reduce((sum, { quarantined }) => sum + quarantined, 0),
    tables: recovered.filter((table) => table.recovered > 0),
  };
  return { ...silver, recovery };
}

/** By table, the files of a run's quarantine. */
async function listQuarantine({ store }: PipelineDeps, dataset: string, runId: string): Promise<Map<string, string[]>> {
  const prefix = keys.quarantinePrefix(dataset, runId);
  const found = new Map<string, string[]>();
  for await (const { key } of store.list(prefix)) {
    const [table = '', file] = key.slice(prefix.length).split('/');
    if (file?.endsWith('.parquet')) found.set(table, [...(found.get(table) ?? []), key]);
  }
  return found;
}

/** The embedded engine counts, whichever built the tables: what stands in quarantine is few. */
async function countRecovered(deps: PipelineDeps, tables: { name: string; quarantineThen: string[]; built: string[] }[]): Promise<Recovery['tables']> {
  const engine = await deps.engine('duckdb');
  return (await engine.countRecovered({ tables }, engineContext(deps, 'Silver'))).tables;
}
