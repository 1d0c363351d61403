/** How a run begins: its request is checked, it gets a start of its own and the dataset's lease, and what dead runs left is swept up. */
import type { DatasetConfig } from '@inlet/dataset';
import { sweepDeadRuns } from '../dead-runs';
import { LEASE_TTL_MS } from '../ports';
import type { PipelineDeps } from '../run';
import { parseRunRequest, type SourcePolicy } from '../run-request';
import type { ExecutionInput } from '../run-state';

export interface RunBeginning {
  /** When the run was asked for. */
  requestedAt: Date;
  /** The execution's input, not yet checked. */
  document: unknown;
  policy: SourcePolicy;
}

/** The first whole document of the run. Idempotent for one execution. Throws UsageError, UnsafeUrlError and AlreadyRunningError. */
export async function beginRun(deps: PipelineDeps, { dataset }: Pick<DatasetConfig, 'dataset'>, { requestedAt, document, policy }: RunBeginning): Promise<ExecutionInput> {
  const { force, sources, engine, replay } = parseRunRequest(document, policy);
  const { startedAt } = await deps.ledger.beginRun({ dataset, owner: deps.owner, requestedAt });
  await deps.ledger.acquireLease(dataset, deps.owner, LEASE_TTL_MS);
  await sweepDeadRuns(deps, dataset);
  return {
    dataset,
    executionId: deps.owner.executionId,
    startedAt: startedAt.toISOString(),
    requestedAt: requestedAt.toISOString(),
    sources: [...sources],
    force,
    engine,
    ...(replay !== undefined && { replay }),
  };
}
