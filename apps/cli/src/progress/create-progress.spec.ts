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
    observe({ type: 'progress', state: 'FetchAndHash', what: 'fetching elements', bytes: 1_000_000, totalBytes: 3_800_000 });
    nowMs = 2000;
    observe({ type: 'progress', state: 'FetchAndHash', what: 'fetching elements', bytes: 3_800_000, totalBytes: 3_800_000 });
    observe({ type: 'state-exited', state: 'FetchAndHash', at, durationMs: 2000 });
    observe({ type: 'state-entered', state: 'Bronze', at });
    observe({ type: 'state-failed', state: 'Bronze', at, error: { name: 'ContractViolationError', message: 'no' } });
    expect(stream.text.split('\n')).toEqual([
      'Running nsde',
      '  ✓ FetchAndHash    2.0 s  fetching 3.8 MB, 1.9 MB/s',
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
    measure.add({ what: 'fetching finished', bytes: 1_000_000, totalBytes: 4_000_000 }, 500);
    expect(measure.describeNow(500)).toBe('fetching finished  1.0 MB of 4.0 MB, 2.0 MB/s');
    measure.add({ what: 'fetching unfinished', bytes: 500_000, totalBytes: 2_000_000 }, 500);
    measure.add({ what: 'fetching finished', bytes: 2_000_000 }, 1000);
    expect(measure.describeNow(1000)).toBe('fetching 2 files  2.5 MB of 6.0 MB, 2.5 MB/s');
  });
  it('keeps the bytes of a download and of its expansion apart, each with its own rate', () => {
    const measure = new StateMeasure(0);
    measure.add({ what: 'fetching a', bytes: 1_000_000, totalBytes: 1_000_000 }, 1000);
    measure.add({ what: 'expanding a.zip', bytes: 9_000_000 }, 2000);
    expect(measure.describeNow(2000)).toBe('expanding a.zip  9.0 MB, 9.0 MB/s');
    expect(measure.describeDone()).toBe('fetching 1.0 MB, 1.0 MB/s; expanding 9.0 MB, 9.0 MB/s');
  });
  it('gives no total where one is unknown', () => {
    const measure = new StateMeasure(0);
    measure.add({ what: 'fetching a', bytes: 1000, totalBytes: 2000 }, 0);
    measure.add({ what: 'fetching b', bytes: 1000 }, 0);
    expect(measure.describeDone()).toBe('fetching 2.0 kB');
  });
  it('counts rows of tables', () => {
    const measure = new StateMeasure(0);
    measure.add({ what: 'products', rows: 21_478 }, 5);
    measure.add({ what: 'packages', rows: 35_321 }, 10);
    expect(measure.describeDone()).toBe('56,799 rows');
    expect(measure.describeNow(10)).toBe('2 tables  56,799 rows');
  });
});
