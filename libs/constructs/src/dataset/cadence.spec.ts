import fc from 'fast-check';
import { cadenceHours } from './cadence';

describe('cadenceHours', () => {
  it.each([
    ['rate(1 minute)', 1 / 60],
    ['rate(90 minutes)', 1.5],
    ['rate(6 hours)', 6],
    ['rate(2 days)', 48],
    ['cron(30 6 * * ? *)', 24],
    ['cron(0 */6 * * ? *)', 6],
    ['cron(0/15 * * * ? *)', 0.25],
    ['cron(0 8,12 * * ? *)', 20],
    ['cron(0 7 ? * MON-FRI *)', 72],
    ['cron(0 7 ? * FRI-MON *)', 96],
    ['cron(0 7 ? * SUN,WED *)', 96],
    ['cron(0 7 ? * L *)', 168],
    ['cron(0 0 1 * ? *)', 31 * 24],
    ['cron(0 0 31 * ? *)', 61 * 24],
    ['cron(0 0 L * ? *)', 31 * 24],
    ['cron(0 0 1 JAN ? *)', 366 * 24],
    ['cron(0 0 29 2 ? *)', (4 * 365 + 1) * 24],
    ['cron(0 0 ? * 2#1 *)', 35 * 24],
    ['cron(0 0 ? * 6L *)', 35 * 24],
  ])('%s leaves a dataset alone for %d hours at most', (expression, hours) => {
    expect(cadenceHours(expression)).toBeCloseTo(hours, 10);
  });

  it('takes the working day nearest to a date, within its month', () => {
    // 1 June 2024 is a Saturday: the nearest working day of June is Monday, the 3rd. From there, the longest way is to Thursday, 1 August.
    expect(cadenceHours('cron(0 0 1W 6,8 ? 2024)')).toBe(59 * 24);
    // 30 June 2024 is a Sunday, and the last working day the 28th; 31 August is a Saturday: the 30th.
    expect(cadenceHours('cron(0 0 LW 6,8 ? 2024)')).toBe(63 * 24);
  });

  it('is endless where the schedule runs once', () => {
    expect(cadenceHours('cron(0 0 1 1 ? 2030)')).toBe(Infinity);
  });

  it('agrees with counting the minutes of a week', () => {
    const some = (max: number, min = 0) => fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(some(59), some(23), some(7, 1), (minutes, hours, weekdays) => {
        const fires: number[] = [];
        for (let minute = 0; minute < 3 * 7 * 1440; minute += 1) {
          const isDue = minutes.includes(minute % 60) && hours.includes(Math.floor(minute / 60) % 24) && weekdays.includes((Math.floor(minute / 1440) % 7) + 1);
          if (isDue) fires.push(minute);
        }
        const longest = Math.max(...fires.slice(1).map((fire, index) => fire - fires[index]!));
        expect(cadenceHours(`cron(${minutes} ${hours} ? * ${weekdays} *)`)).toBeCloseTo(longest / 60, 10);
      }),
      { numRuns: 40 },
    );
  });
});
