import * as fc from 'fast-check';
import type { PastMetric } from '../evaluation/check';
import { detectAnomaly } from './detect-anomaly';

const DAY_MS = 86_400_000;
/** A Thursday. */
const FIRST_DAY = Date.parse('2026-01-01T06:00:00Z');
const dayAt = (day: number) => new Date(FIRST_DAY + day * DAY_MS).toISOString();

/** One value a day from the first day on, as a history: newest first. */
function daily(values: readonly number[]): PastMetric[] {
  return values.map((value, day) => ({ at: dayAt(day), value })).reverse();
}

/** The verdict on a value of the day after the history. */
function judge(values: readonly number[], value: number) {
  return detectAnomaly(daily(values), { at: dayAt(values.length), value });
}

/** Every day's value from its weekday's, day 0 being a Thursday. */
const week = [100, 104, 12, 8, 96, 101, 99];
const weeks = (count: number) => Array.from({ length: count * 7 }, (_, day) => week[day % 7]! + ((day * 5) % 3) - 1);

describe('a short history', () => {
  it('makes nothing an anomaly, and says how much there is', () => {
    expect(judge([5, 5, 5, 5, 5, 5], 5e9)).toEqual({ isAnomaly: false, expected: null, reason: 'Still learning: there are 6 of the 7 past values that it takes.' });
    expect(judge([], Number.NaN)).toMatchObject({ isAnomaly: false, expected: null });
  });
  it('is one whose values are no numbers or have no time', () => {
    const history = [...daily([1, 2, 3, 4, 5, 6]), { at: dayAt(9), value: Number.NaN }, { at: dayAt(10), value: Number.POSITIVE_INFINITY }, { at: 'yesterday', value: 3 }];
    expect(detectAnomaly(history, { at: dayAt(11), value: 99 }).reason).toContain('6 of the 7');
  });
});

describe('the band', () => {
  it('is what a pencil finds', () => {
    // In order: 96 98 99 100 101 102 103 105, median 100.5; distances 0.5 0.5 1.5 1.5 2.5 2.5 4.5 4.5, median 2;
    // 4 * (1 + 4/8) * 1.4826 * 2 = 17.7912.
    const verdict = judge([101, 99, 98, 102, 103, 96, 105, 100], 82);
    expect(verdict.expected!.lower).toBeCloseTo(82.7088, 4);
    expect(verdict.expected!.upper).toBeCloseTo(118.2912, 4);
    expect(verdict).toMatchObject({ isAnomaly: true, reason: '82 is below the expected 82.7088 to 118.291, from 8 past values.' });
  });
  it('holds its own ends', () => {
    const { expected } = judge([101, 99, 98, 102, 103, 96, 105, 100], 100);
    for (const end of [expected!.lower, expected!.upper]) expect(judge([101, 99, 98, 102, 103, 96, 105, 100], end).isAnomaly).toBe(false);
  });
  it('takes the mean distance where more than half of the values are the same', () => {
    // Distances: nine 0, one 10; mean 1 * 1.2533 * 4 * 1.4 = 7.018.
    expect(judge([50, 50, 50, 60, 50, 50, 50, 50, 50, 50], 50).expected!.upper).toBeCloseTo(57.0185, 3);
  });
  it('is one per cent of the level at least', () => {
    expect(judge(Array.from({ length: 10 }, () => 2000), 2019.5)).toMatchObject({ isAnomaly: false, expected: { lower: 1980, upper: 2020 } });
    expect(judge(Array.from({ length: 10 }, () => 2000), 2021)).toMatchObject({ isAnomaly: true, reason: '2021 is above the expected 1980 to 2020, from 10 past values.' });
  });
  it('hardly moves for an accident in the past', () => {
    const calm = [101, 99, 98, 102, 103, 96, 105, 100, 101, 99, 97, 104];
    expect(judge([...calm, 1000], 1000).isAnomaly).toBe(true);
    expect(judge([...calm, 1000], 99).isAnomaly).toBe(false);
  });
  it('has finite ends for the largest numbers there are', () => {
    const huge = [1.7e308, -1.7e308, 1.7e308, -1.7e308, 1.6e308, -1.6e308, 1e308, 0];
    expect(judge(huge, 1)).toMatchObject({ isAnomaly: false, expected: { lower: -Number.MAX_VALUE, upper: Number.MAX_VALUE } });
    expect(judge(Array.from({ length: 8 }, () => 5e-324), 5e-324).isAnomaly).toBe(false);
  });
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('never holds %d', (value) => {
    expect(judge([1, 2, 3, 4, 5, 6, 7], value)).toMatchObject({ isAnomaly: true, expected: { lower: expect.any(Number) as number } });
  });
});

describe('the weekday', () => {
  it('is not looked at before it has four values', () => {
    expect(judge(weeks(3), 9).reason).toMatch(/from 21 past values\.$/);
  });
  it('counts from the fourth value on: a weak Saturday is ordinary, a weak Tuesday is not', () => {
    const history = daily(weeks(5)).slice(0, -4);
    const saturday = detectAnomaly(history, { at: dayAt(37), value: 11 });
    expect(saturday).toMatchObject({ isAnomaly: false });
    expect(saturday.reason).toContain('from the past values of 4 Saturdays.');
    expect(detectAnomaly(history, { at: dayAt(40), value: 11 })).toMatchObject({ isAnomaly: true });
    expect(detectAnomaly(history, { at: dayAt(37), value: 100 })).toMatchObject({ isAnomaly: true });
  });
  it('needs values of four different days', () => {
    const sameDay = Array.from({ length: 12 }, (_, hour) => ({ at: new Date(FIRST_DAY + hour * 3_600_000).toISOString(), value: 10 + (hour % 3) }));
    expect(detectAnomaly(sameDay, { at: dayAt(7), value: 11 }).reason).toMatch(/from 12 past values\.$/);
  });
});

