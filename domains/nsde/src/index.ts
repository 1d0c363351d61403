/** The NSDE dataset's first door: its value, without anything of AWS behind it. */
import path from 'node:path';
import { type Dataset, readDatasetFolder } from '@inlet/dataset';

/** FDA's Comprehensive NDC SPL Data Elements File. Throws a ConfigError with every problem of its folder. */
export function readNsde(): Promise<Dataset> {
  return readDatasetFolder(path.resolve(__dirname, '..'));
}
