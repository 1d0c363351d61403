/** One construct in a stack of its own, as a template. */
import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Template } from 'aws-cdk-lib/assertions';
import { CDK_FEATURES } from '../shared/synthesize';

export const ENV = { account: '111111111111', region: 'us-east-1' };

/** The template of a stack that holds what `build` makes, and a key. */
export function templateOf(build: (stack: Stack, key: Key) => unknown): Template {
  const stack = new Stack(new App({ context: CDK_FEATURES }), 'Stack', { env: ENV });
  build(stack, new Key(stack, 'Key'));
  return Template.fromStack(stack);
}

export interface CfnResourceJson {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The template's resources of one type; a test that finds none is wrong. */
export function resourcesOf(template: Template, type: string): CfnResourceJson[] {
  const found = Object.values(template.findResources(type)) as CfnResourceJson[];
  if (found.length === 0) throw new Error(`no ${type} in the template`);
  return found;
}
