/** The datasets that a command may be asked about, without reading their configs: a broken config must not hide what is published. */
import path from 'node:path';
import { findDataset, listDatasetFolders } from '@inlet/dataset';
import { keys } from '@inlet/manifest';
import type { ObjectStore } from '@inlet/pipeline';

/** Ids of the workspace's datasets, in order. */
export async function listDatasetIds(domainsDir: string): Promise<string[]> {
  return (await listDatasetFolders(domainsDir)).map((folder) => path.basename(folder));
}

/** Throws the error of an unknown dataset (with the nearest id) unless the workspace or the lake knows this one. */
export async function requireKnownDataset(domainsDir: string, store: ObjectStore, id: string): Promise<void> {
  if ((await listDatasetIds(domainsDir)).includes(id)) return;
  const isPlausible = /^[a-z0-9-]+$/.test(id);
  if (isPlausible && (await store.head(keys.manifestKey(id))) !== undefined) return;
  await findDataset(domainsDir, id);
}
