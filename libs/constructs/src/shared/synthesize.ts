/** The one entry of every CDK app here: the same environment, tags, rules and determinism for the base stack and for each dataset's. */
import { App, type AppProps } from 'aws-cdk-lib';
import { type Deployment, readDeployment } from './deployment';
import { applyTags, requireTags } from './mandatory-tags';
import { applyNag } from './nag';

/** Adds the app's stacks. */
export type AppBuilder = (app: App, deployment: Deployment) => void;

export interface SynthesisOptions extends Pick<AppProps, 'outdir' | 'context'> {
  /** @default the current folder: commands run at the workspace's root */
  workspaceRoot?: string;
}

/** Behaviour of the CDK's constructs that this workspace wants, whatever a cdk.json or the command line says. */
export const CDK_FEATURES = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-kms:aliasNameRef': true,
  '@aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope': true,
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:validateSnapshotRemovalPolicy': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/core:target-partitions': ['aws', 'aws-cn', 'aws-us-gov'],
  '@aws-cdk/core:aspectPrioritiesMutating': true,
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
};

/** What makes two syntheses of one source differ: versions of tools, and paths of machines. */
const NO_METADATA = {
  'aws:cdk:enable-path-metadata': false,
  'aws:cdk:enable-asset-metadata': false,
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-creation-stack-traces': true,
};

/** Builds and writes the app's templates. Throws where tags are missing or a nag rule finds something that no suppression explains. */
export function synthesize(build: AppBuilder, options: SynthesisOptions = {}): App {
  const app = buildApp(build, options);
  applyNag(app);
  app.synth();
  return app;
}

/** The app with its stacks, before synthesis. */
export function buildApp(build: AppBuilder, { workspaceRoot = process.cwd(), outdir, context }: SynthesisOptions = {}): App {
  const app = new App({ outdir, context, analyticsReporting: false, treeMetadata: false, autoSynth: false, postCliContext: { ...CDK_FEATURES, ...NO_METADATA } });
  const deployment = readDeployment(app.node, workspaceRoot);
  applyTags(app, deployment.environment.tags);
  requireTags(app);
  build(app, deployment);
  return app;
}
