/** Run ids: a pure function of a start second and a release, so that a retried state computes the same id. */

/** Stands in for the release of a run that ended before it knew what it had fetched. */
export const UNKNOWN_RELEASE_SHA256 = '0'.repeat(64);

const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{12}$/;

/** `YYYYMMDDTHHMMSSZ` in UTC. */
export function formatRunStart(startedAt: Date): string {
  return startedAt.toISOString().replace(/[-:]/g, '').replace(/\.\d{3}/, '');
}

/** `<UTC start>-<first 12 hex of the release's sha256>`. */
export function buildRunId(startedAt: Date, releaseSha256: string): string {
  return `${formatRunStart(startedAt)}-${releaseSha256.slice(0, 12)}`;
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}
