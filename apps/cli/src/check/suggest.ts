/** Proposes a ruleset for a file that has none. */
import { printSuggestions, suggestRules, type Suggestion } from '@inlet/quality';
import type { SuggestRequest } from './check-request';
import { createContext, withOpenFiles, type CheckDeps } from './run-check';

export interface Proposal {
  /** A ruleset's text, with the figures as comments. */
  ruleset: string;
  rules: readonly Suggestion[];
  rows: number;
}

/** Throws UsageError for a file that cannot be read. */
export async function suggest(deps: CheckDeps, request: SuggestRequest): Promise<Proposal> {
  return withOpenFiles(deps, request, async (files) => {
    const rules = await suggestRules(createContext(deps, request, files));
    return { ruleset: printSuggestions(rules), rules, rows: files.primary.known.rows };
  });
}
