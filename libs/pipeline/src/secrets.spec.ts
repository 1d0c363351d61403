import { digestMaskSalt, readEnvironmentSecrets, requireMaskSalt } from './secrets';

describe('the salt of masks', () => {
  it('comes from the environment', async () => {
    expect(await readEnvironmentSecrets({ INLET_MASK_SALT: 'pepper' }).maskSalt()).toBe('pepper');
  });
  it.each([[undefined], [readEnvironmentSecrets({})], [readEnvironmentSecrets({ INLET_MASK_SALT: '' })]])('is missed with a word on how to make one', async (secrets) => {
    await expect(requireMaskSalt(secrets)).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringMatching(/INLET_MASK_SALT.*openssl rand/s) });
  });
  it('is told from another by a digest that does not hold it', () => {
    expect(digestMaskSalt('pepper')).toMatch(/^[0-9a-f]{16}$/);
    expect(digestMaskSalt('pepper')).not.toBe(digestMaskSalt('salt'));
  });
});
