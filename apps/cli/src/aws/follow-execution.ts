/** Starts a run in the deployed state machine, and follows it to its end. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetExecutionHistoryCommand, StartExecutionCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import { awsErrorName, describeAwsFailure } from '@inlet/aws-failure';
import { ConfigError, TransientError } from '@inlet/errors';
import type { RunObserver } from '@inlet/pipeline';
import { HistoryReader } from './execution-history';

/** Step Functions gives this call back at ten a second for the whole account. */
const POLL_MS = { first: 500, longest: 5000 };
const BACKOFF = 1.5;
/** Of polls in a row that fail for a passing reason, on top of the client's own tries. */
const MOST_FAULTS = 5;
const PAGE_EVENTS = 100;

export interface ExecutionRequest {
  dataset: string;
  stateMachineArn: string;
  input: object;
}

/** ARN of the new execution. Throws ConfigError where the dataset is not deployed. */
export async function startExecution(client: SFNClient, { dataset, stateMachineArn, input }: ExecutionRequest): Promise<string> {
  const what = `The run of ${dataset} cannot be started`;
  try {
    // With a name of ours, a request that the client sends twice starts one execution.
    const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn, name: `cli-${randomUUID()}`, input: JSON.stringify(input) }));
    return executionArn;
  } catch (error) {
    const name = awsErrorName(error);
    if (name !== 'StateMachineDoesNotExist' && name !== 'ResourceNotFound') throw describeAwsFailure(error, { what, where: stateMachineArn });
    throw new ConfigError({ what, where: stateMachineArn, expected: 'its state machine', found: 'none', next: `Deploy the dataset: npx nx deploy ${dataset}.`, cause: error });
  }
}

export interface Watch {
  observe: RunObserver;
  signal: AbortSignal;
  /** @default POLL_MS */
  pollMs?: { first: number; longest: number };
}

/** Observes the execution until it ends. Throws an AbortError when the signal says so; the execution goes on then. */
export async function followExecution(client: SFNClient, executionArn: string, { observe, signal, pollMs = POLL_MS }: Watch): Promise<HistoryReader> {
  const reader = new HistoryReader();
  let lastId = 0;
  let faults = 0;
  let pauseMs = pollMs.first;
  while (reader.end === undefined) {
    signal.throwIfAborted();
    try {
      const events = await readNewEvents(client, { executionArn, lastId, signal });
      faults = 0;
      for (const event of events) reader.read(event).forEach(observe);
      lastId = events.at(-1)?.id ?? lastId;
      pauseMs = events.length > 0 ? pollMs.first : Math.min(pollMs.longest, pauseMs * BACKOFF);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransientError) || (faults += 1) > MOST_FAULTS) throw error;
      pauseMs = pollMs.longest;
    }
    if (reader.end === undefined) await sleep(pauseMs, undefined, { signal });
  }
  return reader;
}

/** Events after `lastId`, in order. The history is read from its end, so that a long one is not read again at each look. */
async function readNewEvents(client: SFNClient, { executionArn, lastId, signal }: { executionArn: string; lastId: number; signal: AbortSignal }): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const request = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: PAGE_EVENTS, includeExecutionData: true, nextToken });
    const page = await client.send(request, { abortSignal: signal }).catch((error: unknown) => {
      throw describeAwsFailure(error, { what: 'The run cannot be followed', where: executionArn });
    });
    const fresh = (page.events ?? []).filter(({ id = 0 }) => id > lastId);
    events.push(...fresh);
    nextToken = fresh.length < (page.events ?? []).length ? undefined : page.nextToken;
  } while (nextToken !== undefined);
  return events.reverse();
}
