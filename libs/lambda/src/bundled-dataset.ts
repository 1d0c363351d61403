/** The dataset as the function's bundle carries it: config, models and rules in `dataset/<id>/` beside the code. */
import path from 'node:path';
import { findDataset, type Dataset } from '@inlet/dataset';
import { ConfigError } from '@inlet/errors';
import type { EnvironmentVariables } from './lambda-context';

/** Folder of a bundle that holds the dataset's folder. */
export const DATASET_FOLDER = 'dataset';

/** Throws a ConfigError when the bundle holds no such dataset, or a faulty one. */
export async function readBundledDataset(id: string, env: EnvironmentVariables = process.env): Promise<Dataset> {
  const root = env['LAMBDA_TASK_ROOT'];
  if (root === undefined) {
    throw new ConfigError({ what: 'The dataset of this function cannot be found', expected: 'LAMBDA_TASK_ROOT, which Lambda sets', found: 'none', next: 'Give the dataset to the handler where there is no Lambda.' });
  }
  return findDataset(path.join(root, DATASET_FOLDER), id);
}
