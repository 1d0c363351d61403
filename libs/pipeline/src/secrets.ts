/** The secrets of a run: where they come from on one machine, and what is said when one is missing. */
import { createHash } from 'node:crypto';
import type { DatasetConfig } from '@inlet/dataset';
import { ConfigError } from '@inlet/errors';
import type { Secrets } from './ports';

/** The variable that holds the salt of masks by hash. */
export const MASK_SALT_VARIABLE = 'INLET_MASK_SALT';

/** Secrets as a process's environment has them. */
export function readEnvironmentSecrets(variables: Readonly<Record<string, string | undefined>>): Secrets {
  return {
    maskSalt: async () => {
      const salt = variables[MASK_SALT_VARIABLE];
      if (salt === undefined || salt === '') throw missingSalt();
      return salt;
    },
  };
}

/** Throws ConfigError where there is no salt. */
export async function requireMaskSalt(secrets: Secrets | undefined): Promise<string> {
  if (secrets === undefined) throw missingSalt();
  return secrets.maskSalt();
}

export const needsMaskSalt = ({ models }: Pick<DatasetConfig, 'models'>) => models.some(({ masks }) => Object.values(masks).some(({ method }) => method === 'hash'));

/** Tells one salt from another, so that a new one makes a new release, and gives neither away: 16 hex digits of a hash are no key to the rest. */
export function digestMaskSalt(salt: string): string {
  return createHash('sha256').update(`inlet-mask-salt${salt}`).digest('hex').slice(0, 16);
}

function missingSalt(): ConfigError {
  return new ConfigError({
    what: 'A column is masked by hash, and there is no salt to hash it with',
    where: MASK_SALT_VARIABLE,
    expected: 'a secret text, the same for every run',
    found: 'none',
    next: `Set ${MASK_SALT_VARIABLE} in the environment; \`openssl rand -hex 32\` makes one. With another salt every value gets another hash.`,
  });
}
