/** One command from its arguments to its exit code: bundle the app, look before a deployment, run the CDK's CLI. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { bundleApp } from './bundle-app';
import { CDK_ENVIRONMENT, composeCdkArguments } from './cdk-arguments';
import { type DeployCommand, parseCommandLine } from './command-line';

export interface CommandContext {
  workspaceRoot: string;
  env: NodeJS.ProcessEnv;
}

/** Throws InletErrors for what can be explained; else the exit code of the CDK's CLI. */
export async function runCommand(args: readonly string[], { env, workspaceRoot }: CommandContext): Promise<number> {
  const command = parseCommandLine(args);
  // What needs the CDK is loaded only now: a wrong command is answered at once.
  const { listBucketNames, loadEnvironment } = await import('@inlet/constructs');
  const environment = loadEnvironment(command.environment, path.join(workspaceRoot, 'environments.json'));
  console.error(`${command.action} ${command.folder}: environment ${environment.name}, account ${environment.account}, region ${environment.region}`);
  const app = command.app ?? `node ${await bundleApp(workspaceRoot, command.folder)}`;
  if (command.action === 'deploy') {
    const { checkBeforeDeploy } = await import('./preflight');
    await checkBeforeDeploy({
      environment,
      folder: command.folder,
      profile: command.profile,
      endpoint: env['AWS_ENDPOINT_URL'] || undefined,
      bucketNames: listBucketNames(environment),
      importsExisting: command.cdkArguments.includes('--import-existing-resources'),
    });
  }
  if (command.app === undefined && command.folder.startsWith('domains/')) {
    const layer = layerTarget(command, environment.architecture);
    if ((await runTool('nx/dist/bin/nx.js', ['run', layer], { env, workspaceRoot })) !== 0) return 1;
  }
  return runTool('aws-cdk/bin/cdk', composeCdkArguments(command, app), { env: { ...env, ...CDK_ENVIRONMENT }, workspaceRoot });
}

/** The engine's layer for the one architecture that is deployed: a registry need not have the engine for the other. */
export function layerTarget({ cdkArguments }: Pick<DeployCommand, 'cdkArguments'>, architecture: string): string {
  const chosen = cdkArguments.findLast((argument) => argument.startsWith('architecture='))?.slice('architecture='.length);
  return `bundle:layer-${chosen ?? architecture}`;
}

/** On this very Node, and what it starts as well. */
function runTool(script: string, args: readonly string[], { env, workspaceRoot }: CommandContext): Promise<number> {
  const child = spawn(process.execPath, [path.join(workspaceRoot, 'node_modules', script), ...args], {
    cwd: workspaceRoot,
    stdio: 'inherit',
    env: { ...env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${env['PATH'] ?? ''}` },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
