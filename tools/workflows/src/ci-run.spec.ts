/** How `.ci/run` ends is what a reader of its log looks at first: what failed, what could not be tested, and the totals. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';

const ROOT = path.resolve(__dirname, '../../..');

const SPEC = `
import { skipAloud } from '@inlet/testing';
skipAloud('the rehearsal', 'no Python 3.10 or newer on this machine');
it('passes', () => undefined);
it.skip('is left out for another reason', () => undefined);
`;

/** A workspace whose only tests are these, with the real script, reporter and totals; `npm` runs the tests, and fails in the step that is named. */
function createWorkspace(failing?: string): string {
  const folder = tempDir();
  cpSync(path.join(ROOT, '.ci'), path.join(folder, '.ci'), { recursive: true });
  cpSync(path.join(ROOT, 'tools/workspace'), path.join(folder, 'tools/workspace'), { recursive: true });
  for (const name of ['bin', 'node_modules']) mkdirSync(path.join(folder, name));
  for (const name of ['package-lock.json', 'node_modules/.package-lock.json']) writeFileSync(path.join(folder, name), '{}');
  writeFileSync(path.join(folder, 'some.spec.ts'), SPEC);
  const preset = JSON.stringify(path.join(ROOT, 'jest.preset.js'));
  writeFileSync(path.join(folder, 'project.json'), '{ "name": "some" }');
  writeFileSync(
    path.join(folder, 'jest.config.js'),
    `module.exports = require(${preset}).projectConfig(__dirname, { reporters: ['default', [require.resolve('./tools/workspace/count-reporter.js'), {}]], transform: { 'ts$': [${JSON.stringify(require.resolve('@swc/jest'))}, { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] } });`,
  );
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  const script = ['#!/bin/sh', `[ "$1" = test ] && exec "${process.execPath}" "${jest}" --config "${folder}/jest.config.js" --rootDir "${folder}"`, `case "$*" in *"${failing ?? 'nothing at all'}"*) exit 1;; esac`, ''].join('\n');
  writeFileSync(path.join(folder, 'bin/npm'), script);
  chmodSync(path.join(folder, 'bin/npm'), 0o755);
  return folder;
}

function runAll(failing?: string): { status: number | null; lines: string[]; stderr: string } {
  const folder = createWorkspace(failing);
  const PATH = [path.join(folder, 'bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter);
  const { status, stdout, stderr } = spawnSync(path.join(folder, '.ci/run'), [], { cwd: folder, encoding: 'utf8', timeout: 60_000, env: { ...process.env, PATH } });
  return { status, lines: stdout.trim().split('\n').filter((line) => line !== ''), stderr };
}

const SKIPPED = 'SKIPPED: the rehearsal, because there is no Python 3.10 or newer on this machine';

describe('.ci/run', () => {
  it('says at its very end what this machine could not test, and why, and passes', () => {
    const { lines, status, stderr } = runAll();
    expect(stderr).toContain(SKIPPED);
    expect(lines.slice(-2)).toEqual([SKIPPED, '1 passed, 0 failed, 2 skipped']);
    expect(status).toBe(0);
  });

  it('says what failed beside it', () => {
    const { lines, status } = runAll('lint');
    expect(lines.slice(-3)).toEqual(['FAILED: lint', SKIPPED, '1 passed, 1 failed, 2 skipped']);
    expect(status).toBe(1);
  });
});
