/** Writes proposed rules as a ruleset's text, the figures as comments: a file to read, mend and keep. */
import type { Suggestion } from './suggest-rules';

/** A whole ruleset, ending in a line feed. There is at least one suggestion. */
export function printSuggestions(suggestions: readonly Suggestion[]): string {
  const rules = suggestions.map(({ rule, figures }, index) => `    # ${onOneLine(figures)}\n    ${rule}${index < suggestions.length - 1 ? ',' : ''}\n`);
  return `# Proposed from the data alone: each rule holds for it today. Read them, and keep those that must hold tomorrow.\nRules = [\n${rules.join('')}]\n`;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
