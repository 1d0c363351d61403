/** Files of an npm package at the version that package-lock.json names, for this machine or another architecture. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ConfigError, PermanentError, TransientError } from '@inlet/errors';
import { z } from 'zod';

const run = promisify(execFile);
const NPM_TIMEOUT_MS = 170_000;

const LockSchema = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().optional() })) });
const PackageSchema = z.object({ version: z.string() });

export interface LockedPackage {
  name: string;
  version: string;
  /** Subresource integrity of its tarball, where npm has seen it. */
  integrity?: string;
}

/** Throws ConfigError when the lock file does not have it. */
export async function findLockedPackage(workspaceRoot: string, name: string): Promise<LockedPackage> {
  const file = path.join(workspaceRoot, 'package-lock.json');
  const { packages } = LockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const { version, integrity } = packages[`node_modules/${name}`] ?? {};
  if (version === undefined) throw new ConfigError({ what: `The package ${name} is not locked`, where: file, expected: 'a version', found: 'none', next: 'Run `npm install`.' });
  return { name, version, integrity };
}

/** The folder of the package's files: the installed one where it is of that version, else one fetched by npm into the cache. Throws TransientError when npm cannot, PermanentError when the registry does not have it. */
export async function locatePackage(workspaceRoot: string, wanted: LockedPackage, cacheDir = path.join(workspaceRoot, 'node_modules/.cache/inlet-layers')): Promise<string> {
  const installed = path.join(workspaceRoot, 'node_modules', wanted.name);
  if ((await readVersion(installed)) === wanted.version) return installed;
  const unpacked = path.join(cacheDir, `${wanted.name.replaceAll('/', '-').replace('@', '')}-${wanted.version}`);
  if ((await readVersion(unpacked)) !== wanted.version) await fetchPackage(wanted, { cacheDir, unpacked });
  return unpacked;
}

async function readVersion(folder: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : PackageSchema.parse(JSON.parse(text)).version;
}

/** Unpacked beside, and renamed when whole: an interrupted fetch leaves no half package in the cache. */
async function fetchPackage(wanted: LockedPackage, { cacheDir, unpacked }: { cacheDir: string; unpacked: string }): Promise<void> {
  const spec = `${wanted.name}@${wanted.version}`;
  const workDir = `${unpacked}.${process.pid}`;
  await mkdir(workDir, { recursive: true });
  try {
    const integrity = wanted.integrity ?? z.string().parse(JSON.parse(await npm(['view', spec, 'dist.integrity', '--json'], cacheDir)));
    const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(await npm(['pack', spec, '--json', '--pack-destination', workDir], cacheDir)));
    const tarball = path.join(workDir, path.basename(packed?.filename ?? ''));
    await checkIntegrity(tarball, integrity, spec);
    await run('tar', ['-xzf', tarball, '-C', workDir]);
    await rm(unpacked, { recursive: true, force: true });
    await rename(path.join(workDir, 'package'), unpacked);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run('npm', [...args, '--loglevel=error', '--fetch-retries=1'], { cwd, timeout: NPM_TIMEOUT_MS, maxBuffer: 1 << 24 });
    return stdout;
  } catch (cause) {
    const { stderr = '', message } = cause as { stderr?: string; message: string };
    if (stderr.includes('E404')) {
      throw new PermanentError({ what: 'The npm registry does not have a package that is locked', where: args[1], found: 'E404', next: 'Deploy on the other architecture (`architecture` in environments.json), or lock a version that is published for this one.', cause });
    }
    const said = stderr.trim().split('\n').find((line) => /error/i.test(line)) ?? message;
    throw new TransientError({ what: `npm ${args[0]} failed`, where: args[1], found: said.trim(), next: 'Check that the npm registry can be reached, then try again.', cause });
  }
}

/** https://www.w3.org/TR/SRI/ as npm writes it: `sha512-<base64>`. */
export async function checkIntegrity(file: string, integrity: string, spec: string): Promise<void> {
  await access(file);
  const [algorithm = '', expected] = integrity.split('-', 2);
  if (!['sha512', 'sha384', 'sha256'].includes(algorithm)) throw new PermanentError({ what: `The package ${spec} cannot be checked`, expected: 'an integrity with SHA-2', found: algorithm || 'none' });
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('base64');
  if (found !== expected) throw new PermanentError({ what: `The package ${spec} is not the one that was locked`, where: file, expected: integrity, found: `${algorithm}-${found}`, next: 'Do not use it; find out what the registry or a proxy before it did.' });
}
