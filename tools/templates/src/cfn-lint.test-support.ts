/** AWS's own linter of templates, from PyPI in a virtual environment below the repository's tmp/, where Python can install it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const VERSION = '1.58.0';
const VENV = path.resolve(__dirname, '../../../tmp/venv-cfn-lint');
const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const INSTALL_TIMEOUT_MS = 240_000;

export interface LintFinding {
  rule: string;
  message: string;
  line: number;
}

export type CfnLint = { available: true; lint(file: string, region: string): LintFinding[] } | { available: false; reason: string };

/** Finds or installs it, or says why it cannot be had. */
export function prepareCfnLint(): CfnLint {
  const python = PYTHONS.find(isUsablePython);
  if (python === undefined) return { available: false, reason: 'no Python 3.10 or newer on this machine' };
  const fault = installOnce(python);
  if (fault === undefined) return { available: true, lint };
  return { available: false, reason: `no cfn-lint ${VERSION} to be had: ${fault}` };
}

function isUsablePython(command: string): boolean {
  const check = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)';
  return spawnSync(command, ['-c', check], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

/** Only one spec file comes here, so that nobody waits for anybody. */
function installOnce(python: string): string | undefined {
  const marker = path.join(VENV, `cfn-lint-${VERSION}-installed`);
  if (existsSync(marker)) return undefined;
  console.warn(`Installing cfn-lint ${VERSION} into tmp/venv-cfn-lint (once).`);
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(path.dirname(VENV), { recursive: true });
  const fault = run(python, ['-m', 'venv', VENV]) ?? run(binary('python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '15', `cfn-lint==${VERSION}`]);
  if (fault === undefined) writeFileSync(marker, '');
  return fault;
}

/** What went wrong, in one line; undefined when nothing did. */
function run(command: string, args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS });
  if (status === 0) return undefined;
  return (stderr ?? '').trim().split('\n').at(-1) || error?.message || `${command} ended with ${status}`;
}

function binary(name: string): string {
  return process.platform === 'win32' ? path.join(VENV, 'Scripts', `${name}.exe`) : path.join(VENV, 'bin', name);
}

/** Its exit code is a sum of 2 (errors), 4 (warnings) and 8 (hints); anything else is a failure of its own. */
function lint(file: string, region: string): LintFinding[] {
  const { status, stdout, stderr } = spawnSync(binary('cfn-lint'), ['--format', 'json', '--regions', region, '--template', file], { encoding: 'utf8', timeout: 120_000, maxBuffer: 64 * 1024 * 1024 });
  if (status === null || status % 2 === 1 || status > 14) throw new Error(`cfn-lint failed: ${stderr.trim() || stdout.trim() || `status ${status}`}`);
  const found = JSON.parse(stdout || '[]') as { Rule: { Id: string }; Message: string; Location: { Start: { LineNumber: number } } }[];
  return found.map(({ Rule, Message, Location }) => ({ rule: Rule.Id, message: Message, line: Location.Start.LineNumber }));
}
