import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { readDeployment } from './deployment';

const ROOT = path.resolve(__dirname, '../../../..');

const read = (context: Record<string, unknown>) => readDeployment(new App({ context }).node, ROOT);

describe('readDeployment', () => {
  it('is for dev unless told otherwise', () => {
    expect(read({}).environment.name).toBe('dev');
    expect(read({ env: 'prod' }).environment.name).toBe('prod');
  });

  it('takes architecture and mirror hosts of the context over those of the file', () => {
    const { environment } = read({ architecture: 'x86_64', mirrorHosts: 'files.example.org, 127.0.0.1:8080' });
    expect(environment).toMatchObject({ architecture: 'x86_64', mirror_hosts: ['files.example.org', '127.0.0.1:8080'] });
    expect(read({}).environment).toMatchObject({ architecture: 'arm64', mirror_hosts: [] });
  });

  it.each([
    [{ architecture: 'riscv' }, 'The context "architecture" makes no sense: expected arm64 or x86_64, found "riscv". Give it as --context architecture=…, or leave it out.'],
    [{ mirrorHosts: 'https://files.example.org' }, /The context "mirrorHosts" makes no sense: expected hosts .* found "https:\/\/files\.example\.org"/],
    [{ mirrorHosts: 'a.example,,b.example' }, /found ""/],
    [{ 'inlet:destroy-data': 'yes' }, /expected true or false, found "yes"/],
    [{ env: 7 }, /expected a text, found 7/],
  ])('refuses the context %j', (context, message) => {
    expect(() => read(context)).toThrow(message);
  });

  it.each([
    ['dev', undefined, false],
    ['dev', 'false', false],
    ['dev', 'true', true],
    ['dev', true, true],
    ['prod', 'true', false],
  ])('destroys data only where environment and flag agree: %s with %s', (env, flag, destroyed) => {
    expect(read({ env, 'inlet:destroy-data': flag }).destroyData).toBe(destroyed);
  });
});
