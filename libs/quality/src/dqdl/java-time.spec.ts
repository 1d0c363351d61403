import { isDate, isTimeOfDay, isTimeZone } from './java-time';

describe('isTimeZone', () => {
  it.each(['UTC', 'Z', 'UT', 'GMT', 'GMT0', '+5', '+05', '+05:00', '-0530', '+05:30:15', '+18:00', 'UTC+1', 'UTC+01:00', 'GMT+2', 'UT-3', 'EST5EDT', 'US/Eastern', 'America/Chicago', 'America/Argentina/Buenos_Aires', 'Asia/Calcutta', 'Asia/Kolkata', 'Etc/GMT+5', 'CET', 'Zulu'])(
    'knows %s',
    (zone) => {
      expect(isTimeZone(zone)).toBe(true);
    },
  );
  it.each(['', 'z', 'utc', 'EST', 'PST', 'america/chicago', 'AMERICA/CHICAGO', 'America/New_Chicago', '+19:00', '+18:01', '+05:60', 'UTC+', '+5:00', 'Mars/Base', ' UTC', 'America/', '"'])('does not know %j', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });
});

describe('isTimeOfDay', () => {
  it.each(['00:00', '23:59', '24:00', '0:30 AM', '00:30 PM', '12:30 AM', '09:05 AM'])('takes %s', (time) => {
    expect(isTimeOfDay(time)).toBe(true);
  });
  it.each(['24:01', '25:00', '23:60', '13:00 PM', '9:60 AM'])('does not take %s', (time) => {
    expect(isTimeOfDay(time)).toBe(false);
  });
});

describe('isDate', () => {
  it.each([['2024-02-29', true], ['2023-02-29', false], ['2024-13-01', false], ['2024-00-10', false], ['0000-01-01', true], ['9999-12-31', true]])('of %s is %s', (date, expected) => {
    expect(isDate(date)).toBe(expected);
  });
});
