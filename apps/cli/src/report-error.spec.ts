import { ConfigError, PermanentError, QueryError, UnknownReleaseError, UsageError } from '@inlet/errors';
import { captureContext } from './capture.test-support';
import { reportError } from './report-error';

describe('reportError', () => {
  it.each([
    [new UsageError({ what: 'x' }), 2],
    [new ConfigError({ what: 'x' }), 2],
    [new UnknownReleaseError({ what: 'x' }), 2],
    [new PermanentError({ what: 'x' }), 1],
    [new QueryError({ what: 'x' }), 1],
    [new TypeError('x'), 1],
    ['x', 1],
  ])('%s ends with %d', async (error, code) => {
    const context = captureContext();
    await reportError(context, error, {});
    expect(context.exitCode).toBe(code);
  });

  it('prints message and no stack to stderr, and nothing to stdout', async () => {
    const context = captureContext();
    await reportError(context, new PermanentError({ what: 'The zip\x1b[2J is damaged', next: 'Run it again.' }), {});
    expect(context.stderr.text).toBe('error: The zip\\x1b[2J is damaged. Run it again.\n');
    expect(context.stdout.text).toBe('');
  });

  it('prints the stack, causes included, with --verbose', async () => {
    const context = captureContext();
    await reportError(context, new PermanentError({ what: 'x', cause: new Error('deep') }), { verbose: true });
    expect(context.stderr.text).toMatch(/ {4}at .*report-error\.spec/);
    expect(context.stderr.text).toContain('caused by Error: deep');
  });

  it('prints one JSON document to stdout with --json', async () => {
    const context = captureContext();
    await reportError(context, new UsageError({ what: 'x' }), { json: true });
    expect(JSON.parse(context.stdout.text)).toEqual({ error: { name: 'UsageError', message: 'x.' } });
  });
});
