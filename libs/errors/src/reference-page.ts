/** docs/reference/errors.md, made from the classes and what is known of each: the generator writes it, and a spec compares it. */
import { ERROR_REFERENCE, type ErrorGroup, type ErrorName } from './error-reference';
import { REJECTING_ERROR_NAMES, TRANSIENT_ERROR_NAMES } from './named-errors';

const INTRODUCTION = `# Errors

<!-- Generated from libs/errors/src/error-reference.ts by \`npx nx docs errors\`. -->

Every failure has a name, which is what the state machine matches, what a run's record keeps (\`error.name\`) and what an alarm can ask for. Its message says what failed,
on which object, what was expected, what was found and what to do next. URLs in messages show no user, password or query value.

How a run ends that met one:

- **failed**: at once, exit code 1. Anything without a name counts as this.
- **retried**: the state machine tries the state three more times, after 2, 4 and 8 seconds; then the run has failed.
- **rejected**: exit code 3. The release was read and refused; what is published stays.

\`UsageError\`, \`ConfigError\`, \`RulesetError\` and \`UnknownReleaseError\` end a command with exit code 2. A run whose process was killed is closed by the next run of the
dataset, as failed with the name \`ProcessDiedError\`, which no code raises.
`;

/** The page, ending in a newline. */
export function renderErrorReference(): string {
  const names = Object.keys(ERROR_REFERENCE) as ErrorName[];
  const groups = [...new Set(names.map((name) => ERROR_REFERENCE[name].group))];
  return [INTRODUCTION, ...groups.map((group) => renderGroup(group, names))].join('\n');
}

function renderGroup(group: ErrorGroup, names: readonly ErrorName[]): string {
  const rows = names.filter((name) => ERROR_REFERENCE[name].group === group).map(renderRow);
  return [`## ${group}`, '', '| name | a run ends | when | what to do |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function renderRow(name: ErrorName): string {
  const { meaning, next } = ERROR_REFERENCE[name];
  return `| \`${name}\` | ${describeEnding(name)} | ${meaning} | ${next} |`;
}

function describeEnding(name: string): string {
  if ((REJECTING_ERROR_NAMES as readonly string[]).includes(name)) return 'rejected';
  return (TRANSIENT_ERROR_NAMES as readonly string[]).includes(name) ? 'retried' : 'failed';
}
