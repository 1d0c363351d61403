/** The launcher on a workspace of its own, with a main.ts small enough to see what it was given. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const workspace = path.resolve(__dirname, '../../..');
const MAIN = (text: string) => `
import { greet } from '@inlet/greeting';
export async function main({ argv, installRoot }: { argv: string[]; installRoot: string }) {
  const { later } = await import('./later');
  // Listens before it prints: what is printed tells the spec that a signal may be sent.
  const terminated = new Promise((resolve) => process.on('SIGTERM', () => resolve(0)));
  console.log(JSON.stringify({ text: greet(${JSON.stringify(text)}), later, argv, installRoot, major: process.versions.node.split('.')[0] }));
  if (argv[0] === 'wait') {
    setInterval(() => {}, 1000);
    await terminated;
    process.exit(7);
  }
  process.exitCode = Number(argv[0] === 'exit' ? argv[1] : 0);
}
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'launcher-'));
  mkdirSync(path.join(root, 'apps/cli/src'), { recursive: true });
  mkdirSync(path.join(root, 'libs/greeting/src'), { recursive: true });
  cpSync(path.join(workspace, 'apps/cli/bin'), path.join(root, 'apps/cli/bin'), { recursive: true });
  cpSync(path.join(workspace, 'apps/cli/build.mjs'), path.join(root, 'apps/cli/build.mjs'));
  writeFileSync(path.join(root, 'tsconfig.base.json'), JSON.stringify({ compilerOptions: { paths: { '@inlet/greeting': ['./libs/greeting/src/index.ts'] } } }));
  writeFileSync(path.join(root, 'libs/greeting/src/index.ts'), 'export const greet = (text: string) => `hello ${text}`;');
  writeFileSync(path.join(root, 'apps/cli/src/later.ts'), 'export const later = 1;');
  writeFileSync(path.join(root, 'apps/cli/src/main.ts'), MAIN('one'));
  mkdirSync(path.join(root, 'node_modules'));
  for (const name of ['esbuild', '@esbuild', 'node']) symlinkSync(path.join(workspace, 'node_modules', name), path.join(root, 'node_modules', name));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const launcher = () => path.join(root, 'apps/cli/bin/inlet.mjs');

function launch(args: string[] = [], node = process.execPath) {
  const { stdout, stderr, status } = spawnSync(node, [launcher(), ...args], { encoding: 'utf8' });
  return { stdout, stderr, status, printed: stdout.startsWith('{') ? JSON.parse(stdout) : undefined };
}

/** A Node older than the pinned one, where this machine has one. */
function findOldNode(): string | undefined {
  const candidates = [...(process.env['PATH'] ?? '').split(path.delimiter).map((dir) => path.join(dir, 'node')), '/usr/bin/node', '/usr/local/bin/node'];
  return candidates.find((file) => {
    if (!existsSync(file)) return false;
    const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
    const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1]);
    return major >= 20 && major < 24;
  });
}

describe('the launcher', () => {
  it('builds on first use, says so on stderr once, and then runs what is built', () => {
    const first = launch(['a', '--b']);
    expect(first.stderr).toBe('Building inlet (once) …\n');
    expect(first.printed).toMatchObject({ text: 'hello one', later: 1, argv: ['a', '--b'], installRoot: root });
    expect(launch()).toMatchObject({ stderr: '', status: 0 });
  });

  it('passes the exit code on', () => {
    expect(launch(['exit', '3']).status).toBe(3);
  });

  it('builds again when a source of the app or of a library has changed, and not when a test has', () => {
    launch();
    writeFileSync(path.join(root, 'libs/greeting/src/index.ts'), 'export const greet = (text: string) => `good day ${text}`;');
    const changed = launch();
    expect(changed).toMatchObject({ stderr: 'Building inlet (once) …\n', printed: { text: 'hello one'.replace('hello', 'good day') } });
    writeFileSync(path.join(root, 'libs/greeting/src/index.spec.ts'), 'it fails');
    expect(launch().stderr).toBe('');
    // An older time is a change too: that is what checking out an earlier commit looks like.
    utimesSync(path.join(root, 'apps/cli/src/later.ts'), 1, 1);
    expect(launch().stderr).not.toBe('');
  });

  it('survives many first uses at once, and leaves no half-made build behind', async () => {
    const runs = Array.from({ length: 6 }, () => spawnAndCollect([]));
    for (const { stdout, code } of await Promise.all(runs)) {
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ text: 'hello one', later: 1 });
    }
    expect(readdirSync(path.join(root, 'dist/apps/cli')).sort()).toEqual(['chunks', 'main.mjs']);
  });

  it('runs what is built where there are no sources', () => {
    launch();
    rmSync(path.join(root, 'apps/cli/src'), { recursive: true });
    expect(launch()).toMatchObject({ stderr: '', status: 0 });
  });

  it('says in one line what to do when the build tool is missing, or the sources are broken', () => {
    writeFileSync(path.join(root, 'apps/cli/src/main.ts'), 'import "./nowhere";');
    const broken = launch();
    expect(broken).toMatchObject({ status: 1, stdout: '' });
    expect(broken.stderr).toContain('nowhere');
    expect(broken.stderr).not.toMatch(/^ {4}at /m);
    rmSync(path.join(root, 'node_modules/esbuild'));
    const missing = launch();
    expect(missing.stderr).toContain(`Run \`npm ci\` in ${root}`);
    expect(missing.status).toBe(1);
  });

  const oldNode = findOldNode();
  const withOldNode = oldNode === undefined ? it.skip : it;
  if (oldNode === undefined) console.warn('Skipped: no Node 20 to 23 on this machine to start the launcher with.');

  withOldNode('moves over to the pinned Node, with exit code and signals', async () => {
    expect(launch(['exit', '3'], oldNode)).toMatchObject({ status: 3, printed: { major: '24' } });
    const { code } = await spawnAndCollect(['wait'], oldNode, (child) => child.kill('SIGTERM'));
    expect(code).toBe(7);
  });

  withOldNode('on a Node that is too old, says in one line how to get the right one', () => {
    rmSync(path.join(root, 'node_modules/node'));
    const { stderr, status } = launch([], oldNode);
    const tooOld = Number(/^v(\d+)/.exec(spawnSync(oldNode ?? '', ['--version'], { encoding: 'utf8' }).stdout)?.[1]) < 22;
    if (tooOld) {
      expect(status).toBe(1);
      expect(stderr).toMatch(/^inlet needs Node 24, and this is .*npm ci.*\n$/);
    } else expect(status).toBe(0);
  });
});

/** Runs the launcher beside this process; `onOutput` is called once it has printed something. */
function spawnAndCollect(args: string[], node = process.execPath, onOutput?: (child: ReturnType<typeof spawn>) => void): Promise<{ stdout: string; code: number | null }> {
  return new Promise((resolve) => {
    let stdout = '';
    const child = spawn(node, [launcher(), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout === '') onOutput?.(child);
      stdout += String(chunk);
    });
    child.on('close', (code) => resolve({ stdout, code }));
  });
}
