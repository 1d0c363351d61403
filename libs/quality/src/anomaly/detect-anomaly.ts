/**
 * Says whether a metric is out of the ordinary, by a method that a person can check with a pencil.
 *
 * The expected level is the median of the past values. Where there are enough of them and a straight line leaves at most half of
 * their spread, the line counts (a dataset that grows); where the weekday has enough values of its own, the median of that weekday's
 * distances from the line counts (a source that rests on Sundays). What the past values lie off their expected levels is the spread:
 * the median of the distances times 1.4826. The band is the level plus and minus `4 * (1 + 4 / n)` spreads, n being the values
 * that the level comes from, but never less than one per cent of the level.
 */
import type { PastMetric } from '../evaluation/check';
import { type Point, median, slopeOfHalves, spreadAroundZero } from './robust-statistics';

export const ANOMALY_METHOD = {
  /** Fewer past values than this, and nothing is an anomaly. */
  minimumHistory: 7,
  /** Values of one weekday, of different days, from which that weekday has a level of its own. */
  minimumOfWeekday: 4,
  /** Values from which a trend is looked for. */
  minimumForTrend: 14,
  /** A trend counts where it leaves at most this share of the spread. */
  trendShare: 0.5,
  /** Half the band's width, in spreads, for a long history. */
  bandSpreads: 4,
  /** The half width grows by this many parts of n for a level that comes from n values. */
  smallSampleParts: 4,
  /** Half the band's width is at least this share of the level. */
  floorShare: 0.01,
} as const;

export interface AnomalyVerdict {
  isAnomaly: boolean;
  /** Where the value is ordinary, both ends included; null while there is too little history. */
  expected: { lower: number; upper: number } | null;
  /** One sentence, with the numbers. */
  reason: string;
}

interface PastValue extends Point {
  /** 0 for Sunday, in UTC. */
  weekday: number;
  day: number;
}

interface Level {
  value: number;
  /** The values that it comes from. */
  count: number;
  /** How far past values usually lie from theirs. */
  spread: number;
  weekday: number | null;
  hasTrend: boolean;
}

const DAY_MS = 86_400_000;
const WEEKDAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
/** Differences below this share of the largest value come from rounding. */
const ROUNDING = 1e-12;

/** Times are ISO 8601; past values that are no finite numbers or have no time are passed over. The order of the history means nothing. */
export function detectAnomaly(history: readonly PastMetric[], current: { at: string; value: number }): AnomalyVerdict {
  const past = history.filter(({ at, value }) => Number.isFinite(value) && !Number.isNaN(Date.parse(at)));
  if (past.length < ANOMALY_METHOD.minimumHistory) {
    return { isAnomaly: false, expected: null, reason: `Still learning: there are ${past.length} of the ${ANOMALY_METHOD.minimumHistory} past values that it takes.` };
  }
  const unit = powerOfTwoFor(past);
  const points = past.map(({ at, value }) => readPoint(at, value / unit)).sort((left, right) => left.x - right.x || left.y - right.y);
  const level = findLevel(points, Date.parse(current.at));
  const half = halfWidth(level);
  const expected = { lower: clamp((level.value - half) * unit), upper: clamp((level.value + half) * unit) };
  const isAnomaly = !(current.value >= expected.lower && current.value <= expected.upper);
  return { isAnomaly, expected, reason: explain(current.value, expected, level) };
}

/** Values are divided by it, so that no sum of them overflows and no rounding depends on their size. */
function powerOfTwoFor(past: readonly PastMetric[]): number {
  const largest = past.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? 1 : 2 ** Math.max(-1000, Math.min(1023, Math.floor(Math.log2(largest))));
}

function readPoint(at: string, y: number): PastValue {
  const time = Date.parse(at);
  return { x: time / DAY_MS, y, weekday: new Date(time).getUTCDay(), day: Math.floor(time / DAY_MS) };
}

function findLevel(points: readonly PastValue[], time: number): Level {
  const rounding = ROUNDING * points.reduce((most, { y }) => Math.max(most, Math.abs(y)), 0);
  const slope = findSlope(points, rounding);
  const newest = points.at(-1)?.x ?? 0;
  const flat = points.map((point) => ({ ...point, y: point.y - slope * (point.x - newest) }));
  const overall = median(flat.map(({ y }) => y));
  const rise = slope * stepsAhead(points, newest, time);
  const weekday = Number.isNaN(time) ? -1 : new Date(time).getUTCDay();
  const levels = listWeekdayLevels(flat);
  const own = levels.get(weekday);
  const seasonal = own === undefined ? null : flat.map((point) => point.y - (levels.get(point.weekday)?.level ?? Number.NaN)).filter(Number.isFinite);
  return {
    value: (own?.level ?? overall) + rise,
    count: own?.count ?? flat.length,
    spread: spreadAroundZero(seasonal ?? flat.map(({ y }) => y - overall), rounding),
    weekday: own === undefined ? null : weekday,
    hasTrend: slope !== 0,
  };
}

/** By a day; 0 where no line explains the values well. */
function findSlope(points: readonly PastValue[], rounding: number): number {
  if (points.length < ANOMALY_METHOD.minimumForTrend) return 0;
  const slope = slopeOfHalves(points);
  const spread = spreadAroundMedian(points.map(({ y }) => y), rounding);
  const left = spreadAroundMedian(points.map(({ x, y }) => y - slope * (x - (points.at(-1)?.x ?? 0))), rounding);
  return left <= ANOMALY_METHOD.trendShare * spread && spread > rounding ? slope : 0;
}

function spreadAroundMedian(values: readonly number[], rounding: number): number {
  const middle = median(values);
  return spreadAroundZero(values.map((value) => value - middle), rounding);
}

/** Days from the newest value to now. A line goes on for no longer than half of what it was seen. */
function stepsAhead(points: readonly PastValue[], newest: number, time: number): number {
  const seen = newest - (points[0]?.x ?? newest);
  const ahead = Number.isNaN(time) ? 0 : time / DAY_MS - newest;
  return Math.max(-seen, Math.min(seen / 2, ahead));
}

/** The level of each weekday that has values of enough days. */
function listWeekdayLevels(points: readonly PastValue[]): Map<number, { level: number; count: number }> {
  const levels = new Map<number, { level: number; count: number }>();
  for (const [weekday, same] of Map.groupBy(points, (point) => point.weekday)) {
    const count = new Set(same.map(({ day }) => day)).size;
    if (count >= ANOMALY_METHOD.minimumOfWeekday) levels.set(weekday, { level: median(same.map(({ y }) => y)), count });
  }
  return levels;
}

function halfWidth({ value, count, spread }: Level): number {
  const { bandSpreads, smallSampleParts, floorShare } = ANOMALY_METHOD;
  return Math.max(bandSpreads * (1 + smallSampleParts / count) * spread, floorShare * Math.abs(value), ROUNDING);
}

function clamp(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

function explain(value: number, expected: { lower: number; upper: number }, { count, weekday, hasTrend }: Level): string {
  const source = weekday === null ? `${count} past values` : `the past values of ${count} ${WEEKDAYS[weekday]}`;
  const verb = value < expected.lower ? 'is below' : value > expected.upper ? 'is above' : Number.isNaN(value) ? 'is not in' : 'is in';
  return `${show(value)} ${verb} the expected ${show(expected.lower)} to ${show(expected.upper)}, from ${source}${hasTrend ? ' and their trend' : ''}.`;
}

/** Six digits that count, or all of a whole number. */
function show(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(6)));
}
