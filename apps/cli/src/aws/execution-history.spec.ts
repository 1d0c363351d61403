import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { RunEvent } from '@inlet/pipeline';
import { HistoryReader } from './execution-history';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 21, 0, seconds));

/** Events a second apart. */
function readAll(...events: Partial<HistoryEvent>[]): { told: RunEvent[]; reader: HistoryReader } {
  const reader = new HistoryReader();
  const told = events.flatMap((event, index) => reader.read({ id: index + 1, timestamp: at(index), ...event } as HistoryEvent));
  return { told, reader };
}

const entered = (name: string): Partial<HistoryEvent> => ({ type: 'TaskStateEntered', stateEnteredEventDetails: { name } });
const exited = (name: string, output = '{}'): Partial<HistoryEvent> => ({ type: 'TaskStateExited', stateExitedEventDetails: { name, output } });
const scheduled: Partial<HistoryEvent> = { type: 'LambdaFunctionScheduled' };
const failed = (error: string): Partial<HistoryEvent> => ({ type: 'LambdaFunctionFailed', lambdaFunctionFailedEventDetails: { error, cause: 'because' } });

describe('HistoryReader', () => {
  it('tells when each state begins and how long it took, and nothing of choices', () => {
    const { told } = readAll({ type: 'ExecutionStarted' }, entered('FetchAndHash'), scheduled, { type: 'LambdaFunctionStarted' }, { type: 'LambdaFunctionSucceeded' }, exited('FetchAndHash'), { type: 'ChoiceStateEntered' }, { type: 'ChoiceStateExited', stateExitedEventDetails: { name: 'Changed?' } });
    expect(told).toEqual([
      { type: 'state-entered', state: 'FetchAndHash', at: at(1) },
      { type: 'state-exited', state: 'FetchAndHash', at: at(5), durationMs: 4000 },
    ]);
  });

  it('tells each failed try, and the next one as a new beginning', () => {
    const { told } = readAll(entered('Bronze'), scheduled, failed('TransientError'), scheduled, { type: 'LambdaFunctionSucceeded' }, exited('Bronze'));
    expect(told).toEqual([
      { type: 'state-entered', state: 'Bronze', at: at(0) },
      { type: 'state-failed', state: 'Bronze', at: at(2), error: { name: 'TransientError', message: 'because' } },
      { type: 'state-entered', state: 'Bronze', at: at(3) },
      { type: 'state-exited', state: 'Bronze', at: at(5), durationMs: 2000 },
    ]);
  });

  it.each([
    ['taskFailedEventDetails', 'TaskFailed'],
    ['taskTimedOutEventDetails', 'TaskTimedOut'],
    ['taskStartFailedEventDetails', 'TaskStartFailed'],
    ['taskSubmitFailedEventDetails', 'TaskSubmitFailed'],
    ['lambdaFunctionTimedOutEventDetails', 'LambdaFunctionTimedOut'],
    ['lambdaFunctionScheduleFailedEventDetails', 'LambdaFunctionScheduleFailed'],
    ['lambdaFunctionStartFailedEventDetails', 'LambdaFunctionStartFailed'],
  ])('knows a failure by %s, and says no more when its state is left', (details, type) => {
    const { told } = readAll(entered('BronzeOnSpark'), { type, [details]: { error: 'States.Timeout' } } as Partial<HistoryEvent>, exited('BronzeOnSpark'));
    expect(told.map((event) => event.type)).toEqual(['state-entered', 'state-failed']);
    expect(told[1]).toMatchObject({ error: { name: 'States.Timeout', message: '' } });
  });

  it('learns the run\'s id from what a state has said, whatever other states print', () => {
    const { reader } = readAll(exited('A', '{"outcome":{"runId":"r1"}}'), exited('B', 'no json'), exited('C', 'null'), exited('D', '{"outcome":{"runId":7}}'));
    expect(reader.runId).toBe('r1');
  });

  it.each([
    [{ type: 'ExecutionSucceeded' }, { status: 'SUCCEEDED' }],
    [{ type: 'ExecutionFailed', executionFailedEventDetails: { error: 'RunFailed', cause: 'x' } }, { status: 'FAILED', error: 'RunFailed', cause: 'x' }],
    [{ type: 'ExecutionAborted', executionAbortedEventDetails: {} }, { status: 'ABORTED' }],
    [{ type: 'ExecutionTimedOut' }, { status: 'TIMED_OUT' }],
  ] as [Partial<HistoryEvent>, object][])('ends with %j', (event, end) => {
    expect(readAll(event).reader.end).toEqual(end);
    expect(readAll(entered('A')).reader.end).toBeUndefined();
  });
});
