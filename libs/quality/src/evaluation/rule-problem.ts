/** Why a rule cannot be evaluated: it ends that rule as an error, and no other. */

/** The longest reason that a report carries. */
export const MAX_REASON_LENGTH = 400;

/** Never leaves the evaluation: `checkRules` makes an outcome of it, `compileRowCondition` a RulesetError. */
export class RuleProblem extends Error {}

/** The reason, cut to a length that a report bears. */
export function boundReason(reason: string): string {
  const line = reason.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_REASON_LENGTH ? line : `${line.slice(0, MAX_REASON_LENGTH - 1)}…`;
}

/** What a failed query says, on one line. Where personal columns are about, its kind only: DuckDB quotes the value that it could not read. */
export function describeQueryFailure(error: unknown, isPersonal: boolean): string {
  // Errors of an engine may come from another realm, where `instanceof` tells nothing.
  const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const kind = /^[A-Za-z ]{1,40} Error(?=:)/.exec(message)?.[0] ?? 'an error';
  if (isPersonal) return `Its SQL failed: ${kind}.`;
  return boundReason(`Its SQL failed: ${message.split('\n')[0] ?? kind}`);
}

/** A figure as reasons show it. */
export function showNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9)));
}
