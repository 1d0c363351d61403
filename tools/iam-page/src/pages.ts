/** The reference pages of rights and resources, from the committed templates. */
import { NEEDED_BY_CALL, neededByService, UNNARROWABLE } from './justifications';
import type { ReachedCalls } from './calls';
import { listRoles, type RoleRights, type Statement } from './roles';
import { describeLogicalId, type StackTemplate } from './template';

/** Calls of each function, by its name. */
export type CallsOfFunctions = ReadonlyMap<string, ReachedCalls>;

const GENERATED = '<!-- Generated from the committed templates; `npx nx docs iam-page` writes it anew. -->';

/** Why a role may do something; undefined where nothing explains it. */
export function justify(role: RoleRights, action: string, calls: CallsOfFunctions): string | undefined {
  const made = role.functionName === undefined ? undefined : calls.get(role.functionName);
  const call = NEEDED_BY_CALL[action]?.calls.find((name) => made?.has(name));
  if (call !== undefined) return `\`${call}\` in ${(made?.get(call) ?? []).map((file) => `\`${file}\``).join(', ')}`;
  return neededByService(role.service, action);
}

export function renderIamPage(stacks: readonly StackTemplate[], calls: CallsOfFunctions): string {
  return [
    '# Who may do what',
    '',
    GENERATED,
    '',
    'Each function, schedule and job has a role of its own. No role has an action with a wildcard, and none carries a policy of AWS. A right of a function is there for a call',
    'that its code makes, or for what Lambda itself does; the tests hold both to this page (`tools/iam-page`, `libs/constructs`).',
    '',
    'This is the environment prod, with the private network. `<lake-bucket>` and the like are the values of SSM parameters below `/inlet/` that the base stack writes; `<nsde-transform>` is the ARN of the resource of that name.',
    '',
    '## Where a resource is `*`',
    '',
    '| actions | why nothing narrower can be named |',
    '|---|---|',
    ...UNNARROWABLE.map(({ actions, reason }) => `| ${actions.map((action) => `\`${action}\``).join(', ')} | ${reason} |`),
    '',
    ...stacks.flatMap((stack) => [`## ${stack.name}`, '', ...renderRoles(listRoles(stack), calls)]),
  ].join('\n');
}

function renderRoles(roles: readonly RoleRights[], calls: CallsOfFunctions): string[] {
  if (roles.length === 0) return ['It has no roles.', ''];
  return roles.flatMap((role) => [
    `### ${role.name}`,
    '',
    `Assumed by \`${role.service}\`.`,
    '',
    '| actions | on | only where | because of |',
    '|---|---|---|---|',
    ...role.statements.map((statement) => renderStatement(role, statement, calls)),
    '',
  ]);
}

function renderStatement(role: RoleRights, { actions, resources, conditions }: Statement, calls: CallsOfFunctions): string {
  const reasons = [...new Set(actions.map((action) => justify(role, action, calls) ?? 'nothing known'))];
  const code = (texts: readonly string[]) => texts.map((text) => `\`${text.replaceAll('|', '\\|')}\``).join('<br>');
  return `| ${code(actions)} | ${code(resources)} | ${code(conditions)} | ${reasons.join('<br>')} |`;
}

export function renderResourcesPage(stacks: readonly StackTemplate[]): string {
  return [
    '# What is deployed',
    '',
    GENERATED,
    '',
    'Every resource of every stack, by type, as the environment prod has it: with the private network. A name is that of the construct path which makes it.',
    '',
    ...stacks.flatMap(renderStack),
  ].join('\n');
}

function renderStack({ name, template }: StackTemplate): string[] {
  const byType = new Map<string, string[]>();
  for (const [id, { Type }] of Object.entries(template.Resources)) byType.set(Type, [...(byType.get(Type) ?? []), describeLogicalId(id)]);
  const rows = [...byType].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, ids]) => `| \`${type}\` | ${ids.length} | ${ids.sort().join(', ')} |`);
  return [`## ${name}`, '', `${(template.Description ?? name).replace(/\.?$/, '.')} ${Object.keys(template.Resources).length} resources.`, '', '| type | count | what |', '|---|---|---|', ...rows, ''];
}
