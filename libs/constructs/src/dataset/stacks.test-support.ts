/** Stacks of real datasets over stand-ins for their bundles, and the parts of a template that specs look at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Dataset, readDatasetFolder } from '@inlet/dataset';
import { type Environment, EnvironmentSchema } from '@inlet/deployment';
import { tempDir } from '@inlet/testing';
import { OrchestratorStack, type OrchestratorStackProps } from './orchestrator-stack';

const ROOT = path.resolve(__dirname, '../../../..');
const KINDS = ['fetch-and-hash', 'transform', 'update-manifest', 'catalog', 'trigger'];

export const readDomain = (id: string): Promise<Dataset> => readDatasetFolder(path.join(ROOT, 'domains', id));

export function describeEnvironment(changes: Record<string, unknown> = {}): Environment {
  return EnvironmentSchema.parse({ name: 'dev', account: '111111111111', region: 'eu-west-1', tags: { Environment: 'dev', Owner: 'platform', CostCenter: 'shared' }, ...changes });
}

/** Folders of the shape that the bundler makes. */
export function standInAssets(): Pick<OrchestratorStackProps, 'functionsDir' | 'layerDir'> {
  const dir = tempDir();
  for (const kind of KINDS) {
    mkdirSync(path.join(dir, 'functions', kind), { recursive: true });
    writeFileSync(path.join(dir, 'functions', kind, 'index.js'), `exports.handler = async () => '${kind}';\n`);
  }
  mkdirSync(path.join(dir, 'layer/nodejs'), { recursive: true });
  writeFileSync(path.join(dir, 'layer/nodejs/package.json'), '{}\n');
  return { functionsDir: path.join(dir, 'functions'), layerDir: path.join(dir, 'layer') };
}

export async function buildStack(id: string, changes: Partial<OrchestratorStackProps> = {}): Promise<OrchestratorStack> {
  const app = new App({ analyticsReporting: false, postCliContext: { '@aws-cdk/aws-iam:minimizePolicies': true } });
  return new OrchestratorStack(app, { dataset: await readDomain(id), environment: describeEnvironment(), ...standInAssets(), ...changes });
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DependsOn?: string[];
  DeletionPolicy?: string;
}

export function resourcesOf(stack: OrchestratorStack): Record<string, Resource> {
  return Template.fromStack(stack).toJSON().Resources as Record<string, Resource>;
}

export function resourcesOfType<Properties>(stack: OrchestratorStack, type: string): Properties[] {
  return Object.values(resourcesOf(stack)).filter(({ Type }) => Type === type).map(({ Properties }) => Properties as Properties);
}
