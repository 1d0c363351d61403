/** The function that begins a run, and fetches and hashes its sources. */
import { createArchiveReader } from '@inlet/archive';
import { FetchEnvironmentSchema } from '@inlet/deployment';
import type { Source } from '@inlet/pipeline';
import { createSource } from '@inlet/source';
import { systemClock } from '@inlet/time';
import { readAwsSettings } from '../aws-settings';
import { readBundledDataset } from '../bundled-dataset';
import { openSecrets } from '../effects/parameter-secrets';
import type { EnvironmentVariables, LambdaHandler } from '../lambda-context';
import { createPipelineDeps, openLake } from '../pipeline-deps';
import { readEnvironment, splitHosts } from '../read-environment';
import { createTaskFunction } from '../task-function';
import type { HandlerOptions } from './handler-options';

export interface FetchHandlerOptions extends HandlerOptions {
  /** Where the dataset's files come from. @default HTTP */
  source?: Source;
}

/** States BeginRun and FetchAndHash. */
export function createFetchAndHashHandler(variables: EnvironmentVariables, options: FetchHandlerOptions = {}): LambdaHandler {
  const env = readEnvironment(FetchEnvironmentSchema, variables);
  const aws = options.aws ?? readAwsSettings(variables);
  const lake = openLake(env, aws);
  const ports = { source: options.source ?? createSource({ clock: systemClock }), archives: createArchiveReader(), secrets: openSecrets(env, aws) };
  return createTaskFunction({
    readDataset: readBundledDataset,
    ...options,
    name: 'fetch-and-hash',
    dataset: env.DATASET,
    sourceHosts: splitHosts(env.SOURCE_HOSTS),
    createDeps: (task) => createPipelineDeps(lake, task, ports),
  });
}
