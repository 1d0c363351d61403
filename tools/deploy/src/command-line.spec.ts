import fc from 'fast-check';
import { ACTIONS, parseCommandLine } from './command-line';

describe('parseCommandLine', () => {
  it('is for dev unless told otherwise, and hands on what it does not know', () => {
    expect(parseCommandLine(['diff', 'domains/nsde/', '--strict', '-o', 'out'])).toEqual({ action: 'diff', folder: 'domains/nsde', environment: 'dev', cdkArguments: ['--strict', '-o', 'out'] });
  });

  it.each([[['--environment', 'prod']], [['--environment=prod']], [['--env', 'prod']], [['--context', 'env=prod']], [['-c', 'env=prod']], [['--context=env=prod']], [['--env=prod', '-c', 'env=prod']]])('takes the environment from %j', (args) => {
    expect(parseCommandLine(['deploy', 'apps/lake', ...args, '--force'])).toEqual({ action: 'deploy', folder: 'apps/lake', environment: 'prod', cdkArguments: ['--force'] });
  });

  it('keeps other context, with its own equals signs, and flags without a value', () => {
    const { cdkArguments } = parseCommandLine(['synth', 'apps/lake', '-c', 'mirrorHosts=a=b', '--context=inlet:destroy-data', '--quiet']);
    expect(cdkArguments).toEqual(['--context', 'mirrorHosts=a=b', '--context', 'inlet:destroy-data', '--quiet']);
  });

  it('takes the profile, for the checks before a deployment need it too', () => {
    expect(parseCommandLine(['deploy', 'apps/lake', '--profile', 'mine'])).toMatchObject({ profile: 'mine', cdkArguments: [] });
  });

  it.each([[['--app', 'cdk.out']], [['--app=cdk.out']], [['-a', 'cdk.out']]])('takes an app in place of the project\'s own from %j', (args) => {
    expect(parseCommandLine(['deploy', 'apps/lake', ...args, '--force'])).toMatchObject({ app: 'cdk.out', cdkArguments: ['--force'] });
  });

  it.each([
    [[], 'There is no such action: expected synth, diff, deploy, found nothing.'],
    [['destroy', 'apps/lake'], 'There is no such action: expected synth, diff, deploy, found destroy.'],
    [['synth'], 'The folder of the project is missing.'],
    [['synth', '--all'], 'The folder of the project is missing.'],
    [['synth', 'apps/lake', '--environment'], '--environment has no value.'],
    [['synth', 'apps/lake', '--environment='], '--environment has no value.'],
    [['synth', 'apps/lake', '--env', 'dev', '-c', 'env=prod'], 'Two environments are named: found dev and prod. Name one.'],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });

  it('loses and reorders nothing of what is the CDK\'s', () => {
    const argument = fc.string({ minLength: 1 }).filter((text) => !/^(--(environment|env|profile|context|app)|-c|-a)(=|$)/.test(text));
    fc.assert(
      fc.property(fc.constantFrom(...ACTIONS), fc.array(argument), (action, others) => {
        expect(parseCommandLine([action, 'apps/lake', ...others]).cdkArguments).toEqual(others);
      }),
    );
  });
});
