import { CapturedStream } from '../capture.test-support';
import { displayWidth } from '../render/display-width';
import { createStyle } from '../render/style';
import { createProgress } from './create-progress';
import { StateMeasure } from './measure';

const at = new Date('2026-11-20T21:00:00Z');
const plain = createStyle({}, {});

describe('progress without a terminal', () => {
  it('is one plain line per finished state, with what was done and how long it took', () => {
    const stream = new CapturedStream();
    let nowMs = 0;
    const { observe } = createProgress({ stream, style: plain, quiet: false, nowMs: () => nowMs });
    observe({ type: 'run-started', dataset: 'nsde', at });
    observe({ type: 'state-entered', state: 'FetchAndHash', at });
    observe({ type: 'progress', state: 'FetchAndHash', what: 'elements', bytes: 1_000_000, totalBytes: 3_800_000 });
    nowMs = 2000;
    observe({ type: 'progress', state: 'FetchAndHash', what: 'elements', bytes: 3_800_000, totalBytes: 3_800_000 });
    observe({ type: 'state-exited', state: 'FetchAndHash', at, durationMs: 2000 });
    observe({ type: 'state-entered', state: 'Bronze', at });
    observe({ type: 'state-failed', state: 'Bronze', at, error: { name: 'ContractViolationError', message: 'no' } });
    expect(stream.text.split('\n')).toEqual([
      'Running nsde',
      '  ✓ FetchAndHash    2.0 s  3.8 MB, 1.9 MB/s',
      '  ✗ Bronze          ContractViolationError',
      '',
    ]);
  });

  it('says nothing when quiet', () => {
    const stream = new CapturedStream();
    const { observe } = createProgress({ stream, style: plain, quiet: true });
    observe({ type: 'run-started', dataset: 'nsde', at });
    expect(stream.text).toBe('');
  });
});

describe('progress on a terminal', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('redraws one line that never wraps, and leaves the terminal clean', () => {
    const stream = new CapturedStream({ columns: 40 });
    const progress = createProgress({ stream, style: plain, width: 40, quiet: false });
    progress.observe({ type: 'state-entered', state: 'FetchAndHash', at });
    progress.observe({ type: 'progress', state: 'FetchAndHash', what: 'a very long file name.zip\x1b[2J', bytes: 5_000_000, totalBytes: 9_000_000, rows: 3 });
    jest.advanceTimersByTime(1000);
    const drawn = stream.text.split('\r\x1b[2K').filter((part) => part !== '');
    expect(drawn.length).toBeGreaterThan(5);
    for (const line of drawn) {
      expect(line).toMatch(/^ {2}\S FetchAndHash/);
      expect(line).not.toMatch(/[\n\x1b]/); // eslint-disable-line no-control-regex
      expect(displayWidth(line)).toBeLessThan(40);
    }
    progress.stop();
    expect(stream.text.endsWith('\r\x1b[2K')).toBe(true);
    const length = stream.text.length;
    jest.advanceTimersByTime(1000);
    expect(stream.text).toHaveLength(length);
  });
});

describe('StateMeasure', () => {
  it('adds up what is worked on side by side', () => {
    const measure = new StateMeasure(0);
    measure.add({ what: 'finished', bytes: 1_000_000, totalBytes: 4_000_000 });
    measure.add({ what: 'unfinished', bytes: 500_000, totalBytes: 2_000_000 });
    measure.add({ what: 'finished', bytes: 2_000_000 });
    expect(measure.describe(1000)).toBe('2.5 MB of 6.0 MB, 2.5 MB/s');
  });
  it('gives no total where one is unknown', () => {
    const measure = new StateMeasure(0);
    measure.add({ what: 'a', bytes: 1000, totalBytes: 2000 });
    measure.add({ what: 'b', bytes: 1000 });
    expect(measure.describe(0)).toBe('2.0 kB');
  });
  it('counts rows of tables', () => {
    const measure = new StateMeasure(0);
    measure.add({ what: 'products', rows: 21_478 });
    measure.add({ what: 'packages', rows: 35_321 });
    expect(measure.describe(10)).toBe('56,799 rows');
  });
});
