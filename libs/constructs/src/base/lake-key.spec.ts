import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { templateOf } from './in-stack.test-support';
import { LakeKey } from './lake-key';

const build = (removalPolicy = RemovalPolicy.RETAIN) => templateOf((stack) => new LakeKey(stack, 'LakeKey', { alias: 'inlet', trailName: 'trail', removalPolicy }));

describe('LakeKey', () => {
  it('rotates, and has a name', () => {
    build().hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true, Description: Match.stringLikeRegexp('lake') });
    build().hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/inlet' });
  });

  it('lets services in only on behalf of this account', () => {
    const keys = Object.values(build().findResources('AWS::KMS::Key', { Properties: { EnableKeyRotation: true } })) as { Properties: { KeyPolicy: { Statement: { Sid?: string; Principal: { Service?: unknown }; Condition?: unknown }[] } } }[];
    const ofServices = keys.flatMap(({ Properties }) => Properties.KeyPolicy.Statement).filter(({ Principal }) => Principal.Service !== undefined);
    expect(ofServices.map(({ Sid }) => Sid)).toEqual(['LogGroups', 'Publishers', 'TrailEncrypts', 'TrailDescribes']);
    for (const { Condition } of ofServices) expect(JSON.stringify(Condition)).toContain('111111111111');
  });

  it('lets in no EventBridge, which tells KMS no account that a condition could name', () => {
    expect(JSON.stringify(build().findResources('AWS::KMS::Key'))).not.toContain('events.amazonaws.com');
  });

  it.each([
    [RemovalPolicy.RETAIN, 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete'],
  ])('stays or goes as told: %s', (policy, written) => {
    build(policy).hasResource('AWS::KMS::Key', { Properties: { EnableKeyRotation: true }, DeletionPolicy: written });
  });
});
