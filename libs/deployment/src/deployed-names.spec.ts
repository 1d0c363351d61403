import { functionName, orchestratorStackName, PARAMETERS, stateMachineName } from './index';

describe('the names of a deployment', () => {
  it('of a dataset all follow from its id', () => {
    expect([orchestratorStackName('gg-house'), stateMachineName('gg-house'), functionName('gg-house', 'trigger')]).toEqual(['PP-RAWS-GG-HOUSE-Orchestrator', 'inlet-gg-house', 'gg-house-trigger']);
  });
  it('of parameters lie below one path, and are told apart', () => {
    const names = Object.values(PARAMETERS);
    expect(names.every((name) => /^\/inlet\/[a-z-]+$/.test(name))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
});
