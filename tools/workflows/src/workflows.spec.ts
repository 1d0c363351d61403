/** What GitHub runs is code with rights: the same demands as on any other, read out of the workflows' own text. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

type Permissions = Record<string, string>;

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  permissions?: Permissions;
  environment?: string;
  needs?: string;
  uses?: string;
  with?: Record<string, string>;
  steps?: Step[];
  'timeout-minutes'?: number;
}

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Permissions;
  jobs: Record<string, Job>;
}

const ROOT = path.resolve(__dirname, '../../..');
const FOLDER = path.join(ROOT, '.github/workflows');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
const texts = Object.fromEntries(files.map((name) => [name, readFileSync(path.join(FOLDER, name), 'utf8')]));
const workflows = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parse(text) as Workflow]));
const jobs = Object.entries(workflows).flatMap(([file, { jobs: own }]) => Object.entries(own).map(([name, job]) => ({ file, name, job })));
const steps = jobs.flatMap(({ file, job }) => (job.steps ?? []).map((step) => ({ file, step })));

/** Projects that have a stack of a dataset. */
const datasets = readdirSync(path.join(ROOT, 'domains'))
  .filter((name) => (JSON.parse(readFileSync(path.join(ROOT, 'domains', name, 'project.json'), 'utf8')) as { targets: Record<string, unknown> }).targets['deploy'] !== undefined)
  .sort();

/** Projects whose stack a command of nx would deploy, in alphabetical order. */
function listDeployed(command: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'graph-'));
  try {
    const file = path.join(folder, 'graph.json');
    const args = command.replaceAll(/['"]/g, '').split(' ');
    const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/nx/dist/bin/nx.js'), ...args, `--graph=${file}`], { cwd: ROOT, encoding: 'utf8', timeout: 60_000, env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' } });
    if (status !== 0) throw new Error(`nx ${command} ended with ${status}: ${stderr}`);
    const { tasks } = JSON.parse(readFileSync(file, 'utf8')) as { tasks: { tasks: Record<string, unknown> } };
    return Object.keys(tasks.tasks).flatMap((id) => (id.endsWith(':deploy') ? [id.slice(0, -':deploy'.length)] : [])).sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the workflows', () => {
  it('are those of a pull request and of a deployment', () => {
    expect(files.sort()).toEqual(['deploy-environment.yml', 'deploy.yml', 'pull-request.yml']);
    expect(steps.length).toBeGreaterThan(10);
  });

  it('have no long-lived keys and read no secrets', () => {
    for (const text of Object.values(texts)) expect(text).not.toMatch(/aws[-_](access[-_]key|secret)|AKIA[0-9A-Z]{16}|\bsecrets\b/i);
  });

  it('may read the code by default, and nothing else', () => {
    for (const { permissions } of Object.values(workflows)) expect(permissions).toEqual({ contents: 'read' });
  });

  it('get an identity for AWS only where they deploy', () => {
    const withIdentity = jobs.filter(({ job }) => job.permissions?.['id-token'] !== undefined);
    expect(withIdentity.map(({ file }) => file)).toEqual(expect.arrayContaining(['deploy.yml', 'deploy-environment.yml']));
    expect(withIdentity.filter(({ file }) => !file.startsWith('deploy'))).toEqual([]);
    expect(steps.filter(({ step }) => step.uses?.startsWith('aws-actions/')).map(({ file }) => file)).toEqual(['deploy-environment.yml']);
  });

  it('write nothing but a comment, and that in a job that runs none of the change\'s code', () => {
    const writing = jobs.filter(({ job }) => Object.entries(job.permissions ?? {}).some(([name, right]) => right === 'write' && name !== 'id-token'));
    expect(writing.map(({ file, name }) => `${file} ${name}`)).toEqual(['pull-request.yml template-diff']);
    expect(writing[0]?.job.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(writing[0]?.job.steps?.filter(({ run }) => /\b(npm|npx|node)\b/.test(run ?? ''))).toEqual([]);
  });

  it('pin every action to a full commit, with its version beside it', () => {
    const used = Object.values(texts).flatMap((text) => [...text.matchAll(/uses: (.+)$/gm)].map(([, reference]) => reference ?? ''));
    expect(used.length).toBeGreaterThan(6);
    for (const reference of used.filter((each) => !each.startsWith('./'))) expect(reference).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('leave no token behind in the checkout, and put no expression into a shell script', () => {
    for (const { step } of steps) {
      if (step.uses?.startsWith('actions/checkout')) expect(step.with?.['persist-credentials']).toBe(false);
      expect(step.run ?? '').not.toContain('${{');
    }
  });

  it('check a pull request for what is affected: lint, types, tests, build and templates', () => {
    const commands = workflows['pull-request.yml']!.jobs['check']!.steps!.map(({ run }) => run ?? '').join('\n');
    for (const target of ['lint', 'typecheck', 'test', 'build', 'synth']) expect(commands).toMatch(new RegExp(`nx affected -t .*\\b${target}\\b`));
    expect(Object.keys(workflows['pull-request.yml']!.on)).toEqual(['pull_request']);
  });

  it('deploy to dev, staging and prod in this order, each in its environment on GitHub', () => {
    const order = Object.entries(workflows['deploy.yml']!.jobs).map(([name, { needs, with: inputs, uses }]) => [name, needs, inputs?.['environment'], uses]);
    const uses = './.github/workflows/deploy-environment.yml';
    expect(order).toEqual([['dev', undefined, 'dev', uses], ['staging', 'dev', 'staging', uses], ['prod', 'staging', 'prod', uses]]);
    const { environment, steps: own = [] } = workflows['deploy-environment.yml']!.jobs['deploy']!;
    expect(environment).toBe('${{ inputs.environment }}');
    expect(own.at(-1)?.run).toContain('-t deploy');
    expect(own.find(({ uses: action }) => action?.startsWith('aws-actions/'))?.with).toEqual({ 'role-to-assume': '${{ vars.AWS_DEPLOY_ROLE_ARN }}', 'aws-region': '${{ vars.AWS_REGION }}' });
  });

  it('deploy the base stack first, then the datasets, one by one', () => {
    const commands = (workflows['deploy-environment.yml']!.jobs['deploy']!.steps ?? []).flatMap(({ run }) => (run?.includes('-t deploy') ? [run] : []));
    expect(commands).toHaveLength(2);
    const deployedBy = (command: string) => listDeployed(command.replace(/^npx nx "\$SELECTION" /, 'run-many ').replace('$ENVIRONMENT', 'dev'));
    expect(commands.map(deployedBy)).toEqual([['lake'], datasets]);
    expect(commands[1]).toContain('--parallel=1');
  });

  it('end by themselves when they hang', () => {
    for (const { job } of jobs.filter((each) => each.job.uses === undefined)) expect(job['timeout-minutes']).toBeLessThanOrEqual(90);
  });
});

describe('a deployment', () => {
  it('is of the one stack that it names, or of what a change touches', () => {
    for (const dataset of datasets) expect(listDeployed(`run ${dataset}:deploy`)).toEqual([dataset]);
    expect(listDeployed('affected -t deploy --files=domains/nsde/config/dataset.json')).toEqual(['nsde']);
    expect(listDeployed('affected -t deploy --files=apps/lake/src/main.ts')).toEqual(['lake']);
  });
});
