/** Collects what is wrong with a ruleset, and makes the one error that says all of it. */
import { RulesetError, type RulesetProblem } from '@inlet/errors';
import type { Position } from './token';

export interface FoundProblem {
  position: Position;
  what: string;
  found: string;
  expected?: readonly string[];
  nearest?: string | undefined;
}

/** Beyond so many problems nobody reads on, and the parser does not either. */
export const MAX_PROBLEMS = 50;

/** Ends the reading of the rule or section in which it is thrown. Never leaves the parser. */
export class Unreadable extends Error {}

/** Ends the reading of the whole text. Never leaves the parser. */
export class TooManyProblems extends Error {}

export class Problems {
  private readonly found: (RulesetProblem & { offset: number })[] = [];

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** Throws TooManyProblems. */
  add({ position: { line, column, offset }, what, found, expected = [], nearest }: FoundProblem): void {
    this.found.push({ offset, line, column, what, found, expected, ...(nearest !== undefined && { nearest }) });
    if (this.found.length >= MAX_PROBLEMS) throw new TooManyProblems();
  }

  /** In the order of the text. */
  list(): RulesetProblem[] {
    return this.found.toSorted((a, b) => a.offset - b.offset).map(({ offset: _offset, ...problem }) => problem);
  }
}

/** The error for a ruleset with these problems, of which there is at least one. */
export function composeRulesetError(problems: readonly RulesetProblem[], name: string | undefined): RulesetError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const more = problems.length >= MAX_PROBLEMS ? '\n  …: nothing after these was read' : '';
  return new RulesetError({
    what: `The ruleset has ${count}`,
    where: name,
    next: `Correct ${problems.length === 1 ? 'it' : 'them'}:${problems.map(composeLine).join('')}${more}`,
    problems,
  });
}

function composeLine({ line, column, what, found, expected, nearest }: RulesetProblem): string {
  const wanted = expected.length === 0 ? '' : `, expected ${joinAlternatives(expected)}`;
  const meant = nearest === undefined ? '' : ` (did you mean \`${nearest}\`?)`;
  return `\n  line ${line}, column ${column}: ${what}: found ${found}${wanted}${meant}`;
}

function joinAlternatives(alternatives: readonly string[]): string {
  return alternatives.length < 2 ? alternatives.join('') : `${alternatives.slice(0, -1).join(', ')} or ${alternatives.at(-1)}`;
}
