/** The one key that encrypts the lake and what is known about it, and the services that may use it besides the account's own roles. */
import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface LakeKeyProps {
  readonly alias: string;
  /** Name of the trail that encrypts its logs with the key. */
  readonly trailName: string;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Services that publish to the encrypted topic on the account's behalf. Not EventBridge: it does not tell KMS whose behalf it acts on, so that it
 * could be let in for every account or for none (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
 */
export const PUBLISHERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

export class LakeKey extends Key {
  constructor(scope: Construct, id: string, { alias, trailName, removalPolicy }: LakeKeyProps) {
    super(scope, id, { alias, description: 'Encrypts the lake, its ledger, its notifications and its logs', enableKeyRotation: true, removalPolicy });
    this.allowLogGroups();
    this.allowPublishers();
    this.allowTrail(trailName);
  }

  /** Log groups of this account only; the name of the group is part of what is signed. */
  private allowLogGroups(): void {
    const { partition, region, account } = Stack.of(this);
    this.allow(
      'LogGroups',
      [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'],
      { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
    );
  }

  private allowPublishers(): void {
    const principals = PUBLISHERS.map((name) => new ServicePrincipal(name));
    this.allow('Publishers', principals, ['kms:Decrypt', 'kms:GenerateDataKey'], { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } });
  }

  /** As https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html asks. */
  private allowTrail(trailName: string): void {
    const { partition, region, account } = Stack.of(this);
    const trailArn = `arn:${partition}:cloudtrail:${region}:${account}:trail/${trailName}`;
    const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')];
    this.allow('TrailEncrypts', principals, ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'], {
      StringEquals: { 'aws:SourceArn': trailArn },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:${partition}:cloudtrail:*:${account}:trail/*` },
    });
    this.allow('TrailDescribes', principals, ['kms:DescribeKey'], { StringEquals: { 'aws:SourceArn': trailArn } });
  }

  private allow(sid: string, principals: ServicePrincipal[], actions: string[], conditions: Record<string, Record<string, string>>): void {
    // In a key's own policy, `*` is this key.
    this.addToResourcePolicy(new PolicyStatement({ sid, effect: Effect.ALLOW, principals, actions, resources: ['*'], conditions }));
  }
}
