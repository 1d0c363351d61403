/** What the attempts at one file share. */
import type { FetchFileRequest } from '@inlet/pipeline';
import type { PartialDownload } from './partial-download';

export interface Transfer {
  request: FetchFileRequest;
  download: PartialDownload;
  fileName: string;
  /** The address as errors may show it. */
  where: string;
  now: () => Date;
}
