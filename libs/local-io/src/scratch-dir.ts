/** A run's scratch folder lies on the lake's own disk, so that finished files are moved and not copied, and names its owner, so that it can be swept. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunOwner } from '@inlet/pipeline';
import { isProcessAlive, thisProcessOwner } from './run-owner';
import { describeStorageError, isAbsent, systemErrorCode } from './storage-error';
import { runsFolder, writesFolder } from './temp-folder';

const OWNER_FILE = 'owner.json';
const UNFINISHED = 'unfinished-';
/** Writes under way touch their file far more often than this. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * Makes `<root>/tmp/runs/<executionId>/`, owned by this process, and returns its path. Made again for the same execution, it keeps
 * what it holds. Throws a RangeError when the id is not made of letters, digits, `.`, `_` and `-`.
 */
export async function createScratchDir(root: string, executionId: string): Promise<string> {
  if (!/^\w[\w.-]*$/.test(executionId)) throw new RangeError(`${JSON.stringify(executionId)} cannot name a folder`);
  const folder = path.join(path.resolve(runsFolder(root)), executionId);
  const unfinished = path.join(path.dirname(folder), `${UNFINISHED}${randomUUID()}`);
  try {
    await mkdir(unfinished, { recursive: true });
    await writeFile(path.join(unfinished, OWNER_FILE), JSON.stringify(thisProcessOwner(executionId)));
    await rename(unfinished, folder).catch(async (error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemErrorCode(error) ?? '')) throw error;
      await rename(path.join(unfinished, OWNER_FILE), path.join(folder, OWNER_FILE));
      await rm(unfinished, { recursive: true, force: true });
    });
    return folder;
  } catch (error) {
    throw describeStorageError(error, 'The scratch folder cannot be made', folder);
  }
}

/** Removes the scratch folders of dead runs and writes that were never finished. Returns the executions whose folders are gone. */
export async function removeStaleScratchDirs(root: string, isAlive: (owner: RunOwner) => boolean = isProcessAlive): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await listFolder(runsFolder(root))) {
    const folder = path.join(runsFolder(root), name);
    const owner = await readOwner(folder);
    const isStale = owner === undefined ? (await isHalfRemoved(folder)) || (await isAbandoned(folder)) : !isAlive(owner);
    if (!isStale) continue;
    await remove(folder);
    if (!name.startsWith(UNFINISHED)) removed.push(name);
  }
  for (const name of await listFolder(writesFolder(root))) {
    const file = path.join(writesFolder(root), name);
    if (await isAbandoned(file)) await remove(file);
  }
  return removed.sort();
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw describeStorageError(error, 'The folder cannot be read', folder);
  }
}

/** A folder gets its name when its owner is in it, so one without has lost it: whoever was removing the folder died over it. */
async function isHalfRemoved(folder: string): Promise<boolean> {
  if (path.basename(folder).startsWith(UNFINISHED)) return false;
  try {
    return !(await readdir(folder)).includes(OWNER_FILE);
  } catch {
    return false;
  }
}

/** undefined when the folder has no owner, or one that cannot be read. */
async function readOwner(folder: string): Promise<RunOwner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(path.join(folder, OWNER_FILE), 'utf8'));
    return isRunOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isRunOwner(value: unknown): value is RunOwner {
  const { executionId, host, pid } = (value ?? {}) as Partial<Record<keyof RunOwner, unknown>>;
  return typeof executionId === 'string' && typeof host === 'string' && typeof pid === 'number';
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > ABANDONED_AFTER_MS;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw describeStorageError(error, 'The scratch file cannot be looked at', file);
  }
}

async function remove(fileOrFolder: string): Promise<void> {
  try {
    await rm(fileOrFolder, { recursive: true, force: true });
  } catch (error) {
    throw describeStorageError(error, 'The scratch folder cannot be removed', fileOrFolder);
  }
}
