/** Progress is for people: about ten reports a second, however fast the bytes come. */
import type { FetchFileRequest } from '@inlet/pipeline';

const INTERVAL_MS = 100;

export interface ProgressReport {
  bytes: number;
  totalBytes?: number;
}

/** Reports at most every 100 ms; `flush` reports the last state, if it has not been told yet. */
export function throttleProgress(report: FetchFileRequest['onProgress'], now: () => number) {
  let reportedAt = -Infinity;
  let unreported: ProgressReport | undefined;
  const flush = () => {
    if (!unreported) return;
    report?.(unreported);
    unreported = undefined;
    reportedAt = now();
  };
  return {
    tell(progress: ProgressReport): void {
      unreported = progress;
      if (now() - reportedAt >= INTERVAL_MS) flush();
    },
    flush,
  };
}
