import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { baselineFile, findDrift, inStandIn, synthesizeBaselines, writeBaselines } from './baselines';
import { listStackFolders } from './stand-in-workspace';
import { synthesizeStack } from './synthesize-templates';

const ROOT = path.resolve(__dirname, '../../..');
const DOMAINS = listStackFolders(ROOT).filter((folder) => folder.startsWith('domains/'));

let templates: Map<string, string>;

beforeAll(async () => {
  templates = await synthesizeBaselines(ROOT);
});

describe('baselines', () => {
  it('are there for the base stack and for every domain', () => {
    expect([...templates.keys()]).toEqual(['apps/lake', ...DOMAINS]);
    expect(DOMAINS.length).toBeGreaterThan(1);
  });

  it('are what the stacks synthesize: run `npx nx update templates` where a change is meant', () => {
    expect(findDrift(ROOT, templates)).toEqual([]);
  });

  it('hold no path of this machine, no hash of an asset, and no version of a tool', () => {
    for (const template of templates.values()) {
      expect(template).not.toContain(ROOT);
      expect(template).not.toMatch(/[0-9a-f]{64}\.zip|AWS::CDK::Metadata|aws:cdk:path|aws:asset/);
    }
    expect(templates.get(DOMAINS[0]!)).toContain('<asset>.zip');
  });

  it('are written where they have changed, and then drift no more', () => {
    const copy = tempDir();
    for (const folder of templates.keys()) {
      mkdirSync(path.join(copy, folder), { recursive: true });
      cpSync(path.join(ROOT, baselineFile(folder)), path.join(copy, baselineFile(folder)));
    }
    const file = path.join(copy, 'apps/lake/template.baseline.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"MessageRetentionPeriod": 1209600', '"MessageRetentionPeriod": 60'));
    const [drift, ...others] = findDrift(copy, templates);
    expect(others).toEqual([]);
    expect(drift).toMatch(/^apps\/lake\/template\.baseline\.json is not what apps\/lake synthesizes .*:\n {2}- Resources\.AlertsDeadLetters\w+\.Properties\.MessageRetentionPeriod: 60\n {2}\+ Resources\.AlertsDeadLetters\w+\.Properties\.MessageRetentionPeriod: 1209600\nIf it is meant, run/);
    expect(writeBaselines(copy, templates)).toEqual(['apps/lake/template.baseline.json']);
    expect(findDrift(copy, templates)).toEqual([]);
  });

  it('are asked for where one is missing', () => {
    expect(findDrift(tempDir(), new Map([['apps/lake', '{}\n']]))).toEqual(['apps/lake/template.baseline.json is missing. Run `npx nx update templates`.']);
  });
});

/** Everything that a domain's owner may change but its rules: when it runs, whose it is, how large it may get, what it builds. */
function changeDomain(workspaceRoot: string, folder: string): void {
  const file = path.join(workspaceRoot, folder, 'config/dataset.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { owner: string; schedule: { expression: string }; models: { name: string }[]; engine?: object };
  config.owner = 'another-team';
  config.schedule.expression = 'rate(3 days)';
  config.engine = { ...config.engine, duckdb_max_bytes: 12_345_678 };
  writeFileSync(file, JSON.stringify(config));
  const model = path.join(workspaceRoot, folder, 'models', `${config.models[0]!.name}.sql`);
  writeFileSync(model, `${readFileSync(model, 'utf8')}\n-- changed\n`);
}

function changeRules(workspaceRoot: string, folder: string): void {
  const { models } = JSON.parse(readFileSync(path.join(workspaceRoot, folder, 'config/dataset.json'), 'utf8')) as { models: { name: string }[] };
  writeFileSync(path.join(workspaceRoot, folder, 'quality.dqdl'), `Rules = [ RowCount > 7 labels = ["table" = "${models[0]!.name}"] ]\n`);
}

const CHANGES = DOMAINS.flatMap((folder): [string, string, typeof changeDomain][] => [[folder, 'config and models', changeDomain], [folder, 'rules', changeRules]]);

describe('a change in one domain', () => {
  it.each(CHANGES)('leaves every other stack\'s template byte-identical: %s, %s', async (changed, _what, change) => {
    await inStandIn(ROOT, async (standIn) => {
      change(standIn, changed);
      for (const [folder, template] of templates) {
        const now = `${(await synthesizeStack(standIn, folder, { env: 'prod' })).template.trimEnd()}\n`;
        expect([folder, now === template]).toEqual([folder, folder !== changed]);
      }
    });
  });
});
