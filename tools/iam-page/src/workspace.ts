/** The committed templates of this workspace, and the code behind the functions in them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BASE_STACK_NAME, orchestratorStackName } from '@inlet/deployment';
import { ConfigError } from '@inlet/errors';
import { entryOf, findCalls } from './calls';
import type { CallsOfFunctions } from './pages';
import { listRoles } from './roles';
import type { StackTemplate, Template } from './template';

const BASELINE = 'template.baseline.json';

/** The ids of the datasets that have a stack. */
export function listDatasets(workspaceRoot: string): string[] {
  const domains = path.join(workspaceRoot, 'domains');
  return readdirSync(domains).filter((id) => existsSync(path.join(domains, id, BASELINE))).sort();
}

/** Base stack first. Throws a ConfigError where a template has not been written. */
export function readStacks(workspaceRoot: string): StackTemplate[] {
  const read = (name: string, folder: string): StackTemplate => ({ name, template: readTemplate(path.join(workspaceRoot, folder, BASELINE)) });
  return [read(BASE_STACK_NAME, 'apps/lake'), ...listDatasets(workspaceRoot).map((id) => read(orchestratorStackName(id), `domains/${id}`))];
}

export async function findCallsOfFunctions(stacks: readonly StackTemplate[], workspaceRoot: string): Promise<CallsOfFunctions> {
  const datasets = listDatasets(workspaceRoot);
  const names = stacks.flatMap(listRoles).flatMap(({ functionName }) => functionName ?? []);
  return new Map(await Promise.all(names.map(async (name) => [name, await findCalls(entryOf(name, datasets), workspaceRoot)] as const)));
}

function readTemplate(file: string): Template {
  if (!existsSync(file)) throw new ConfigError({ what: 'A stack has no committed template', where: file, next: 'Write the templates first: npx nx update templates.' });
  return JSON.parse(readFileSync(file, 'utf8')) as Template;
}
