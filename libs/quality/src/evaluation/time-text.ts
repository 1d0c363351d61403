/** Dates and times: what a condition means by them, and how Spark reads them from a column's texts. */
import { isDate, type DateExpression, type Duration } from '../dqdl';
import type { Column } from './column';
import { RuleProblem } from './rule-problem';
import { stripText } from './strip-text';

const MINUTE_MS = 60_000;
const MINUTES: Readonly<Record<Duration['unit'], number>> = { minutes: 1, hours: 60, days: 1440 };

/** The moment that an expression means, with `now` to the minute; null for NULL. Throws RuleProblem. */
export function resolveMoment(expression: DateExpression, now: Date, timeZone: string): Date | null {
  switch (expression.kind) {
    case 'null':
      return null;
    case 'date':
      if (!isDate(expression.date)) throw new RuleProblem(`There is no date ${expression.date}.`);
      return new Date(`${expression.date}T00:00:00Z`);
    case 'time':
      return resolveTimeOfDay(expression.time, now, timeZone);
    case 'now': {
      const minute = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
      const { offset } = expression;
      const minutes = offset === null ? 0 : offset.duration.amount * MINUTES[offset.duration.unit];
      return requireMoment(new Date(minute + (offset?.operator === '-' ? -minutes : minutes) * MINUTE_MS));
    }
  }
}

function requireMoment(moment: Date): Date {
  if (Number.isNaN(moment.getTime())) throw new RuleProblem('The date of the condition is out of range.');
  return moment;
}

function resolveTimeOfDay(time: string, now: Date, timeZone: string): Date {
  const [, hour = '0', minute = '0', half] = /^(\d+):(\d+)(?: ([AP]M))?$/.exec(time) ?? [];
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  const offsetMs = findOffset(now, timeZone);
  const day = new Date(now.getTime() + offsetMs).toISOString().slice(0, 10);
  return requireMoment(new Date(Date.parse(`${day}T00:00:00Z`) + (hours * 60 + Number(minute)) * MINUTE_MS - offsetMs));
}

/** By how much a zone's clocks are ahead of UTC at a moment. */
function findOffset(at: Date, timeZone: string): number {
  const [, sign, hours, minutes = '0'] = /^(?:UTC|GMT|UT)?([+-])(\d{1,2}):?(\d\d)?/.exec(timeZone) ?? [];
  if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const zone = ['Z', 'UT'].includes(timeZone) ? 'UTC' : timeZone;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((candidate) => candidate.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(at.getTime() / 1000) * 1000;
}

const DATE_SHAPE = '^[+-]?\\d{4,6}(-\\d{1,2}(-\\d{1,2}([ T][^\\n]*)?)?)?$';
const ZONE_SHAPE = '(Z|UTC|GMT|[+-]\\d{1,2}(:?\\d{1,2})?|[A-Z][A-Za-z]+/[A-Za-z_/]+)';
const TIME_SHAPE = `^[^ T]+([ T] *([01]?\\d|2[0-3])(:[0-5]?\\d(:[0-5]?\\d(\\.\\d{0,9})?)?)? *${ZONE_SHAPE}?)?$`;

/** The DATE that Spark reads from a text: `2024`, `2024-1` and `2024-01-05 anything` are dates; NULL where it reads none. */
export function parseDate(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, '\\d{4}-\\d\\d-\\d\\d') THEN TRY_CAST(${text} AS DATE) ELSE ${parseOddDate(text)} END`;
}

function parseOddDate(text: string): string {
  const stripped = stripText(text);
  const day = `regexp_extract(${stripped}, '^[^ T]+')`;
  const full = `CASE WHEN regexp_matches(${day}, '^[+-]?\\d+$') THEN ${day} || '-01-01' WHEN regexp_matches(${day}, '^[+-]?\\d+-\\d+$') THEN ${day} || '-01' ELSE ${day} END`;
  return `CASE WHEN regexp_matches(${stripped}, '${DATE_SHAPE}') THEN TRY_CAST(${full} AS DATE) END`;
}

/** Whether Spark reads a timestamp from a text. */
export function isTimestampText(text: string): string {
  return `(${parseDate(text)} IS NOT NULL AND regexp_matches(${stripText(text)}, '${TIME_SHAPE}'))`;
}

/** The date of a column's value; NULL where it is none. Throws RuleProblem for a column that has none. */
export function dateOf(column: Column): string {
  if (column.kind === 'date') return column.sql;
  if (column.kind === 'timestamp') return `CAST(${column.sql} AS DATE)`;
  if (column.kind === 'text') return parseDate(`CAST(${column.sql} AS VARCHAR)`);
  throw new RuleProblem(`Column "${column.written}" is ${column.type}, which holds no dates.`);
}

/** The seconds since 1970 of a column's value, in UTC where it has no zone; NULL where it is no time. Throws RuleProblem. */
export function secondsOf(column: Column): string {
  if (column.kind === 'date' || column.kind === 'timestamp') return `floor(epoch(${column.sql}))`;
  if (column.kind !== 'text') throw new RuleProblem(`Column "${column.written}" is ${column.type}, which holds no times.`);
  const text = stripText(`CAST(${column.sql} AS VARCHAR)`);
  const zoned = `regexp_matches(${text}, '[ T].*${ZONE_SHAPE}$')`;
  const seconds = `CASE WHEN ${zoned} THEN epoch(TRY_CAST(${text} AS TIMESTAMPTZ)) WHEN regexp_matches(${text}, '[ T]\\d') THEN epoch(TRY_CAST(${text} AS TIMESTAMP)) ELSE epoch(${parseDate(text)}) END`;
  return `floor(${seconds})`;
}
