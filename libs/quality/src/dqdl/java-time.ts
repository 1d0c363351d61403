/** Times of day and time zones as Java's `DateTimeFormatter` and `ZoneId` accept them, on which AWS's parser relies. */

/** `21:45` or `9:45 PM`, of which the scanner has seen that it looks like one. */
export function isTimeOfDay(time: string): boolean {
  const [, hour = '', minute = '', half] = /^(\d+):(\d+)( [AP]M)?$/.exec(time) ?? [];
  const hours = Number(hour);
  if (Number(minute) > 59) return false;
  if (half !== undefined) return hours <= 12;
  return hours <= 23 || (hours === 24 && Number(minute) === 0);
}

/** `2024-02-30` is none. */
export function isDate(date: string): boolean {
  const time = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
}

const OFFSET = /^[+-](?:\d{1,2}|\d\d:?[0-5]\d|\d\d:[0-5]\d:[0-5]\d|\d\d[0-5]\d[0-5]\d)$/;
const MAX_OFFSET_HOURS = 18;
/** Names of three capitals that Java knows; the others are abbreviations to it, and no zones. */
const SHORT_ZONES = ['CET', 'EET', 'GMT', 'MET', 'PRC', 'ROK', 'UCT', 'UTC', 'WET'];

/** `America/Chicago`, `UTC`, `+05:30`, `GMT+2`. Case counts. */
export function isTimeZone(zone: string): boolean {
  if (zone === 'Z' || zone === 'UT') return true;
  const offset = zone.replace(/^(?:UTC|GMT|UT)(?=[+-])/, '');
  if (OFFSET.test(offset)) return isOffsetInRange(offset);
  if (/^[A-Z]{3}$/.test(zone)) return SHORT_ZONES.includes(zone);
  if (!/^[A-Z][A-Za-z0-9~/._+-]+$/.test(zone)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
    return known === zone || known.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}

function isOffsetInRange(offset: string): boolean {
  const digits = offset.slice(1).replaceAll(':', '');
  const hours = Number(digits.slice(0, digits.length === 1 ? 1 : 2));
  return hours < MAX_OFFSET_HOURS || (hours === MAX_OFFSET_HOURS && Number(digits.slice(2)) === 0);
}
