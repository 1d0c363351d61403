/** Whether two releases came from the same sources: only then do their figures say anything of each other. */

interface Origin {
  name: string;
  url: string;
}

/** A sample file says nothing about how many rows the published file should have. */
export function hasSameOrigins(before: readonly Origin[], after: readonly Origin[]): boolean {
  const describe = (sources: readonly Origin[]) => sources.map(({ name, url }) => `${name} ${hostOf(url)}`).sort().join('\n');
  return describe(before) === describe(after);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? `${new URL(url).protocol}//${new URL(url).host}` : url;
}
