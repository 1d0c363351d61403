/** A role that one workload has to itself, with one policy that is built grant by grant; a wildcard cannot be granted without a reason. */
import { Aws, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, type PrincipalWithConditions, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference';
import { Construct } from 'constructs';
import { suppress } from '../shared/nag';

export interface Grant {
  actions: readonly string[];
  resources: readonly string[];
  conditions?: Record<string, Record<string, string | string[]>>;
  /** Why a resource has to hold a `*`. Required where one does. */
  wildcard?: string;
}

export interface WorkloadRoleProps {
  /** Who may assume the role: `lambda.amazonaws.com`. */
  readonly service: string;
  readonly description: string;
  /**
   * Whether the service says on whose behalf it assumes the role, so that no other account can have it do so.
   *
   * @default false: Lambda does not say
   */
  readonly namesSourceAccount?: boolean;
}

export class WorkloadRole extends Construct {
  readonly role: Role;
  /** Whatever uses the role depends on it, so that nothing runs before its rights are there. */
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { service, description, namesSourceAccount = false }: WorkloadRoleProps) {
    super(scope, id);
    const principal: ServicePrincipal | PrincipalWithConditions = new ServicePrincipal(service);
    this.role = new Role(this, 'Role', {
      assumedBy: namesSourceAccount ? principal.withConditions({ StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } }) : principal,
      description,
    });
    this.policy = new ManagedPolicy(this, 'Policy', { roles: [this.role], description });
  }

  allow(...grants: readonly Grant[]): void {
    for (const { actions, resources, conditions, wildcard } of grants) {
      this.policy.addStatements(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
      for (const resource of resources) this.#explainWildcard(resource, wildcard);
    }
  }

  #explainWildcard(resource: string, reason: string | undefined): void {
    const text = flattenCfnReference(Stack.of(this).resolve(resource));
    if (!text.includes('*')) return;
    if (reason === undefined) throw new RangeError(`${this.node.path} is granted ${text} without a reason for the wildcard`);
    suppress(this.policy, [{ id: `AwsSolutions-IAM5[Resource::${text}]`, reason }]);
  }
}
