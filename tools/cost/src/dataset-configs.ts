/** The configs of this workspace's datasets, in the order of their ids. */
import path from 'node:path';
import { type DatasetConfig, listDatasetFolders, readDatasetFolder } from '@inlet/dataset';

export async function readDatasetConfigs(workspaceRoot: string): Promise<DatasetConfig[]> {
  const folders = await listDatasetFolders(path.join(workspaceRoot, 'domains'));
  return Promise.all(folders.map(async (folder) => (await readDatasetFolder(folder)).config));
}
