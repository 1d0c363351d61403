import { EventEmitter } from 'node:events';
import { InterruptedError } from '@inlet/errors';
import { listenForInterrupts } from './interrupt';

function start() {
  const signals = new EventEmitter();
  const state = { nowMs: 0, first: 0, second: [] as string[] };
  const interruption = listenForInterrupts({
    signals,
    nowMs: () => state.nowMs,
    onFirst: () => (state.first += 1),
    onSecond: (signal) => state.second.push(signal),
  });
  return { signals, state, interruption };
}

describe('listenForInterrupts', () => {
  it('aborts with InterruptedError at the first signal', () => {
    const { signals, state, interruption } = start();
    signals.emit('SIGTERM');
    expect(interruption.signal.reason).toBeInstanceOf(InterruptedError);
    expect(interruption.signal.reason.message).toContain('SIGTERM');
    expect(state).toMatchObject({ first: 1, second: [] });
  });
  it('takes the echo of a signal that npm or the launcher passes on for the same one', () => {
    const { signals, state } = start();
    signals.emit('SIGINT');
    state.nowMs = 300;
    signals.emit('SIGINT');
    expect(state).toMatchObject({ first: 1, second: [] });
  });
  it('ends at once at a second signal', () => {
    const { signals, state } = start();
    signals.emit('SIGINT');
    state.nowMs = 900;
    signals.emit('SIGINT');
    expect(state.second).toEqual(['SIGINT']);
  });
  it('changes nothing of a run that has ended, and still ends the process at a second signal', () => {
    const { signals, interruption, state } = start();
    interruption.finish();
    signals.emit('SIGTERM');
    expect(interruption.signal.aborted).toBe(false);
    expect(state).toMatchObject({ first: 0, second: [] });
    state.nowMs = 900;
    signals.emit('SIGTERM');
    expect(state.second).toEqual(['SIGTERM']);
  });
});
