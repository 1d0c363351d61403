/** The function that points the Glue catalog at the published release. */
import { GlueClient } from '@aws-sdk/client-glue';
import { CatalogEnvironmentSchema } from '@inlet/deployment';
import { createGlueCatalog } from '@inlet/glue';
import { clientSettings, readAwsSettings } from '../aws-settings';
import { readBundledDataset } from '../bundled-dataset';
import type { EnvironmentVariables, LambdaHandler } from '../lambda-context';
import { createPipelineDeps, openStore } from '../pipeline-deps';
import { readEnvironment } from '../read-environment';
import { createTaskFunction } from '../task-function';
import type { HandlerOptions } from './handler-options';

/** State Catalog. */
export function createCatalogHandler(variables: EnvironmentVariables, options: HandlerOptions = {}): LambdaHandler {
  const env = readEnvironment(CatalogEnvironmentSchema, variables);
  const aws = options.aws ?? readAwsSettings(variables);
  const store = openStore({ lakeBucket: env.LAKE_BUCKET }, aws);
  const catalog = createGlueCatalog({ client: new GlueClient(clientSettings(aws)), database: env.DATABASE, lakeBucket: env.LAKE_BUCKET });
  return createTaskFunction({
    readDataset: readBundledDataset,
    ...options,
    name: 'catalog',
    dataset: env.DATASET,
    createDeps: (task) => createPipelineDeps({ store }, task, { catalog }),
  });
}
