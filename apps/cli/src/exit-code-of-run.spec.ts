import { exitCodeOfRun } from './exit-code-of-run';

describe('exitCodeOfRun', () => {
  it.each([
    ['published', undefined, 0],
    ['unchanged', undefined, 0],
    ['rejected', undefined, 3],
    ['failed', 'ModelError', 1],
    ['failed', 'ConfigError', 2],
    ['failed', 'UsageError', 2],
    ['failed', 'RulesetError', 2],
  ] as const)('of a run that ended as %s with %s is %d', (outcome, name, code) => {
    expect(exitCodeOfRun({ outcome, ...(name !== undefined && { error: { name } }) })).toBe(code);
  });
});
