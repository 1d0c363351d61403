/** The CDER dataset's first door: its value, without anything of AWS behind it. */
import path from 'node:path';
import { type Dataset, readDatasetFolder } from '@inlet/dataset';

/** FDA's National Drug Code directory, of three zips. Throws a ConfigError with every problem of its folder. */
export function readCder(): Promise<Dataset> {
  return readDatasetFolder(path.resolve(__dirname, '..'));
}
