import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findCalls } from './calls';
import { NEEDED_BY_CALL, UNNARROWABLE, whyUnnarrowable } from './justifications';
import { type CallsOfFunctions, justify, renderIamPage, renderResourcesPage } from './pages';
import { listResourcePolicies, listRoles } from './roles';
import { findCallsOfFunctions, readStacks } from './workspace';

const ROOT = path.resolve(__dirname, '../../..');
const stacks = readStacks(ROOT);
const roles = stacks.flatMap(listRoles);
const granted = roles.flatMap((role) => role.statements.filter(({ effect }) => effect === 'Allow').map((statement) => ({ role, statement })));
const committed = (name: string) => readFileSync(path.join(ROOT, 'docs/reference', name), 'utf8');

describe('the roles of the committed stacks', () => {
  let calls: CallsOfFunctions;
  beforeAll(async () => {
    calls = await findCallsOfFunctions(stacks, ROOT);
  });

  it('are those of two datasets at least, five of each for functions', () => {
    expect(stacks.length).toBeGreaterThanOrEqual(3);
    for (const { name } of stacks.slice(1)) expect(roles.filter(({ stack, functionName }) => stack === name && functionName !== undefined)).toHaveLength(5);
    expect(new Set(roles.flatMap(({ functionName }) => functionName ?? [])).size).toBe((stacks.length - 1) * 5);
    expect(granted.length).toBeGreaterThan(40);
  });

  it('have no action with a wildcard, and no policy of AWS', () => {
    expect(granted.flatMap(({ statement }) => statement.actions).filter((action) => action.includes('*'))).toEqual([]);
    expect(roles.flatMap(({ managedPolicies }) => managedPolicies)).toEqual([]);
  });

  it('have the resource * only for actions that know no narrower one', () => {
    const wide = granted.filter(({ statement }) => statement.resources.includes('*')).flatMap(({ role, statement }) => statement.actions.map((action) => `${role.name}: ${action}`));
    expect(wide.length).toBeGreaterThan(0);
    expect(wide.filter((entry) => whyUnnarrowable(entry.split(': ')[1] ?? '') === undefined)).toEqual([]);
  });

  it('have no wildcard in a resource before the name of the dataset, the stack or the group that it lies in', () => {
    const wildcards = granted.flatMap(({ role, statement }) => statement.resources.filter((resource) => resource.includes('*') && resource !== '*').map((resource) => ({ role, resource })));
    expect(wildcards.length).toBeGreaterThan(0);
    for (const { role, resource } of wildcards) {
      const dataset = /^PP-RAWS-(.+)-Orchestrator$/.exec(role.stack)?.[1]?.toLowerCase() ?? '\0';
      const before = resource.slice(0, resource.indexOf('*'));
      expect([role.name, resource, before.includes(dataset) || before.endsWith(':log-group:/aws-glue/')]).toEqual([role.name, resource, true]);
    }
  });

  it('can each say for every action which call in the code needs it, or which service', () => {
    const unexplained = granted.flatMap(({ role, statement }) => statement.actions.filter((action) => justify(role, action, calls) === undefined).map((action) => `${role.name}: ${action}`));
    expect(unexplained).toEqual([]);
  });

  it('are in a page that is current; `npx nx docs iam-page` writes it anew', () => {
    expect(committed('iam.md')).toBe(renderIamPage(stacks, calls));
    expect(committed('resources.md')).toBe(renderResourcesPage(stacks));
  });
});

describe('the list of actions that know no narrower resource', () => {
  it('has no entry that no role needs', () => {
    const wide = new Set(granted.filter(({ statement }) => statement.resources.includes('*')).flatMap(({ statement }) => statement.actions));
    expect(UNNARROWABLE.flatMap(({ actions }) => actions).filter((action) => !wide.has(action))).toEqual([]);
  });
});

describe('the list of calls that need a right', () => {
  it('has no action that no function is granted, but those for what not every dataset has', () => {
    const ofFunctions = new Set(granted.filter(({ role }) => role.functionName !== undefined).flatMap(({ statement }) => statement.actions));
    const ofEvery = Object.entries(NEEDED_BY_CALL).filter(([, { onlyWhere }]) => onlyWhere === undefined);
    expect(ofEvery.map(([action]) => action).filter((action) => !ofFunctions.has(action))).toEqual([]);
  });
});

describe('the policies of resources', () => {
  it('let nobody in who is not named, but for those who are turned away', () => {
    const open = stacks.flatMap(listResourcePolicies).filter(({ principal, statement }) => statement.effect === 'Allow' && JSON.stringify(principal)?.includes('"*"') && statement.conditions.length === 0);
    expect(open.map(({ on }) => on)).toEqual([]);
  });
});

describe('findCalls', () => {
  it('sees the calls that an entry point reaches, and not those of modules that it leaves out', async () => {
    const trigger = await findCalls('libs/lambda/src/entry/trigger.ts', ROOT);
    expect([...trigger.keys()]).toContain('StartExecutionCommand');
    expect([...trigger.keys()]).not.toContain('PutObjectCommand');
    const catalog = await findCalls('libs/lambda/src/entry/catalog.ts', ROOT);
    expect(catalog.get('UpdateTableCommand')).toEqual(['libs/glue/src/glue-catalog.ts']);
    expect([...catalog.keys()]).not.toContain('StartQueryExecutionCommand');
  });
});

describe('the partitions of the ledger that functions may use', () => {
  it('are those that the ledger\'s code builds', () => {
    const source = readFileSync(path.join(ROOT, 'libs/ledger/src/dynamo-items.ts'), 'utf8');
    const built = [...source.matchAll(/pk: `(\w+)#/g), ...source.matchAll(/Partition = .*`(\w+)#/g), ...source.matchAll(/DATASETS = '(\w+)'/g)].map(([, name]) => name);
    const leading = granted.flatMap(({ statement }) => statement.conditions.filter((condition) => condition.includes('dynamodb:LeadingKeys')));
    expect(leading.length).toBeGreaterThan(0);
    for (const condition of leading) {
      const names = (condition.split(' = ')[1] ?? '').split(', ').map((key) => key.split('#')[0]);
      expect([...new Set(names)].sort()).toEqual([...new Set(built)].sort());
    }
  });
});
