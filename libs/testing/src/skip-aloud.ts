/** What a machine lacks is no failure of the code, and must not be missed either. */

/** At the top of a spec file: says at once what is skipped and why, and leaves it as a skipped test, which `npm test` and `.ci/run` repeat at their ends. */
export function skipAloud(what: string, reason: string): void {
  const title = `SKIPPED: ${what}, because there is ${reason}`;
  console.warn(`${title}.`);
  it.skip(title, () => undefined);
}
