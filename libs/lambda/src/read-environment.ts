/** The function's environment, read once when it starts, so that a fault of the deployment shows at once and not in the middle of a run. */
import { ConfigError } from '@inlet/errors';
import type { z } from 'zod';
import type { EnvironmentVariables } from './lambda-context';

/** Throws one ConfigError that names every variable at fault, and no value: a value may be a secret set by mistake. */
export function readEnvironment<T>(schema: z.ZodType<T>, env: EnvironmentVariables): T {
  const { success, data, error } = schema.safeParse(env);
  if (success) return data;
  const faults = error.issues.map(({ path, message }) => `${path.join('.')} (${env[String(path[0])] === undefined ? 'not set' : message})`);
  throw new ConfigError({
    what: 'The function was deployed without the environment that it needs',
    where: env['AWS_LAMBDA_FUNCTION_NAME'],
    found: faults.join(', '),
    next: 'Deploy the dataset\'s stack again; it sets them.',
    cause: error,
  });
}

/** `SOURCE_HOSTS`: comma-separated. */
export function splitHosts(hosts: string): string[] {
  return hosts.split(',').map((host) => host.trim()).filter((host) => host !== '');
}
