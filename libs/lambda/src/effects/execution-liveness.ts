/** Whether the execution that holds a lease, or began a run, still runs: Step Functions knows. */
import { DescribeExecutionCommand, type ExecutionStatus, type SFNClient } from '@aws-sdk/client-sfn';
import { awsErrorName, describeAwsFailure } from '@inlet/aws-failure';
import type { RunOwner } from '@inlet/pipeline';

const ENDED: ReadonlySet<ExecutionStatus | undefined> = new Set<ExecutionStatus>(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
const UNKNOWN = new Set(['ExecutionDoesNotExist', 'InvalidArn']);

/**
 * False only when the execution is known to have ended. One that Step Functions does not know counts as alive: its answers lag behind, so it may
 * have just been started (https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html), and a lease ends by
 * itself. Throws TransientError where Step Functions does not answer.
 */
export function createExecutionLiveness(client: SFNClient): (owner: RunOwner) => Promise<boolean> {
  return async ({ executionId }) => {
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn: executionId }));
      return !ENDED.has(status);
    } catch (error) {
      if (UNKNOWN.has(awsErrorName(error))) return true;
      throw describeAwsFailure(error, { what: 'It cannot be found out whether an execution still runs', where: executionId });
    }
  };
}
