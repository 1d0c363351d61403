import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildApp, orchestratorStackProps } from '@inlet/constructs';
import { tempDir } from '@inlet/testing';
import { readCder } from './index';
import { CderOrchestratorStack } from './orchestrator-stack';

const ROOT = path.resolve(__dirname, '../../..');

/** A workspace with nothing in it but the environments and stand-ins for what is bundled. */
function bundledWorkspace(): string {
  const root = tempDir();
  cpSync(path.join(ROOT, 'environments.json'), path.join(root, 'environments.json'));
  for (const folder of ['fetch-and-hash', 'transform', 'update-manifest', 'catalog', 'trigger'].map((kind) => `functions/cder/${kind}`)) {
    mkdirSync(path.join(root, 'dist', folder), { recursive: true });
    writeFileSync(path.join(root, 'dist', folder, 'index.js'), 'exports.handler = async () => null;\n');
  }
  for (const architecture of ['arm64', 'x86_64']) mkdirSync(path.join(root, `dist/layers/duckdb-${architecture}/nodejs`), { recursive: true });
  return root;
}

describe('the cder stack', () => {
  it.each(['dev', 'staging', 'prod'])('is synthesized for %s, in the account and region of that environment', async (env) => {
    const dataset = await readCder();
    const app = buildApp((scope, deployment) => void new CderOrchestratorStack(scope, orchestratorStackProps(dataset, deployment)), { workspaceRoot: bundledWorkspace(), context: { env } });
    const assembly = app.synth();
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['PP-RAWS-CDER-Orchestrator']);
    const accounts = { dev: '111111111111', staging: '222222222222', prod: '333333333333' };
    expect(assembly.stacks[0]?.environment).toMatchObject({ account: accounts[env as keyof typeof accounts], region: 'us-east-1' });
  });
});
