/** What a cross-field rule is: a named function from the valid parts of a config to what is wrong between them. */
import type { z } from 'zod';
import { type ConfigPath, type ConfigProblem, formatPath, quoteText } from '../config-problem';
import type { DatasetConfigSchema } from '../config-schema';
import type { Draft } from '../schema-walk';

/** The valid parts of a config as written, defaults applied. A rule looks only at what is there; what is missing or wrong the schema has reported. */
export type ConfigDraft = Draft<z.output<typeof DatasetConfigSchema>>;

export type ConfigRule = (config: ConfigDraft) => ConfigProblem[];

export function problemAt(path: ConfigPath, expected: string, found: string): ConfigProblem {
  return { path: formatPath(path), expected, found };
}

export interface NamedPart {
  path: ConfigPath;
  name: string | undefined;
}

/** A problem for every name that an earlier part has, compared without regard to case. */
export function listRepeats(what: string, parts: readonly NamedPart[]): ConfigProblem[] {
  const firsts = new Map<string, ConfigPath>();
  return parts.flatMap(({ path, name }) => {
    if (name === undefined) return [];
    const first = firsts.get(name.toLowerCase());
    if (first === undefined) firsts.set(name.toLowerCase(), path);
    return first === undefined ? [] : [problemAt(path, `${what} that nothing else has`, `${quoteText(name)}, as at ${formatPath(first)}`)];
  });
}

/** The names of a list of texts, each at its own place. */
export function listNames(path: ConfigPath, names: readonly (string | undefined)[] | undefined): NamedPart[] {
  return (names ?? []).map((name, index) => ({ path: [...path, index], name }));
}
