/** Why a rule cannot be evaluated: it ends that rule as an error, and no other. */

/** The longest reason that a report carries. */
export const MAX_REASON_LENGTH = 400;

/** Never leaves the evaluation: `checkRules` makes an outcome of it, `compileRowCondition` a RulesetError. */
export class RuleProblem extends Error {}

/** The reason on one line that ends as a sentence does, cut to a length that a report bears. */
export function boundReason(reason: string): string {
  const text = reason.replaceAll(/\s+/g, ' ').trim();
  const line = /[.!?…]$/.test(text) ? text : `${text}.`;
  return line.length <= MAX_REASON_LENGTH ? line : `${line.slice(0, MAX_REASON_LENGTH - 1)}…`;
}

/** Errors of an engine may come from another realm, where `instanceof` tells nothing. */
export function readMessage(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** What a failed query says, on one line. Where personal columns are about, its kind only: DuckDB quotes the value that it could not read. */
export function describeQueryFailure(error: unknown, isPersonal: boolean): string {
  const message = readMessage(error);
  const kind = /^[A-Za-z ]{1,40} Error(?=:)/.exec(message)?.[0] ?? 'an error';
  if (isPersonal) return `Its SQL failed: ${kind}.`;
  return boundReason(`Its SQL failed: ${message.split('\n').find((line) => line.trim() !== '') ?? kind}`);
}

/** A figure as reasons show it: with commas between thousands, and with nine digits that count, for fewer could make a share that is just below 1 look like it. */
export function showNumber(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return size < 1e15 ? (value + 0).toLocaleString('en') : String(value);
  return size >= 1e-4 && size < 1e15 ? value.toLocaleString('en', { maximumSignificantDigits: 9 }) : String(Number(value.toPrecision(9)));
}

/** `1 of 4,500,000 values` */
export function showPart(part: number, whole: number, things: string): string {
  return `${showNumber(part)} of ${showNumber(whole)} ${things}`;
}
