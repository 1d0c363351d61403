/** The real command in a process of its own, while this process goes on serving it files. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WrittenDatasetConfig } from '@inlet/dataset';
import { tempDir } from '@inlet/testing';

const WORKSPACE = path.resolve(__dirname, '../../..');
const LAUNCHER = path.join(WORKSPACE, 'apps/cli/bin/inlet.mjs');

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
  /** stdout as the one JSON document that `--json` prints. */
  json(): unknown;
}

/** Runs `inlet` with these arguments in a folder, by default the workspace's root. */
export function inlet(args: readonly string[], { cwd = WORKSPACE }: { cwd?: string } = {}): Promise<CliResult> {
  const env = { ...process.env, INLET_LAKE: '', NO_COLOR: '1' };
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) as unknown }));
  });
}

/** A workspace of its own with copies of domains, each with parts of its written config replaced. */
export function copyWorkspace(domains: Record<string, Partial<WrittenDatasetConfig>>): string {
  const root = tempDir();
  writeFileSync(path.join(root, 'nx.json'), '{}');
  for (const [id, changes] of Object.entries(domains)) {
    const [from, to] = [path.join(WORKSPACE, 'domains', id), path.join(root, 'domains', id)];
    mkdirSync(to, { recursive: true });
    const parts = ['config', 'models', 'samples'].filter((part) => existsSync(path.join(from, part)));
    for (const part of parts) cpSync(path.join(from, part), path.join(to, part), { recursive: true });
    const file = path.join(to, 'config/dataset.json');
    const config = JSON.parse(readFileSync(file, 'utf8')) as WrittenDatasetConfig;
    writeFileSync(file, JSON.stringify({ ...config, ...changes }));
  }
  return root;
}
