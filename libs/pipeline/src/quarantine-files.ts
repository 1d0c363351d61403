/** What a run set aside, published or not: found by where it lies, for a rejected run is in no manifest. */
import { keys } from '@inlet/manifest';
import type { ObjectStore } from './ports';

/** By table, the keys of its Parquet files: `<prefix><table>/<file>`. */
export async function listQuarantineFiles(store: ObjectStore, dataset: string, runId: string): Promise<Map<string, string[]>> {
  const prefix = keys.quarantinePrefix(dataset, runId);
  const found = new Map<string, string[]>();
  for await (const { key } of store.list(prefix)) {
    const [table = '', file] = key.slice(prefix.length).split('/');
    if (file?.endsWith('.parquet')) found.set(table, [...(found.get(table) ?? []), key]);
  }
  return found;
}
