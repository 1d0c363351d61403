/** The templates of a workspace's stacks as text, made by the very apps that a deployment runs. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

export interface SynthesizedStack {
  /** Of its project, from the workspace's root. */
  folder: string;
  /** JSON as the CDK writes it; hashes of assets are replaced, for they change with every tool that bundles. */
  template: string;
}

/** `context`: of the CDK, such as the environment. Throws what the app says where it fails. */
export async function synthesizeStack(workspaceRoot: string, folder: string, context: Readonly<Record<string, string>>): Promise<SynthesizedStack> {
  const app = await bundleApp(workspaceRoot, folder);
  const outdir = mkdtempSync(path.join(os.tmpdir(), 'inlet-templates-'));
  try {
    await runApp(app, workspaceRoot, { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) });
    return { folder, template: readTemplate(outdir) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

async function bundleApp(workspaceRoot: string, folder: string): Promise<string> {
  const outfile = path.join(workspaceRoot, 'dist/cdk', folder, 'main.cjs');
  await build({
    entryPoints: [path.join(workspaceRoot, folder, 'src/main.ts')],
    outfile,
    absWorkingDir: workspaceRoot,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-nag'],
    tsconfig: path.join(workspaceRoot, 'tsconfig.base.json'),
    logLevel: 'warning',
  });
  return outfile;
}

function runApp(file: string, cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, [file], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${path.relative(cwd, file)} ended with ${code}:\n${said.trim()}`))));
  });
}

function readTemplate(outdir: string): string {
  const [name, ...others] = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  if (name === undefined || others.length > 0) throw new Error(`an app of one stack was expected, and it wrote ${[name, ...others].join(', ') || 'none'}`);
  const manifest = JSON.parse(readFileSync(path.join(outdir, name.replace('.template.', '.assets.')), 'utf8')) as { files?: Record<string, { displayName?: string }> };
  const template = readFileSync(path.join(outdir, name), 'utf8');
  return Object.keys(manifest.files ?? {}).reduce((text, hash) => text.replaceAll(hash, '<asset>'), template);
}
