import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempDir } from '@inlet/testing';
import { formatBytes } from '@inlet/time';
import { buildDuckDbLayer, layerPackages, type Architecture } from './duckdb-layer';
import { checkIntegrity, findLockedPackage } from './npm-package';

const workspaceRoot = path.resolve(__dirname, '../../..');
const cacheDir = path.join(workspaceRoot, 'node_modules/.cache/inlet-layers');
/** Lambda's limit for a function with its layers, unzipped: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_UNZIPPED_BYTES = 250 * 1024 * 1024;
const FUNCTION_BYTES = 5 * 1024 * 1024;
/** `e_machine` of an ELF header: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const ELF_MACHINE: Record<Architecture, number> = { x86_64: 62, arm64: 183 };
/** Of Amazon Linux 2023, on which Node 24 runs in Lambda. */
const LAMBDA_GLIBC = [2, 34];
const HOST: Architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

const listFiles = (dir: string) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
const binariesOf = (dir: string) => listFiles(dir).filter((file) => /\.(node|so)$/.test(file));

function readElfMachine(file: string): number {
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, header, 0, 20, 0);
  closeSync(descriptor);
  expect(header.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  return header.readUInt16LE(18);
}

const newestGlibc = (file: string) =>
  [...readFileSync(file, 'latin1').matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [Number(major), Number(minor)]).sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d).at(-1) ?? [0, 0];

/** A lock file like the workspace's own, with DuckDB at another version. */
function workspaceWith(version: string): string {
  const root = tempDir();
  const names = (['arm64', 'x86_64'] as const).flatMap(layerPackages);
  writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify({ packages: Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version }])) }));
  return root;
}

/** Synchronously, because tests are defined from it. undefined where there is no registry. */
function listPublished(name: string): string[] | undefined {
  const { status, stdout } = spawnSync('npm', ['view', name, 'versions', '--json', '--fetch-retries=0', '--fetch-timeout=20000', '--loglevel=silent'], { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) return undefined;
  return ([] as string[]).concat(JSON.parse(stdout) as string | string[]);
}

const other: Architecture = HOST === 'arm64' ? 'x86_64' : 'arm64';
const otherBinding = layerPackages(other)[2] ?? '';
const locked = (JSON.parse(readFileSync(path.join(workspaceRoot, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> }).packages[`node_modules/${otherBinding}`]?.version ?? '';
const published = listPublished(otherBinding);
const lockedReason = published === undefined ? 'no npm registry can be reached' : published.includes(locked) ? undefined : `the npm registry has no ${otherBinding}@${locked}, only up to ${published.at(-1)}`;
if (lockedReason !== undefined) console.warn(`Skipped: the layer of the locked DuckDB for ${other}, because ${lockedReason}.`);
const itWithLocked = lockedReason === undefined ? it : it.skip;
const itWithRegistry = published === undefined ? it.skip : it;
const newest = published?.at(-1) ?? '';

describe('buildDuckDbLayer', () => {
  const build = async (architecture: Architecture, root = workspaceRoot) => {
    const outDir = path.join(tempDir(), 'layer');
    await buildDuckDbLayer({ workspaceRoot: root, architecture, outDir, cacheDir });
    return outDir;
  };
  const expectFit = (dir: string, architecture: Architecture) => {
    const binaries = binariesOf(dir);
    expect(binaries.map((file) => path.basename(file))).toEqual(['duckdb.node', 'libduckdb.so']);
    for (const file of binaries) {
      expect(readElfMachine(file)).toBe(ELF_MACHINE[architecture]);
      const [major = 0, minor = 0] = newestGlibc(file);
      expect(major * 100 + minor).toBeLessThanOrEqual((LAMBDA_GLIBC[0] ?? 0) * 100 + (LAMBDA_GLIBC[1] ?? 0));
    }
    const bytes = listFiles(dir).reduce((sum, file) => sum + statSync(file).size, 0);
    console.info(`layer for ${architecture}: ${formatBytes(bytes)} unzipped`);
    expect(bytes + FUNCTION_BYTES).toBeLessThan(MOST_UNZIPPED_BYTES);
  };

  it('holds the three packages, for this machine copied from the installed ones', async () => {
    const dir = await build(HOST);
    expectFit(dir, HOST);
    const packages = path.join(dir, 'nodejs/node_modules');
    expect(readdirSync(path.join(packages, '@duckdb')).map((name) => `@duckdb/${name}`)).toEqual(layerPackages(HOST));
    expect(listFiles(dir).filter((file) => file.endsWith('.d.ts'))).toEqual([]);
  });

  it('is where a function finds DuckDB', async () => {
    const dir = await build(HOST);
    const script = "require('@duckdb/node-api').DuckDBInstance.create(':memory:').then((db) => db.connect()).then((c) => c.runAndReadAll('select 6 * 7 as n')).then((r) => { console.log(require.resolve('@duckdb/node-api'), r.getRowsJson()[0][0]); process.exit(); })";
    const stdout = execFileSync(process.execPath, ['-e', script], { cwd: tempDir(), env: { NODE_PATH: path.join(dir, 'nodejs/node_modules') }, encoding: 'utf8', timeout: 60_000 });
    expect(stdout.trim()).toBe(`${path.join(dir, 'nodejs/node_modules/@duckdb/node-api/lib/index.js')} 42`);
  });

  it('has the same files each time', async () => {
    const [a, b] = [await build(HOST), await build(HOST)];
    const describeFiles = (dir: string) => listFiles(dir).map((file) => [path.relative(dir, file), statSync(file).size, statSync(file).mode]);
    expect(describeFiles(a)).toEqual(describeFiles(b));
  });

  itWithLocked(`fits a Lambda of the other architecture, ${other}${lockedReason === undefined ? '' : ` (skipped: ${lockedReason})`}`, async () => {
    expectFit(await build(other), other);
  }, 180_000);

  itWithRegistry(`is fetched from npm, and checked, where the packages are not installed: ${newest || 'skipped: no npm registry can be reached'} for ${other}`, async () => {
    expectFit(await build(other, workspaceWith(newest)), other);
  }, 180_000);

  itWithRegistry('says so when the registry does not have what is locked', async () => {
    await expect(build(other, workspaceWith('0.0.0-never'))).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining('The npm registry does not have a package that is locked (@duckdb/node-api@0.0.0-never)') });
  });

  it('says which package is not in the lock file', async () => {
    const root = tempDir();
    writeFileSync(path.join(root, 'package-lock.json'), '{"packages":{}}');
    await expect(findLockedPackage(root, '@duckdb/node-api')).rejects.toThrow(/The package @duckdb\/node-api is not locked/);
  });
});

describe('checkIntegrity', () => {
  const file = () => {
    const dir = tempDir();
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'a.tgz'), 'abc');
    return path.join(dir, 'a.tgz');
  };
  // SHA-512 of `abc`: FIPS 180-4, example 1 of SHA-512.
  const abc = `sha512-${Buffer.from('ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f', 'hex').toString('base64')}`;
  it('takes the file that was locked', async () => {
    await checkIntegrity(file(), abc, 'a@1');
  });
  it.each([abc.replace('sha512-3', 'sha512-4'), 'sha1-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=', 'md5-kAFQmDzST7DWlj99KOF/cg==', ''])('refuses %j', async (integrity) => {
    await expect(checkIntegrity(file(), integrity, 'a@1')).rejects.toMatchObject({ name: 'PermanentError' });
  });
});
