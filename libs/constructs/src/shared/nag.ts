/** The rules that every stack is held to, and the only way to be excused from one: beside the resource, with a reason. */
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, type NagPack } from 'cdk-nag';
import type { IConstruct } from 'constructs';

export interface Suppression {
  /** Rule with its pack, and with its finding where the rule has several: `AwsSolutions-IAM5[Resource::*]`. */
  id: string;
  /** Why the rule's concern does not apply here, or what meets it instead. */
  reason: string;
}

export interface SuppressionOfConstruct extends Suppression {
  construct: IConstruct;
}

export interface NagFinding {
  id: string;
  path: string;
  description: string;
}

const PACK_NAMES = ['AwsSolutions', 'HIPAA.Security', 'NIST.800.53.R5'] as const;

const createPacks = (): NagPack[] => [new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R5Checks()];

/** Lets synthesis fail on every finding of the three packs that nobody has given a reason for. */
export function applyNag(app: IConstruct): void {
  Validations.of(app).addPlugins(...createPacks());
}

/** Excuses a construct, and what is below it, from rules. */
export function suppress(construct: IConstruct, suppressions: readonly Suppression[]): void {
  Validations.of(construct).acknowledge(...suppressions);
}

/** The same concern under the names that several packs have for it. */
export function suppressInPacks(construct: IConstruct, rule: string, reason: string, packs: readonly (typeof PACK_NAMES)[number][] = ['HIPAA.Security', 'NIST.800.53.R5']): void {
  suppress(construct, packs.map((pack) => ({ id: `${pack}-${rule}`, reason })));
}

/** What no suppression covers. */
export function findViolations(scope: IConstruct): NagFinding[] {
  return createPacks().flatMap((pack) => listFindings(pack, scope));
}

/** Suppressions of rules that have nothing to say about their construct, nor about anything below it. */
export function findStaleSuppressions(scope: IConstruct): SuppressionOfConstruct[] {
  const findings = createPacks().flatMap((pack) => listFindings(withoutSuppressions(pack), scope));
  const isAlive = ({ id, construct }: SuppressionOfConstruct) =>
    findings.some((finding) => finding.id === id && `${finding.path}/`.startsWith(`${construct.node.path}/`));
  return listSuppressions(scope).filter((suppression) => !isAlive(suppression));
}

/** Every suppression of a nag rule below a construct; the CDK's own acknowledgements are none. */
export function listSuppressions(scope: IConstruct): SuppressionOfConstruct[] {
  return scope.node
    .findAll()
    .flatMap(listOwnSuppressions)
    .filter(({ id }) => PACK_NAMES.some((pack) => id.startsWith(`${pack}-`)));
}

function listOwnSuppressions(construct: IConstruct): SuppressionOfConstruct[] {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>).map(([key, reason]) => ({ construct, id: key.replace(/^annotation::/i, ''), reason })));
}

function listFindings(pack: NagPack, scope: IConstruct): NagFinding[] {
  return pack
    .validateScope(scope)
    .violations.flatMap(({ ruleName, description, violatingResources }) => violatingResources.map((resource) => ({ id: ruleName, path: resource.constructPath ?? '', description })));
}

/** A pack asks `isAcknowledged` before it reports; this one is always told no. */
function withoutSuppressions(pack: NagPack): NagPack {
  Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
  return pack;
}
