/** Who holds a dataset, and how that is told to whoever comes second. */
import { AlreadyRunningError } from '@inlet/errors';
import type { RunOwner } from '@inlet/pipeline';

export interface Lease {
  owner: RunOwner;
  since: Date;
  expiresAt: Date;
}

/** `howToEnd` completes the next step "…, or …". */
export function describeHolder(dataset: string, { owner, since, expiresAt }: Lease, howToEnd: string): AlreadyRunningError {
  return new AlreadyRunningError({
    what: `Another run of ${dataset} is under way`,
    where: dataset,
    expected: 'no other run',
    found: `execution ${owner.executionId}, process ${owner.pid} on ${owner.host}, since ${since.toISOString()}`,
    next: `Wait for it to end (inlet status shows it), or ${howToEnd}. Its hold lapses at ${expiresAt.toISOString()} at the latest.`,
  });
}
