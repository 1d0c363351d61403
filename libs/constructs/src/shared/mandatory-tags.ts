/** Every resource says which environment it is of, who answers for it and where its costs are booked; without that, nothing is synthesized. */
import { CfnResource, Stack, TagManager, Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export const MANDATORY_TAGS = ['Environment', 'Owner', 'CostCenter'] as const;

export type MandatoryTags = Readonly<Record<(typeof MANDATORY_TAGS)[number], string>>;

/** Tags a stack or an app and all that can be tagged in it. */
export function applyTags(scope: IConstruct, tags: MandatoryTags): void {
  for (const name of MANDATORY_TAGS) Tags.of(scope).add(name, tags[name]);
}

/** Lets synthesis fail with a sentence for each stack and resource below `scope` that can be tagged and lacks a mandatory tag. */
export function requireTags(scope: IConstruct): void {
  scope.node.addValidation({ validate: () => scope.node.findAll().flatMap(describeMissingTags) });
}

function describeMissingTags(construct: IConstruct): string[] {
  if (!CfnResource.isCfnResource(construct) && !Stack.isStack(construct)) return [];
  const tags = TagManager.of(construct)?.tagValues();
  if (tags === undefined) return [];
  const missing = MANDATORY_TAGS.filter((name) => (tags[name] ?? '') === '');
  if (missing.length === 0) return [];
  const kind = CfnResource.isCfnResource(construct) ? construct.cfnResourceType : 'stack';
  return [`${construct.node.path} (${kind}) lacks the mandatory ${missing.length === 1 ? 'tag' : 'tags'} ${missing.join(', ')}: set ${missing.length === 1 ? 'it' : 'them'} in environments.json or with applyTags().`];
}
