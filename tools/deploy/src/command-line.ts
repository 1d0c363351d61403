/** What `deploy <action> <folder> …` asks for; whatever is not its own goes to the CDK's CLI unchanged. */
import { UsageError } from '@inlet/errors';

export const ACTIONS = ['synth', 'diff', 'deploy'] as const;

export type Action = (typeof ACTIONS)[number];

export interface DeployCommand {
  action: Action;
  /** Of the project, from the workspace's root: `domains/nsde`. */
  folder: string;
  environment: string;
  profile?: string;
  /** What to run or read in place of the project's own app: a command, or the folder of an assembly. */
  app?: string;
  /** For the CDK's CLI, without the environment. */
  cdkArguments: string[];
}

export const DEFAULT_ENVIRONMENT = 'dev';

const USAGE = 'Call it as `npx nx <synth|diff|deploy> <project> [--environment dev] [--context key=value]… [options of cdk]`.';

/** Throws a UsageError. Nx keeps `-c` and `--env` for itself, so that through it only the long forms come here. */
export function parseCommandLine(args: readonly string[]): DeployCommand {
  const [action, folder, ...rest] = args;
  const known = ACTIONS.find((candidate) => candidate === action);
  if (known === undefined) throw new UsageError({ what: 'There is no such action', expected: ACTIONS.join(', '), found: action ?? 'nothing', next: USAGE });
  if (folder === undefined || folder.startsWith('-')) throw new UsageError({ what: 'The folder of the project is missing', next: USAGE });
  const { values, others } = takeOptions(rest, { environment: ['--environment', '--env'], profile: ['--profile'], app: ['--app', '-a'] });
  const { environment: ofContext, others: cdkArguments } = takeEnvironmentOfContext(others);
  const environments = [...new Set([...(values['environment'] ?? []), ...ofContext])];
  if (environments.length > 1) throw new UsageError({ what: 'Two environments are named', found: environments.join(' and '), next: 'Name one.' });
  const [profile, app] = [values['profile']?.at(-1), values['app']?.at(-1)];
  return { action: known, folder: folder.replace(/\/+$/, ''), environment: environments[0] ?? DEFAULT_ENVIRONMENT, ...(profile !== undefined && { profile }), ...(app !== undefined && { app }), cdkArguments };
}

/** Options as `--name value` or `--name=value`, and every argument that is none of them. */
function takeOptions(args: readonly string[], names: Readonly<Record<string, readonly string[]>>): { values: Record<string, string[]>; others: string[] } {
  const values: Record<string, string[]> = {};
  const others: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const [flag = '', inline] = splitOnce(arg, '=');
    const key = Object.keys(names).find((candidate) => names[candidate]?.includes(flag));
    if (key === undefined) {
      others.push(arg);
      continue;
    }
    const value = inline ?? args[++index];
    if (value === undefined || value === '') throw new UsageError({ what: `${flag} has no value`, next: USAGE });
    (values[key] ??= []).push(value);
  }
  return { values, others };
}

/** `--context env=prod` names the environment too; other context stays where it was. */
function takeEnvironmentOfContext(args: readonly string[]): { environment: string[]; others: string[] } {
  const { values, others } = takeOptions(args, { context: ['--context', '-c'] });
  const pairs = (values['context'] ?? []).map((pair) => splitOnce(pair, '='));
  const environment = pairs.flatMap(([key, value]) => (key === 'env' && value !== undefined ? [value] : []));
  const kept = pairs.filter(([key]) => key !== 'env').flatMap(([key, value]) => ['--context', value === undefined ? key : `${key}=${value}`]);
  return { environment, others: [...kept, ...others] };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
