import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { skipAloud, tempDir } from '@inlet/testing';
import { baselineFile } from './baselines';
import { type LintFinding, prepareCfnLint } from './cfn-lint.test-support';
import { listStackFolders } from './stand-in-workspace';

const ROOT = path.resolve(__dirname, '../../..');
const REGION = 'us-east-1';

/** Findings that are no faults, each with why. */
const EXCUSED: { rule: string; message: RegExp; reason: string }[] = [
  { rule: 'W3005', message: /dependency already enforced by a '(GetAtt|Ref)'/, reason: 'The CDK names a role or topic together with the policy that must be there first.' },
  { rule: 'E3601', message: /\$\{Partition\}:states:::glue:startJobRun\.sync/, reason: 'The definition\'s substitutions fill in the partition before Step Functions reads the ARN.' },
];

const cfnLint = prepareCfnLint();
if (!cfnLint.available) skipAloud('cfn-lint over every template', cfnLint.reason);

(cfnLint.available ? describe : describe.skip)('cfn-lint', () => {
  const lint = (file: string): LintFinding[] => (cfnLint.available ? cfnLint.lint(file, REGION) : []);
  const isExcused = ({ message, rule }: LintFinding) => EXCUSED.some((excuse) => excuse.rule === rule && excuse.message.test(message));
  const findings = new Map<string, LintFinding[]>();

  beforeAll(() => {
    for (const folder of listStackFolders(ROOT)) findings.set(folder, lint(path.join(ROOT, baselineFile(folder))));
  });

  it.each(listStackFolders(ROOT))('has nothing to say of the template of %s', (folder) => {
    expect(findings.get(folder)?.filter((finding) => !isExcused(finding))).toEqual([]);
  });

  it('still says what it is excused from', () => {
    const all = [...findings.values()].flat();
    expect(EXCUSED.filter(({ rule, message }) => !all.some((finding) => finding.rule === rule && message.test(finding.message)))).toEqual([]);
  });

  it('sees a property that does not exist', () => {
    const file = path.join(tempDir(), 'template.json');
    writeFileSync(file, readFileSync(path.join(ROOT, 'apps/lake/template.baseline.json'), 'utf8').replace('"MessageRetentionPeriod"', '"MessageRetentionTime"'));
    expect(lint(file).filter((finding) => !isExcused(finding)).map(({ message }) => message)).toEqual([expect.stringContaining('MessageRetentionTime')]);
  });
});
