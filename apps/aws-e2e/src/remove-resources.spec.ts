import { removeResources, type Template } from './remove-resources';

const template: Template = {
  Resources: {
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { Bucket: { Ref: 'Logs' } } },
    Logs: { Type: 'AWS::S3::Bucket', DependsOn: ['Key', 'Trail'] },
    Key: { Type: 'AWS::KMS::Key', DependsOn: 'Trail' },
    Other: { Type: 'AWS::S3::Bucket', DependsOn: 'Key' },
  },
  Outputs: { TrailArn: { Value: { 'Fn::GetAtt': ['Trail', 'Arn'] } }, LogsName: { Value: { Ref: 'Logs' } } },
};

describe('removeResources', () => {
  it('takes out the types that it is given, with the orderings and outputs of what goes', () => {
    const { template: left, removed } = removeResources(template, ['AWS::CloudTrail::Trail', 'AWS::Budgets::Budget']);
    expect(removed).toEqual(['AWS::CloudTrail::Trail Trail']);
    expect(left).toEqual({
      Resources: { Logs: { Type: 'AWS::S3::Bucket', DependsOn: ['Key'] }, Key: { Type: 'AWS::KMS::Key' }, Other: { Type: 'AWS::S3::Bucket', DependsOn: 'Key' } },
      Outputs: { LogsName: { Value: { Ref: 'Logs' } } },
    });
  });
  it.each([
    [{ Ref: 'Trail' }],
    [{ 'Fn::GetAtt': ['Trail', 'Arn'] }],
    [{ 'Fn::GetAtt': 'Trail.Arn' }],
    [{ 'Fn::Sub': 'x-${Trail.Arn}' }],
    [{ 'Fn::Join': ['', ['a', { Ref: 'Trail' }]] }],
  ])('refuses to leave %j behind', (reference) => {
    const broken = { Resources: { ...template.Resources, User: { Type: 'AWS::IAM::Policy', Properties: { Where: reference } } } };
    expect(() => removeResources(broken, ['AWS::CloudTrail::Trail'])).toThrow('User (AWS::IAM::Policy) needs Trail');
  });
  it('changes nothing where there is nothing to take out', () => {
    expect(removeResources(template, [])).toEqual({ template, removed: [] });
  });
});
