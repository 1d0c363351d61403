/** What a handler may be given in place of what it finds on AWS. */
import type { Dataset } from '@inlet/dataset';
import type { AwsSettings } from '../aws-settings';
import type { WriteLine } from '../json-log';

export interface HandlerOptions {
  /** @default the one in the function's bundle */
  readDataset?: (id: string) => Promise<Dataset>;
  /** @default the account and region that the function runs in */
  aws?: AwsSettings;
  /** Takes the log. @default standard output */
  writeLine?: WriteLine;
  /** @default a folder below /tmp */
  scratchRoot?: string;
}
