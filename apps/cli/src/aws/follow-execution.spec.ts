import type { SFNClient } from '@aws-sdk/client-sfn';
import type { RunEvent } from '@inlet/pipeline';
import { followExecution, startExecution } from './follow-execution';

type Answer = object | Error;

/** A client that gives its answers one after the other; the last one stays. */
function answering(...answers: Answer[]): { client: SFNClient; inputs: Record<string, unknown>[] } {
  const inputs: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }) => {
    inputs.push(input);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: { send } as unknown as SFNClient, inputs };
}

const named = (name: string, message = name) => Object.assign(new Error(message), { name });
const at = new Date(0);
const enter = (id: number, name: string) => ({ id, type: 'TaskStateEntered', timestamp: at, stateEnteredEventDetails: { name } });
const end = (id: number) => ({ id, type: 'ExecutionSucceeded', timestamp: at });

function follow(client: SFNClient, signal = new AbortController().signal) {
  const told: RunEvent[] = [];
  const ended = followExecution(client, 'arn:x', { observe: (event) => told.push(event), signal, pollMs: { first: 1, longest: 2 } });
  return { ended, states: () => told.map((event) => ('state' in event ? event.state : '')) };
}

describe('followExecution', () => {
  it('tells every event once, in order, over several looks and pages', async () => {
    const { client, inputs } = answering(
      { events: [enter(2, 'B'), enter(1, 'A')] },
      { events: [enter(2, 'B'), enter(1, 'A')] },
      { events: [enter(6, 'F'), enter(5, 'E')], nextToken: 'more' },
      { events: [enter(4, 'D'), enter(3, 'C')], nextToken: 'yet more' },
      { events: [enter(2, 'B')], nextToken: 'never asked for' },
      { events: [end(7), enter(6, 'F')] },
    );
    const { ended, states } = follow(client);
    expect((await ended).end).toEqual({ status: 'SUCCEEDED' });
    expect(states()).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
    expect(inputs.map(({ nextToken }) => nextToken)).toEqual([undefined, undefined, undefined, 'more', 'yet more', undefined]);
  });

  it('outlasts passing faults, but not many in a row', async () => {
    const fault = named('ThrottlingException');
    const { ended } = follow(answering(fault, fault, { events: [enter(1, 'A')] }, fault, { events: [end(2)] }).client);
    expect((await ended).end).toBeDefined();
    const { client, inputs } = answering(fault);
    await expect(follow(client).ended).rejects.toMatchObject({ name: 'TransientError' });
    expect(inputs).toHaveLength(6);
  });

  it('gives up at once when it may not look', async () => {
    const { client, inputs } = answering(named('AccessDeniedException', 'x is not authorized to perform: states:GetExecutionHistory on y'));
    await expect(follow(client).ended).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('states:GetExecutionHistory') });
    expect(inputs).toHaveLength(1);
  });

  it('stops looking when it is told to, and stops nothing else', async () => {
    const controller = new AbortController();
    const { client, inputs } = answering({ events: [enter(1, 'A')] });
    const { ended } = follow(client, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
    expect(inputs.every((input) => 'reverseOrder' in input)).toBe(true);
  });
});

describe('startExecution', () => {
  const request = { dataset: 'nsde', stateMachineArn: 'arn:aws:states:us-east-1:1:stateMachine:inlet-nsde:live', input: { force: true } };

  it('gives the execution a name of its own', async () => {
    const { client, inputs } = answering({ executionArn: 'arn:x' });
    expect(await startExecution(client, request)).toBe('arn:x');
    expect(inputs[0]).toMatchObject({ stateMachineArn: request.stateMachineArn, input: '{"force":true}', name: expect.stringMatching(/^cli-[\w-]{36}$/) });
  });

  it('says how to deploy a dataset that is not', async () => {
    await expect(startExecution(answering(named('StateMachineDoesNotExist')).client, request)).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('npx nx deploy nsde') });
  });

  it('says which right is missing', async () => {
    const denied = named('AccessDeniedException', 'User: x is not authorized to perform: states:StartExecution on resource: y');
    await expect(startExecution(answering(denied).client, request)).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('the right states:StartExecution') });
  });
});
