import { findScheduleFault } from './schedule-expression';

describe('findScheduleFault', () => {
  it.each([
    'cron(30 6 * * ? *)',
    'cron(0/15 8-17 ? * MON-FRI *)',
    'cron(0 10 L * ? 2026-2030)',
    'cron(0 10 15W JAN,jul ? *)',
    'cron(0 10 ? * 6L *)',
    'cron(0 10 ? * 2#1 *)',
    'cron(0,30 */2 1 * ? *)',
    'rate(1 day)',
    'rate(12 hours)',
    'rate(1 days)',
  ])('%s is right', (expression) => {
    expect(findScheduleFault(expression)).toBeUndefined();
  });

  it.each([
    ['cron(30 6 * * ?)', '6 fields in cron(…): minutes, hours, day of month, month, day of week, year', '5'],
    ['cron(60 6 * * ? *)', 'minutes from 0 to 59, as a value, range, step or list', '"60"'],
    ['cron(0 24 * * ? *)', 'hours from 0 to 23, as a value, range, step or list', '"24"'],
    ['cron(0 0 32 * ? *)', 'day of month from 1 to 31, as a value, range, step or list', '"32"'],
    ['cron(0 0 * JANUARY ? *)', 'month from 1 to 12, as a value, range, step or list', '"JANUARY"'],
    ['cron(0 0 ? * 0 *)', 'day of week from 1 to 7, as a value, range, step or list', '"0"'],
    ['cron(0 0 ? * 1 26)', 'year from 1970 to 2199, as a value, range, step or list', '"26"'],
    ['cron(0/0 0 ? * 1 *)', 'minutes from 0 to 59, as a value, range, step or list', '"0/0"'],
    ['cron(0-1-2 0 ? * 1 *)', 'minutes from 0 to 59, as a value, range, step or list', '"0-1-2"'],
    ['cron(? 0 ? * 1 *)', 'minutes from 0 to 59, as a value, range, step or list', '"?"'],
    ['cron(0 6 * * * *)', '? in exactly one of day of month and day of week', '"*" and "*"'],
    ['cron(0 6 ? * ? *)', '? in exactly one of day of month and day of week', '"?" and "?"'],
    ['rate(0 days)', 'rate(<number> minutes|hours|days)', '"rate(0 days)"'],
    ['rate(2 day)', 'rate(<number> minutes|hours|days)', '"rate(2 day)"'],
    ['rate(5 weeks)', 'rate(<number> minutes|hours|days)', '"rate(5 weeks)"'],
  ])('%s is wrong: expected %s, found %s', (expression, expected, found) => {
    expect(findScheduleFault(expression)).toEqual({ expected, found });
  });
});
