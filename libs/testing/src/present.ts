/** Values that a test cannot go on without. */

export function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('the test needs a value here, and there is none');
  return value;
}
