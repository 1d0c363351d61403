/** The function that starts a run by hand, or from another system, without a right to the state machine itself. */
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describeAwsFailure } from '@inlet/aws-failure';
import { TriggerEnvironmentSchema } from '@inlet/deployment';
import { parseRunRequest } from '@inlet/pipeline';
import { clientSettings, readAwsSettings } from '../aws-settings';
import { JsonLog } from '../json-log';
import type { EnvironmentVariables, LambdaHandler } from '../lambda-context';
import { readEnvironment, splitHosts } from '../read-environment';
import type { HandlerOptions } from './handler-options';

export interface StartedRun {
  executionArn: string;
  /** ISO 8601. */
  startDate: string;
}

/**
 * Takes `{ "force"?: false, "source_url"?: "…", "sources"?: ["…"], "engine"?: "auto", "replay"?: "latest" }`, or nothing. Throws UsageError for anything else, and
 * UnsafeUrlError for a source that is not on the dataset's hosts, or whose URL could hold a secret.
 */
export function createTriggerHandler(variables: EnvironmentVariables, options: Pick<HandlerOptions, 'aws' | 'writeLine'> = {}): LambdaHandler<StartedRun> {
  const env = readEnvironment(TriggerEnvironmentSchema, variables);
  const aws = options.aws ?? readAwsSettings(variables);
  const hosts = splitHosts(env.SOURCE_HOSTS);
  const client = new SFNClient(clientSettings(aws));
  const log = new JsonLog({ dataset: env.DATASET, function: 'trigger' }, options.writeLine);
  return async (event) => {
    const { force, engine, sources, replay } = parseRunRequest(event, { hosts });
    const input = JSON.stringify({ force, engine, ...(sources.length > 0 && { sources }), ...(replay !== undefined && { replay }) });
    const started = await client.send(new StartExecutionCommand({ stateMachineArn: env.STATE_MACHINE_ARN, input })).catch((error: unknown) => {
      throw describeAwsFailure(error, { what: `The run of ${env.DATASET} cannot be started`, where: env.STATE_MACHINE_ARN });
    });
    const run = { executionArn: started.executionArn ?? '', startDate: (started.startDate ?? new Date()).toISOString() };
    log.with({ executionId: run.executionArn }).write('info', 'run-started', { force, engine, sources: sources.join(' '), ...(replay !== undefined && { replay }) });
    return run;
  };
}
