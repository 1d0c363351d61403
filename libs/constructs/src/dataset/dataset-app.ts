/** The one entry of a dataset's CDK app: reads the dataset from its folder and knows where its assets are built. */
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { type Dataset, readDatasetFolder } from '@inlet/dataset';
import type { Deployment } from '../shared/deployment';
import { type SynthesisOptions, synthesize } from '../shared/synthesize';
import type { OrchestratorStackProps } from './orchestrator-stack';

/** Adds the dataset's stack. */
export type DatasetStackBuilder = (app: App, props: OrchestratorStackProps) => void;

/** Throws what reading the dataset and `synthesize` throw. */
export async function synthesizeDataset(id: string, build: DatasetStackBuilder, options: SynthesisOptions = {}): Promise<App> {
  const dataset = await readDatasetFolder(path.join(options.workspaceRoot ?? process.cwd(), 'domains', id));
  return synthesize((app, deployment) => build(app, orchestratorStackProps(dataset, deployment)), options);
}

/** What a deployment says of a dataset's stack. */
export function orchestratorStackProps(dataset: Dataset, { environment, destroyData, workspaceRoot }: Deployment): OrchestratorStackProps {
  const dist = path.join(workspaceRoot, 'dist');
  return {
    dataset,
    environment,
    destroyData,
    functionsDir: path.join(dist, 'functions', dataset.config.dataset),
    layerDir: path.join(dist, 'layers', `duckdb-${environment.architecture}`),
  };
}
