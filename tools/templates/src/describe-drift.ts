/** Two JSON documents as a list of what differs, by path: a reader sees which property of which resource, and no line numbers. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const MAX_LINES = 60;
const MAX_VALUE = 160;

/** `- path: value` for what only the first has, `+ path: value` for what only the second has; empty when they are equal. */
export function describeDrift(before: Json, after: Json): string[] {
  const lines = [...listDifferences(before, after, '')];
  return lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more lines`] : lines;
}

function* listDifferences(before: Json | undefined, after: Json | undefined, path: string): Generator<string> {
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const [left, right] = [before as Record<string, Json>, after as Record<string, Json>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      yield* listDifferences(Object.hasOwn(left, key) ? left[key] : undefined, Object.hasOwn(right, key) ? right[key] : undefined, path === '' ? key : `${path}.${key}`);
    }
    return;
  }
  if (before !== undefined && after !== undefined && JSON.stringify(before) === JSON.stringify(after)) return;
  if (before !== undefined) yield `- ${path || '(all)'}: ${show(before)}`;
  if (after !== undefined) yield `+ ${path || '(all)'}: ${show(after)}`;
}

function isContainer(value: Json | undefined): value is readonly Json[] | { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
