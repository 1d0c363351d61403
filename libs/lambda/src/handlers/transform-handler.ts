/** The function that builds tables: with DuckDB itself, and for Spark by writing plans and taking in reports. */
import { createArchiveReader } from '@inlet/archive';
import { TransformEnvironmentSchema } from '@inlet/deployment';
import { PermanentError } from '@inlet/errors';
import type { Engine } from '@inlet/pipeline';
import { readAwsSettings } from '../aws-settings';
import { readBundledDataset } from '../bundled-dataset';
import { openSecrets } from '../effects/parameter-secrets';
import type { EnvironmentVariables, LambdaHandler } from '../lambda-context';
import { createPipelineDeps, openLake } from '../pipeline-deps';
import { readEnvironment } from '../read-environment';
import { createTaskFunction } from '../task-function';
import type { HandlerOptions } from './handler-options';

/** States LoadRelease, Bronze, Silver, QualityGate, and those around the Spark jobs. */
export function createTransformHandler(variables: EnvironmentVariables, options: HandlerOptions = {}): LambdaHandler {
  const env = readEnvironment(TransformEnvironmentSchema, variables);
  const aws = options.aws ?? readAwsSettings(variables);
  const lake = openLake(env, aws);
  const ports = { archives: createArchiveReader(), engine: loadEngine, secrets: openSecrets(env, aws) };
  return createTaskFunction({
    readDataset: readBundledDataset,
    ...options,
    name: 'transform',
    dataset: env.DATASET,
    createDeps: (task) => createPipelineDeps(lake, task, ports),
  });
}

/** DuckDB lies in a layer, and is loaded by the first state that needs it. */
async function loadEngine(name: 'duckdb' | 'spark'): Promise<Engine> {
  if (name === 'spark') throw new PermanentError({ what: 'A plan for Spark was given to a function', expected: 'a Glue job', found: 'Lambda', next: 'Deploy the dataset\'s stack again.' });
  const { createDuckDbEngine } = await import('@inlet/duckdb');
  return createDuckDbEngine();
}