describe('the trend', () => {
  const growing = Array.from({ length: 30 }, (_, day) => 10_000 + 100 * day + (day % 4));
  it('is followed: growth is ordinary, and its end is not', () => {
    const next = detectAnomaly(daily(growing), { at: dayAt(30), value: 13_000 });
    expect(next).toMatchObject({ isAnomaly: false });
    expect(next.reason).toContain('and their trend');
    expect(detectAnomaly(daily(growing), { at: dayAt(30), value: 11_000 })).toMatchObject({ isAnomaly: true });
  });
  it('goes on for no longer than half of the time that it was seen', () => {
    const year = detectAnomaly(daily(growing), { at: dayAt(400), value: 13_000 });
    expect((year.expected!.lower + year.expected!.upper) / 2).toBeCloseTo(10_000 + 2900 + 1450, -2);
  });
  it('is not seen in values that only scatter', () => {
    expect(judge([101, 99, 98, 102, 103, 96, 105, 100, 101, 99, 97, 104, 100, 98, 103], 100).reason).not.toContain('trend');
  });
});

const runs = { numRuns: 25 };
/** Days between runs, so that histories have gaps. */
const gaps = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 60, maxLength: 60 });
const noise = fc.array(fc.integer({ min: 0, max: 100_003 }), { minLength: 7, maxLength: 60 });
const histories = fc.record({ values: noise, gaps, value: fc.integer({ min: -300_000, max: 400_000 }) }).map(({ values, gaps: between, value }) => {
  const days = values.map((_, index) => between.slice(0, index).reduce((sum, gap) => sum + gap, 0));
  const history = values.map((past, index) => ({ at: dayAt(days[index]!), value: past })).reverse();
  return { history, current: { at: dayAt(days.at(-1)! + 1), value } };
});
const change = (history: readonly PastMetric[], by: (value: number) => number) => history.map(({ at, value }) => ({ at, value: by(value) }));

describe('every verdict', () => {
  it('moves with the scale, and mirrors with the sign', () => {
    fc.assert(fc.property(histories, fc.constantFrom(2 ** -40, 0.5, 4, 2 ** 60, -1, -8), ({ history, current }, factor) => {
      const one = detectAnomaly(history, current);
      const other = detectAnomaly(change(history, (value) => value * factor), { at: current.at, value: current.value * factor });
      expect(other.isAnomaly).toBe(one.isAnomaly);
      const ends = [one.expected!.lower * factor, one.expected!.upper * factor].sort((left, right) => left - right);
      expect([other.expected!.lower, other.expected!.upper]).toEqual(ends.map((end) => (end === 0 ? expect.closeTo(0) as number : end)));
    }), runs);
  });
  it('moves with the level where the floor does not count', () => {
    fc.assert(fc.property(histories, fc.integer({ min: -50_000, max: 50_000 }), ({ history, current }, shift) => {
      const one = detectAnomaly(history, current).expected!;
      const half = (one.upper - one.lower) / 2;
      const middle = (one.upper + one.lower) / 2;
      fc.pre(half > 0.011 * Math.max(Math.abs(middle), Math.abs(middle + shift)));
      const other = detectAnomaly(change(history, (value) => value + shift), { at: current.at, value: current.value + shift }).expected!;
      expect(other.lower - one.lower).toBeCloseTo(shift, 3);
      expect(other.upper - one.upper).toBeCloseTo(shift, 3);
    }), runs);
  });
  it('does not depend on the order of the history', () => {
    fc.assert(fc.property(histories, fc.integer(), ({ history, current }, seed) => {
      const mixed = history.map((past, index) => ({ past, rank: Math.sin(seed + index) })).sort((left, right) => left.rank - right.rank).map(({ past }) => past);
      expect(detectAnomaly(mixed, current)).toEqual(detectAnomaly(history, current));
    }), runs);
  });
  it('finds a constant ordinary, to its last digit', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 7, max: 60 }), (value, count) => {
      const same = Array.from({ length: count }, () => value);
      expect(judge(same, value).isAnomaly).toBe(false);
      expect(judge(same, value * (1 + 4 * Number.EPSILON)).isAnomaly).toBe(!Number.isFinite(value * (1 + 4 * Number.EPSILON)));
    }), runs);
  });
  it('finds the tenfold of a usual value out of the ordinary, either way', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 95, max: 105 }), { minLength: 7, maxLength: 100 }), fc.constantFrom(1, -1), (values, sign) => {
      const signed = values.map((value) => sign * value);
      expect(judge(signed, sign * 1000).isAnomaly).toBe(true);
      expect(judge(signed, sign * 10).isAnomaly).toBe(true);
    }), runs);
  });
  it('leaves a pattern of weekdays alone', () => {
    const pattern = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 7, maxLength: 7 });
    fc.assert(fc.property(pattern, fc.integer({ min: 28, max: 120 }), (levels, days) => {
      expect(judge(Array.from({ length: days }, (_, day) => levels[day % 7]!), levels[days % 7]!).isAnomaly).toBe(false);
    }), runs);
  });
});
