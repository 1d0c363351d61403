/**
 * How long a schedule may leave a dataset alone, so that an alarm knows when a look at its source is overdue.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */

const MINUTES_PER_UNIT: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
const MINUTES_PER_DAY = 1440;
const MS_PER_DAY = 86_400_000;

/** After 28 years, weekdays and leap days come round again. */
const CYCLE_YEARS = 28;
const FIRST_YEAR = 2024;
const LAST_YEAR = 2199;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * The longest time between two runs, in hours, of an expression that `@inlet/dataset` has checked. Local time without its changes to and from
 * summer time. Infinity where the schedule runs less than twice.
 */
export function cadenceHours(expression: string): number {
  const body = expression.slice(expression.indexOf('(') + 1, -1).trim();
  return (expression.startsWith('rate(') ? rateMinutes(body) : longestGapMinutes(body.split(/\s+/))) / 60;
}

function rateMinutes(body: string): number {
  const [count, unit = ''] = body.split(/\s+/);
  return Number(count) * (MINUTES_PER_UNIT[unit.replace(/s$/, '')] ?? Number.NaN);
}

function longestGapMinutes([minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '']: readonly string[]): number {
  const times = timesOfDay(minutes, hours);
  const firstTime = times[0] ?? 0;
  const lastTime = times.at(-1) ?? 0;
  let longest = times.slice(1).reduce((gap, time, index) => Math.max(gap, time - (times[index] ?? 0)), 0);
  let previous: number | undefined;
  for (const day of matchingDays({ dayOfMonth, month, dayOfWeek, year })) {
    const start = (day.getTime() / MS_PER_DAY) * MINUTES_PER_DAY;
    if (previous !== undefined) longest = Math.max(longest, start + firstTime - previous);
    previous = start + lastTime;
  }
  return longest === 0 ? Infinity : longest;
}

/** Minutes since midnight, in order. */
function timesOfDay(minutes: string, hours: string): number[] {
  const inHour = parseField(minutes, 0, 59);
  return parseField(hours, 0, 23).flatMap((hour) => inHour.map((minute) => hour * 60 + minute));
}

function* matchingDays({ dayOfMonth, month, dayOfWeek, year }: Record<'dayOfMonth' | 'month' | 'dayOfWeek' | 'year', string>): Generator<Date> {
  const months = new Set(parseField(month, 1, 12, MONTHS));
  const years = parseField(year, 1970, LAST_YEAR).filter((candidate) => candidate >= FIRST_YEAR).slice(0, CYCLE_YEARS + 1);
  for (const candidate of years) {
    for (const monthOfYear of months) yield* daysOfMonth(candidate, monthOfYear, { dayOfMonth, dayOfWeek });
  }
}

function* daysOfMonth(year: number, month: number, fields: { dayOfMonth: string; dayOfWeek: string }): Generator<Date> {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const firstWeekday = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const days = fields.dayOfMonth === '?' ? byWeekday(fields.dayOfWeek, { last, firstWeekday }) : byDate(fields.dayOfMonth, { last, firstWeekday });
  for (const day of days) yield new Date(Date.UTC(year, month - 1, day));
}

interface Month {
  /** Its last day. */
  last: number;
  /** Of its first day; Sunday is 0. */
  firstWeekday: number;
}

function byDate(field: string, month: Month): number[] {
  if (field === 'L') return [month.last];
  if (field === 'LW') return [nearestWorkday(month.last, month)];
  if (field.endsWith('W')) return [nearestWorkday(Math.min(Number.parseInt(field, 10), month.last), month)];
  return parseField(field, 1, 31).filter((day) => day <= month.last);
}

/** Never in another month. */
function nearestWorkday(day: number, { last, firstWeekday }: Month): number {
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < last ? day + 1 : day - 2;
  return day;
}

/** Sunday is 1, as in the expression. */
function byWeekday(field: string, { last, firstWeekday }: Month): number[] {
  const all = (weekday: number) => Array.from({ length: last }, (_day, index) => index + 1).filter((day) => (firstWeekday + day - 1) % 7 === weekday - 1);
  if (field === 'L') return all(7);
  if (/^[1-7]L$/.test(field)) return all(Number(field[0])).slice(-1);
  if (field.includes('#')) return all(Number(field[0])).slice(Number(field[2]) - 1, Number(field[2]));
  return parseField(field, 1, 7, WEEKDAYS).flatMap(all).sort((a, b) => a - b);
}

/** Values of a list of numbers, names, ranges and steps, in order. A range may go round the end: `FRI-MON`. */
function parseField(field: string, min: number, max: number, names: readonly string[] = []): number[] {
  const read = (text: string) => (names.includes(text.toUpperCase()) ? names.indexOf(text.toUpperCase()) + min : Number(text));
  const values = field.split(',').flatMap((item) => {
    const [range = '', step] = item.split('/');
    const [from = min, to] = range === '*' ? [min, max] : range.split('-').map(read);
    const end = to ?? (step === undefined ? from : max);
    const size = max - min + 1;
    const length = ((end - from + size) % size) + 1;
    return Array.from({ length }, (_value, index) => index).filter((index) => index % Number(step ?? 1) === 0).map((index) => ((from - min + index) % size) + min);
  });
  return [...new Set(values)].sort((a, b) => a - b);
}
