/** The way from the committed file of environments to one that stacks can trust: strict, all problems at once. */
import { readFileSync } from 'node:fs';
import { EnvironmentSchema, type Environment } from '@inlet/deployment';
import { ConfigError } from '@inlet/errors';
import { z } from 'zod';

const EnvironmentsSchema = z.strictObject({
  $comment: z.string().optional(),
  environments: z.array(EnvironmentSchema).min(1),
});

export interface EnvironmentProblem {
  /** Where: `environments[0].tags.Owner`. */
  path: string;
  problem: string;
}

/** A ConfigError with every problem of the file; its message lists them one per line. */
export class EnvironmentsError extends ConfigError {
  readonly problems: readonly EnvironmentProblem[];

  constructor(problems: readonly EnvironmentProblem[], file: string) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    const lines = problems.map(({ path, problem }) => `\n  ${path}: ${problem}`).join('');
    super({ what: `The file of environments has ${count}`, where: file, next: `Correct ${problems.length === 1 ? 'it' : 'them'} there:${lines}` });
    this.problems = problems;
  }
}

type Rule = (environments: readonly Environment[]) => EnvironmentProblem[];

const namesAreUnique: Rule = (environments) =>
  environments.flatMap(({ name }, index) =>
    environments.findIndex((other) => other.name === name) < index ? [{ path: `environments[${index}].name`, problem: `"${name}" is described twice` }] : [],
  );

/** The names of parameters, tables and state machines hold no environment, so that two of them would collide. */
const placesAreUnique: Rule = (environments) =>
  environments.flatMap(({ account, region }, index) =>
    environments.findIndex((other) => other.account === account && other.region === region) < index
      ? [{ path: `environments[${index}].account`, problem: `another environment already has account ${account} in ${region}` }]
      : [],
  );

const natNeedsNetwork: Rule = (environments) =>
  environments.flatMap(({ network }, index) => (network.nat && !network.enabled ? [{ path: `environments[${index}].network.nat`, problem: 'a NAT gateway needs network.enabled' }] : []));

const environmentRules: readonly Rule[] = [namesAreUnique, placesAreUnique, natNeedsNetwork];

/** Every environment of the file's text. Throws an EnvironmentsError with every problem. */
export function parseEnvironments(text: string, file: string): Environment[] {
  const result = EnvironmentsSchema.safeParse(parseJson(text, file));
  if (!result.success) throw new EnvironmentsError(result.error.issues.flatMap(describeIssue), file);
  const { environments } = result.data;
  const problems = environmentRules.flatMap((rule) => rule(environments));
  if (problems.length > 0) throw new EnvironmentsError(problems, file);
  return environments;
}

/** The environment of that name. Throws a ConfigError where there is none, or where the file has problems, whichever environment they are in. */
export function loadEnvironment(name: string, file: string): Environment {
  const environments = parseEnvironments(readText(file), file);
  const environment = environments.find((candidate) => candidate.name === name);
  if (environment !== undefined) return environment;
  const known = environments.map((candidate) => candidate.name);
  throw new ConfigError({
    what: 'There is no such environment',
    where: file,
    expected: known.join(' or '),
    found: JSON.stringify(name),
    next: `Choose one of them with --environment, such as --environment ${known[0]}.`,
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError({ what: 'The file of environments cannot be read', where: file, next: 'Run the command from the workspace, which has it at its root.', cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new EnvironmentsError([{ path: '(whole file)', problem: `no JSON: ${cause instanceof Error ? cause.message : String(cause)}` }], file);
  }
}

function describeIssue(issue: z.core.$ZodIssue): EnvironmentProblem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: formatPath([...issue.path, key]), problem: 'there is no such key' }));
  const isMissingTag = issue.path.at(-2) === 'tags' && issue.code === 'invalid_type';
  return [{ path: formatPath(issue.path), problem: isMissingTag ? 'the mandatory tag is missing' : issue.message }];
}

function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '') || '(whole file)';
}
