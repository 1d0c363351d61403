import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { layerTarget, runCommand } from './run-command';

const context = { workspaceRoot: path.resolve(__dirname, '../../..'), env: process.env };

describe('runCommand', () => {
  beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());

  it('names the environments that there are', async () => {
    await expect(runCommand(['deploy', 'apps/lake', '--environment', 'qa'], context)).rejects.toThrow(/There is no such environment .*expected dev or staging or prod, found "qa"/);
  });

  it('names the file that a project without an app lacks', async () => {
    await expect(runCommand(['synth', 'libs/time'], context)).rejects.toThrow('The project has no CDK app (libs/time/src/main.ts).');
  });

  it('writes the templates of the environment through the CDK\'s own command', async () => {
    const out = tempDir();
    await expect(runCommand(['synth', 'apps/lake', '--environment', 'staging', '--output', out, '--context', 'inlet:destroy-data=true'], context)).resolves.toBe(0);
    const template = readFileSync(path.join(out, 'Base.template.json'), 'utf8');
    expect(template).toContain('inlet-staging-lake-222222222222-us-east-1');
    expect(template).not.toContain('"DeletionPolicy": "Delete"');
    expect(template).not.toMatch(/aws:cdk:path|AWS::CDK::Metadata/);
  });

  it('takes an assembly that is there already in place of the project\'s own app', async () => {
    const [assembly, out] = [tempDir(), tempDir()];
    await expect(runCommand(['synth', 'apps/lake', '--output', assembly], context)).resolves.toBe(0);
    await expect(runCommand(['synth', 'libs/time', '--app', assembly, '--output', out], context)).resolves.toBe(0);
    await expect(runCommand(['synth', 'apps/lake', '--app', path.join(out, 'none')], context)).resolves.toBe(1);
  });

  it('builds the engine\'s layer for the architecture that is deployed', () => {
    expect(layerTarget({ cdkArguments: ['--context', 'mirrorHosts=x'] }, 'arm64')).toBe('bundle:layer-arm64');
    expect(layerTarget({ cdkArguments: ['--context', 'architecture=x86_64'] }, 'arm64')).toBe('bundle:layer-x86_64');
  });

  it('ends as the CDK ends', async () => {
    await expect(runCommand(['synth', 'apps/lake', '--context', 'architecture=riscv', '--output', tempDir()], context)).resolves.toBe(1);
  });

  it('leaves an app that says what is wrong in one sentence, without a stack', () => {
    const { status, stderr } = spawnSync(process.execPath, ['dist/cdk/apps/lake/main.cjs'], { cwd: context.workspaceRoot, encoding: 'utf8', env: { ...process.env, CDK_CONTEXT_JSON: '{"mirrorHosts":"http://x"}' } });
    expect(status).toBe(1);
    expect(stderr).toBe('The context "mirrorHosts" makes no sense: expected hosts such as files.example.org or 127.0.0.1:8080, separated by commas, found "http://x". Give it as --context mirrorHosts=…, or leave it out.\n');
  });
});
