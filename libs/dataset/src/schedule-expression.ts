/**
 * Checks cron(…) and rate(…) as EventBridge Scheduler reads them, so that a wrong schedule is found here and not in a deployment.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */

import { quoteText } from './config-problem';

interface CronField {
  name: string;
  min: number;
  max: number;
  names?: readonly string[];
  /** Forms beyond numbers, ranges, steps and `*`. */
  special?: RegExp;
}

const CRON_FIELDS: readonly CronField[] = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', min: 1, max: 12, names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] },
  { name: 'day of week', min: 1, max: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'], special: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', min: 1970, max: 2199 },
];

/** What is expected and found where the expression is wrong; undefined where it is right. */
export function findScheduleFault(expression: string): { expected: string; found: string } | undefined {
  const body = expression.slice(expression.indexOf('(') + 1, -1).trim();
  return expression.startsWith('rate(') ? findRateFault(body) : findCronFault(body.split(/\s+/));
}

function findRateFault(body: string): { expected: string; found: string } | undefined {
  if (/^[1-9]\d* (minutes|hours|days)$/.test(body) || /^1 (minute|hour|day)$/.test(body)) return undefined;
  return { expected: 'rate(<number> minutes|hours|days)', found: quoteText(`rate(${body})`) };
}

function findCronFault(fields: readonly string[]): { expected: string; found: string } | undefined {
  if (fields.length !== CRON_FIELDS.length) {
    return { expected: `6 fields in cron(…): ${CRON_FIELDS.map(({ name }) => name).join(', ')}`, found: `${fields.length}` };
  }
  for (const [index, field] of CRON_FIELDS.entries()) {
    const text = fields[index] ?? '';
    if (!isCronField(field, text)) return { expected: `${field.name} from ${field.min} to ${field.max}, as a value, range, step or list`, found: quoteText(text) };
  }
  const [, , dayOfMonth, , dayOfWeek] = fields;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    return { expected: '? in exactly one of day of month and day of week', found: `${quoteText(dayOfMonth ?? '')} and ${quoteText(dayOfWeek ?? '')}` };
  }
  return undefined;
}

function isCronField(field: CronField, text: string): boolean {
  if (field.special?.test(text)) return true;
  return text.split(',').every((item) => {
    const [range = '', step, ...more] = item.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    if (range === '*') return true;
    const bounds = range.split('-').map((bound) => readCronValue(field, bound));
    return bounds.length <= 2 && bounds.every((bound) => bound !== undefined);
  });
}

function readCronValue({ min, max, names }: CronField, text: string): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= min && value <= max ? value : undefined;
}
