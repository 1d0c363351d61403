/** What one synthesis is for: an environment, with what the command line says about this one deployment of it. */
import path from 'node:path';
import type { Environment } from '@inlet/deployment';
import { UsageError } from '@inlet/errors';
import type { Node } from 'constructs';
import { loadEnvironment } from './load-environment';

export interface Deployment {
  /** With what the context overrides. */
  readonly environment: Environment;
  /** Whether deleting a stack deletes its data. True only where the environment and the context flag agree. */
  readonly destroyData: boolean;
  /** Folder from which assets below `dist/` and the domains are found. */
  readonly workspaceRoot: string;
}

export const DEFAULT_ENVIRONMENT = 'dev';

/** The names of CDK context that a synthesis understands. */
export const CONTEXT = {
  environment: 'env',
  architecture: 'architecture',
  /** Comma-separated. */
  mirrorHosts: 'mirrorHosts',
  destroyData: 'inlet:destroy-data',
} as const;

const ARCHITECTURES = ['arm64', 'x86_64'] as const;
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

/** Throws a UsageError for context that makes no sense, and a ConfigError for an environment that does not exist or is badly described. */
export function readDeployment(node: Node, workspaceRoot: string): Deployment {
  const name = readText(node, CONTEXT.environment) ?? DEFAULT_ENVIRONMENT;
  const described = loadEnvironment(name, path.join(workspaceRoot, 'environments.json'));
  const environment: Environment = {
    ...described,
    architecture: readArchitecture(node) ?? described.architecture,
    mirror_hosts: readMirrorHosts(node) ?? described.mirror_hosts,
  };
  return { environment, destroyData: described.destroy_data && readFlag(node, CONTEXT.destroyData), workspaceRoot };
}

function readText(node: Node, key: string): string | undefined {
  const value: unknown = node.tryGetContext(key);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw wrongContext(key, 'a text', value);
  return value;
}

function readArchitecture(node: Node): Environment['architecture'] | undefined {
  const text = readText(node, CONTEXT.architecture);
  if (text === undefined) return undefined;
  const architecture = ARCHITECTURES.find((known) => known === text);
  if (architecture === undefined) throw wrongContext(CONTEXT.architecture, ARCHITECTURES.join(' or '), text);
  return architecture;
}

function readMirrorHosts(node: Node): string[] | undefined {
  const hosts = readText(node, CONTEXT.mirrorHosts)
    ?.split(',')
    .map((host) => host.trim());
  const wrong = hosts?.find((host) => !HOST.test(host));
  if (wrong !== undefined) throw wrongContext(CONTEXT.mirrorHosts, 'hosts such as files.example.org or 127.0.0.1:8080, separated by commas', wrong);
  return hosts;
}

function readFlag(node: Node, key: string): boolean {
  const value: unknown = node.tryGetContext(key);
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw wrongContext(key, 'true or false', value);
}

function wrongContext(key: string, expected: string, found: unknown): UsageError {
  return new UsageError({ what: `The context "${key}" makes no sense`, expected, found: JSON.stringify(found), next: `Give it as --context ${key}=…, or leave it out.` });
}
