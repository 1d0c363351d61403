/** Dates as the NSDE file writes them, by day number, without any time zone. */

const FIRST_YEAR = 1985;
const YEARS = 60;

/** Day n after 1 January 1985, as YYYYMMDD, to the end of 2044. */
export const DAYS: readonly string[] = listDays();

/** Number of the first day of a year within `DAYS`. */
export function firstDayOf(year: number): number {
  return DAYS.indexOf(`${year}0101`);
}

function listDays(): string[] {
  const days: string[] = [];
  for (let year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= daysIn(year, month); day++) days.push(String(year * 10_000 + month * 100 + day));
    }
  }
  return days;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
