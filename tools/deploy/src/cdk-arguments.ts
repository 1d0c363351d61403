/** How the CDK's CLI is called for a command: the app, the environment, and no trace of this machine in the templates. */
import path from 'node:path';
import type { DeployCommand } from './command-line';

/** Arguments that the user has given stand; only what is missing is added. `app` is a command, or the folder of an assembly. */
export function composeCdkArguments({ action, cdkArguments, environment, folder, profile }: DeployCommand, app: string): string[] {
  const defaults: [flag: string, value: string][] = [
    ['--output', path.posix.join('dist/cdk', folder, 'cdk.out')],
    ['--path-metadata', 'false'],
    ['--asset-metadata', 'false'],
    ['--version-reporting', 'false'],
    ['--notices', 'false'],
    // What a deployment changes is seen before it: by `diff`, by the comment on the pull request, by the environment's approval.
    ...(action === 'deploy' ? ([['--require-approval', 'never']] satisfies [string, string][]) : []),
    ...(action === 'synth' ? ([['--quiet', 'true']] satisfies [string, string][]) : []),
    ...(profile === undefined ? [] : ([['--profile', profile]] satisfies [string, string][])),
  ];
  const added = defaults.filter(([flag]) => !isGiven(flag, cdkArguments)).map(([flag, value]) => `${flag}=${value}`);
  return [action, `--app=${app}`, '--context', `env=${environment}`, ...added, ...cdkArguments];
}

const SHORT: Readonly<Record<string, string>> = { '--output': '-o', '--quiet': '-q' };

function isGiven(flag: string, args: readonly string[]): boolean {
  const forms = [flag, flag.replace('--', '--no-'), ...(SHORT[flag] === undefined ? [] : [SHORT[flag]])];
  return args.some((arg) => forms.some((form) => arg === form || arg.startsWith(`${form}=`)));
}

/** Neither telemetry nor a look for newer versions; no paths of this machine in what is written. */
export const CDK_ENVIRONMENT = { CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_STACK_TRACE: '1' } as const;
