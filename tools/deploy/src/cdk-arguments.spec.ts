import { composeCdkArguments } from './cdk-arguments';
import { parseCommandLine } from './command-line';

const compose = (...args: string[]) => composeCdkArguments(parseCommandLine(args), 'node dist/cdk/apps/lake/main.cjs');

describe('composeCdkArguments', () => {
  it('names the app and the environment, and keeps paths and versions out of templates', () => {
    expect(compose('diff', 'apps/lake', '--env', 'prod')).toEqual([
      'diff', '--app=node dist/cdk/apps/lake/main.cjs', '--context', 'env=prod',
      '--output=dist/cdk/apps/lake/cdk.out', '--path-metadata=false', '--asset-metadata=false', '--version-reporting=false', '--notices=false',
    ]);
  });

  it('asks nothing while it deploys, unless told to', () => {
    expect(compose('deploy', 'apps/lake')).toContain('--require-approval=never');
    const told = compose('deploy', 'apps/lake', '--require-approval', 'any-change');
    expect(told).not.toContain('--require-approval=never');
    expect(told.slice(-2)).toEqual(['--require-approval', 'any-change']);
  });

  it.each([['--output', 'x'], ['--output=x'], ['-o', 'x']])('gives way to an output folder of the user\'s own: %s', (...args) => {
    expect(compose('synth', 'apps/lake', ...args).filter((arg) => arg.includes('cdk.out'))).toEqual([]);
  });

  it('prints a template only where it is asked to', () => {
    expect(compose('synth', 'apps/lake')).toContain('--quiet=true');
    expect(compose('synth', 'apps/lake', '--no-quiet')).not.toContain('--quiet=true');
    expect(compose('diff', 'apps/lake')).not.toContain('--quiet=true');
  });

  it('hands on the profile', () => {
    expect(compose('deploy', 'apps/lake', '--profile=mine')).toContain('--profile=mine');
  });
});
