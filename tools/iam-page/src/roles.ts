/** Who may do what: every role of a stack with the statements of all its policies, and what uses it. */
import { flatten, describeLogicalId, type StackTemplate, type Template } from './template';

export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: readonly string[];
  resources: readonly string[];
  /** `ForAllValues:StringLike dynamodb:LeadingKeys = …`, one per condition. */
  conditions: readonly string[];
}

export interface RoleRights {
  stack: string;
  /** Name of the function or the kind of workload that has the role. */
  name: string;
  /** The service that assumes it: `lambda.amazonaws.com`. */
  service: string;
  /** Name of the function that has it; undefined for a role of anything else. */
  functionName?: string;
  /** Policies of AWS that it carries; none is the aim. */
  managedPolicies: readonly string[];
  statements: readonly Statement[];
}

type Written = Record<string, unknown>;

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

export function listRoles({ name: stack, template }: StackTemplate): RoleRights[] {
  return resourcesOf(template, 'AWS::IAM::Role').map(([id, properties]) => {
    const users = Object.values(template.Resources).filter(({ Properties }) => refersTo(Properties?.['Role'], id));
    const functionName = users.map(({ Properties }) => Properties?.['FunctionName']).find((name) => typeof name === 'string');
    return {
      stack,
      name: typeof functionName === 'string' ? functionName : describeRole(id, properties),
      service: assumingService(properties, template),
      functionName: typeof functionName === 'string' ? functionName : undefined,
      managedPolicies: listed(properties['ManagedPolicyArns']).map((arn) => flatten(arn, template)),
      statements: policiesOf(id, properties, template).flatMap((document) => readStatements(document, template)),
    };
  });
}

/** Statements of the policies that resources carry themselves: buckets, keys, queues and topics. */
export function listResourcePolicies({ template }: StackTemplate): { on: string; principal: unknown; statement: Statement }[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const document = Type.startsWith('AWS::IAM::') ? undefined : (Properties['PolicyDocument'] ?? Properties['KeyPolicy']);
    return listed((document as Written | undefined)?.['Statement']).map((written) => ({
      on: describeLogicalId(id),
      principal: (written as Written)['Principal'],
      statement: readStatement(written as Written, template),
    }));
  });
}

function resourcesOf(template: Template, ...types: string[]): [string, Written][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => types.includes(Type)).map(([id, { Properties = {} }]) => [id, Properties]);
}

function describeRole(id: string, { Description: description }: Written): string {
  return typeof description === 'string' ? description.replace(/^Of /, '') : describeLogicalId(id);
}

function assumingService(properties: Written, template: Template): string {
  const [statement] = listed((properties['AssumeRolePolicyDocument'] as Written | undefined)?.['Statement']) as Written[];
  return flatten(((statement?.['Principal'] ?? {}) as Written)['Service'], template);
}

function policiesOf(roleId: string, properties: Written, template: Template): unknown[] {
  const attached = resourcesOf(template, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').filter(([, policy]) => listed(policy['Roles']).some((role) => refersTo(role, roleId)));
  const inline = listed(properties['Policies']) as Written[];
  return [...attached.map(([, policy]) => policy['PolicyDocument']), ...inline.map((policy) => policy['PolicyDocument'])];
}

function refersTo(value: unknown, id: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { Ref, 'Fn::GetAtt': attribute } = value as Written;
  return Ref === id || (Array.isArray(attribute) && attribute[0] === id);
}

function readStatements(document: unknown, template: Template): Statement[] {
  return (listed((document as Written)['Statement']) as Written[]).map((written) => readStatement(written, template));
}

function readStatement(written: Written, template: Template): Statement {
  const conditions = Object.entries((written['Condition'] ?? {}) as Record<string, Record<string, unknown>>);
  return {
    effect: written['Effect'] === 'Deny' ? 'Deny' : 'Allow',
    actions: listed(written['Action']).map(String),
    resources: listed(written['Resource']).map((resource) => flatten(resource, template)),
    conditions: conditions.flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${operator} ${key} = ${listed(values).map((value) => flatten(value, template)).join(', ')}`),
    ),
  };
}
