import { functionName, maskSaltSecretName, orchestratorStackName, PARAMETERS, rulesetName, secretParameter, stateMachineName } from './index';

describe('the names of a deployment', () => {
  it('of a dataset all follow from its id', () => {
    expect([orchestratorStackName('gg-house'), stateMachineName('gg-house'), functionName('gg-house', 'trigger')]).toEqual(['PP-RAWS-GG-HOUSE-Orchestrator', 'inlet-gg-house', 'gg-house-trigger']);
  });
  it('of rulesets and secrets are those of one dataset and table', () => {
    expect(rulesetName('gg-house', 'booking_days')).toBe('inlet-gg-house-booking_days');
    expect(maskSaltSecretName('gg-house')).toBe('inlet-gg-house-mask-salt');
    expect(secretParameter('inlet-gg-house-mask-salt')).toBe('/aws/reference/secretsmanager/inlet-gg-house-mask-salt');
  });
  it('of parameters lie below one path, and are told apart', () => {
    const names = Object.values(PARAMETERS);
    expect(names.every((name) => /^\/inlet\/[a-z-]+$/.test(name))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
});
