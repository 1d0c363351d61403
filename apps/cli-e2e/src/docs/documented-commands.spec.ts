/** What the README and the guides tell people to paste does what they say, in the order in which they say it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isPrinted, readPage, type DocumentedCommand } from './documented-page.test-support';

const root = path.resolve(__dirname, '../../../..');
const launcher = path.join(root, 'apps/cli/bin/inlet.mjs');
const guides = readdirSync(path.join(root, 'docs/guides')).filter((name) => name.endsWith('.md')).map((name) => `docs/guides/${name}`);
/** Where the pages suppose the clone to be. */
const DOCUMENTED_ROOT = '/home/me/inlet';
/** Files that the pages ask for, where this machine has them. */
const SUPPLIED: Readonly<Record<string, string>> = { 'ndc_unfinished.zip': path.resolve(root, '../shared/data/ndc-unfinished-2018-06-25.zip') };

function reasonToSkip({ notRun, needs }: DocumentedCommand): string | undefined {
  if (notRun !== undefined) return notRun;
  return needs === undefined || existsSync(SUPPLIED[needs] ?? '') ? undefined : `there is no ${needs}`;
}

/** A workspace of its own, in which `npx inlet` and `npm start` are the ones of this repository. */
function createWorkspace() {
  const folder = mkdtempSync(path.join(tmpdir(), 'inlet-docs-'));
  const workspace = path.join(folder, 'inlet');
  const bin = path.join(folder, 'bin');
  for (const dir of [workspace, bin]) mkdirSync(dir);
  copyFileSync(path.join(root, 'nx.json'), path.join(workspace, 'nx.json'));
  cpSync(path.join(root, 'domains'), path.join(workspace, 'domains'), { recursive: true });
  for (const [name, file] of Object.entries(SUPPLIED)) if (existsSync(file)) copyFileSync(file, path.join(workspace, name));
  const inlet = `'${process.execPath}' '${launcher}'`;
  writeProgram(path.join(bin, 'npx'), `[ "$1" = inlet ] || exit 64\nshift\nexec ${inlet} "$@"`);
  writeProgram(path.join(bin, 'npm'), `[ "$*" = start ] || exit 64\nexec ${inlet} ${startArguments()}`);
  const env = { ...process.env, PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter), INLET_LAKE: path.join(workspace, '.inlet'), NO_COLOR: '1' };
  return { folder, workspace, run: (line: string) => spawnSync('sh', ['-c', line], { cwd: workspace, env, encoding: 'utf8' }) };
}

function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** What `npm start` gives to `inlet`, once everything is installed. */
function startArguments(): string {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const found = / inlet (run .*)$/.exec(scripts['start'] ?? '')?.[1];
  if (found === undefined) throw new RangeError(`npm start runs no dataset: ${scripts['start']}`);
  return found;
}

describe.each(['README.md', ...guides])('%s', (page) => {
  const steps = readPage(readFileSync(path.join(root, page), 'utf8'));
  let place: ReturnType<typeof createWorkspace>;
  beforeAll(() => {
    place = createWorkspace();
  });
  afterAll(() => rmSync(place.folder, { recursive: true, force: true }));

  it('has commands to paste', () => {
    expect(steps.flatMap((step) => (step.kind === 'commands' ? step.commands : [])).filter((command) => reasonToSkip(command) === undefined).length).toBeGreaterThan(1);
  });

  for (const step of steps) {
    if (step.kind === 'file') {
      it(`has ${step.path} to save`, () => {
        mkdirSync(path.dirname(path.join(place.workspace, step.path)), { recursive: true });
        writeFileSync(path.join(place.workspace, step.path), step.text);
      });
      continue;
    }
    const printed: string[] = [];
    for (const command of step.commands) {
      const reason = reasonToSkip(command);
      const declare = reason === undefined ? it : it.skip;
      declare(`${command.line}${reason === undefined ? '' : ` (skipped: ${reason})`} ends with ${command.exitCode}`, () => {
        const { stdout, stderr, status } = place.run(command.line);
        printed.push(...`${stdout}\n${stderr}`.replaceAll(place.workspace, DOCUMENTED_ROOT).split('\n'));
        expect({ status, stderr: status === command.exitCode ? '' : stderr }).toEqual({ status: command.exitCode, stderr: '' });
      });
    }
    const isComplete = step.commands.every((command) => reasonToSkip(command) === undefined);
    if (step.shown.length > 0 && isComplete) {
      it(`prints what the page shows after ${step.commands.at(-1)?.line}`, () => {
        expect(step.shown.filter((line) => !isPrinted(line, printed))).toEqual([]);
      });
    }
  }
});

describe('a page', () => {
  it('is read as files, commands with what they promise, and lines that they print', () => {
    const page = ['```csv a/b.csv', 'x', '```', '```sh', '# a comment', 'npx inlet run a \\', '  --force  # exits 3', 'npx inlet run b  # online, from FDA', 'npm test', '```', '```text', 'one', '…', '```', '```', 'no language', '```', ''].join('\n');
    expect(readPage(page)).toEqual([
      { kind: 'file', path: 'a/b.csv', text: 'x\n' },
      {
        kind: 'commands',
        commands: [{ line: 'npx inlet run a --force', exitCode: 3 }, { line: 'npx inlet run b', exitCode: 0, notRun: 'online, from FDA' }, { line: 'npm test', exitCode: 0, notRun: 'npm itself' }],
        shown: ['one'],
      },
    ]);
  });

  it.each<[string, string, boolean]>([
    ['nsde published in 1.2 s   20261120T220000Z-e6f8a0e2a13b', 'nsde published in 262 ms 20270101T000000Z-e6f8a0e2a13b', true],
    ['nsde published in 1.2 s   20261120T220000Z-e6f8a0e2a13b', 'nsde published in 262 ms 20270101T000000Z-000000000000', false],
    ['ndc   442', 'ndc               442', true],
    ['ndc   442', 'ndc               443', false],
    ['1 of 7 checks …', '1 of 7 checks failed: elements', true],
    ['2 of 7 checks …', '1 of 7 checks failed: elements', false],
  ])('that shows "%s" is met by "%s": %s', (shown, printed, expected) => {
    expect(isPrinted(shown, [printed])).toBe(expected);
  });
});
