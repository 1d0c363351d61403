import { Template } from 'aws-cdk-lib/assertions';
import type { Dataset } from '@inlet/dataset';
import { findStaleSuppressions, findViolations } from '../shared/nag';
import { buildStack, describeEnvironment, readDomain, resourcesOf, resourcesOfType } from './stacks.test-support';

type Method = Dataset['config']['models'][number]['masks'][string]['method'];

async function maskedBy(method: Method): Promise<Dataset> {
  const dataset = await readDomain('nsde');
  const mask = method === 'partial' ? { method, keep_last: 4 } : { method };
  const models = dataset.config.models.map((model) => ({ ...model, masks: { proprietary_name: mask } }));
  return { ...dataset, rules: '', config: { ...dataset.config, models: models as Dataset['config']['models'] } };
}

interface FunctionProperties {
  FunctionName: string;
  Environment: { Variables: Record<string, unknown> };
}

interface Policy {
  Description: string;
  PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown; Condition?: unknown }[] };
}

describe('the salt of masks by hash', () => {
  it.each(['redact', 'partial'] as const)('is not made for masks by %s', async (method) => {
    const template = Template.fromStack(await buildStack('nsde', { dataset: await maskedBy(method) }));
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/MASK_SALT|secretsmanager/);
  });

  it('is made by Secrets Manager, encrypted with the lake\'s key, and kept', async () => {
    const stack = await buildStack('nsde', { dataset: await maskedBy('hash') });
    const [secret, ...others] = Object.values(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::SecretsManager::Secret');
    expect(others).toEqual([]);
    expect(secret).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { Name: 'inlet-nsde-mask-salt', GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true }, KmsKeyId: { Ref: expect.stringContaining('keyarn') } },
    });
    const destroyed = resourcesOf(await buildStack('nsde', { dataset: await maskedBy('hash'), destroyData: true }));
    expect(Object.values(destroyed).filter(({ Type }) => Type === 'AWS::SecretsManager::Secret').map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete']);
  });

  it('is named to the functions that make releases, and can be read by these alone', async () => {
    const stack = await buildStack('nsde', { dataset: await maskedBy('hash') });
    const named = resourcesOfType<FunctionProperties>(stack, 'AWS::Lambda::Function').filter(({ Environment }) => Environment.Variables['MASK_SALT_PARAMETER'] !== undefined);
    expect(named.map(({ FunctionName, Environment }) => [FunctionName, Environment.Variables['MASK_SALT_PARAMETER']]).sort()).toEqual([
      ['nsde-fetch-and-hash', '/aws/reference/secretsmanager/inlet-nsde-mask-salt'],
      ['nsde-transform', '/aws/reference/secretsmanager/inlet-nsde-mask-salt'],
    ]);
    const policies = resourcesOfType<Policy>(stack, 'AWS::IAM::ManagedPolicy').filter((policy) => /secretsmanager|ssm:/.test(JSON.stringify(policy)));
    expect(policies.map(({ Description }) => Description).sort()).toEqual(['Of the function nsde-fetch-and-hash', 'Of the function nsde-transform']);
    const [id] = Object.entries(resourcesOf(stack)).filter(([, { Type }]) => Type === 'AWS::SecretsManager::Secret').map(([name]) => name);
    for (const { PolicyDocument } of policies) {
      const resourceOf = (action: string) => PolicyDocument.Statement.filter(({ Action }) => [Action].flat().includes(action)).map(({ Resource }) => Resource);
      expect(resourceOf('secretsmanager:GetSecretValue')).toEqual([{ Ref: id }]);
      expect(JSON.stringify(resourceOf('ssm:GetParameter'))).toContain(':ssm:eu-west-1:111111111111:parameter/aws/reference/secretsmanager/inlet-nsde-mask-salt"');
      expect(JSON.stringify(PolicyDocument)).toContain('{"kms:ViaService":{"Fn::Join":["",["secretsmanager.",{"Ref":"AWS::Region"},".amazonaws.com"]]}}');
    }
  });

  it('passes the three rule packs', async () => {
    const stack = await buildStack('nsde', { dataset: await maskedBy('hash'), environment: describeEnvironment({ network: { enabled: true, nat: false } }) });
    expect(findViolations(stack)).toEqual([]);
    expect(findStaleSuppressions(stack).map(({ id, construct }) => `${construct.node.path}: ${id}`)).toEqual([]);
  });
});
