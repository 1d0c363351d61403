/** Looks at what a run needs of the machine: Node, the embedded engine, a writable folder and room on its disk. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes } from '@inlet/time';
import { runCheck, type Finding } from './finding';

const PINNED_MAJOR = 24;
const LITTLE_SPACE_BYTES = 5_000_000_000;
const NO_SPACE_BYTES = 500_000_000;

export function checkNode(version: string): Promise<Finding> {
  return runCheck('node', async () => {
    const major = Number(version.split('.')[0]);
    if (major === PINNED_MAJOR) return { status: 'ok', message: `Node ${version}` };
    return { status: major > PINNED_MAJOR ? 'warn' : 'fail', message: `Node ${version}, not the pinned ${PINNED_MAJOR}`, next: 'Run npm ci in the workspace, then call it as npx inlet.' };
  });
}

export function checkEngine(): Promise<Finding> {
  return runCheck('engine', async () => {
    const next = 'Run npm ci again on this machine: the engine\'s binary differs by system and processor.';
    try {
      const { Database } = await import('@inlet/duckdb');
      const db = await Database.open({});
      db.close();
      return { status: 'ok', message: 'DuckDB loads and opens a database' };
    } catch (error) {
      return { status: 'fail', message: `DuckDB does not load: ${error instanceof Error ? error.message : String(error)}`, next };
    }
  });
}

/** A folder that is not there yet is judged by the nearest one above it. */
export function checkLakeFolder(lakeRoot: string): Promise<Finding> {
  return runCheck('lake folder', async () => {
    const existing = nearestExisting(lakeRoot);
    const probeDir = existing === lakeRoot ? path.join(lakeRoot, 'tmp') : existing;
    try {
      await mkdir(probeDir, { recursive: true });
      const probe = path.join(probeDir, `.inlet-doctor-${randomUUID()}`);
      await writeFile(probe, '');
      await rm(probe);
    } catch (error) {
      return { status: 'fail', message: `${probeDir} cannot be written to: ${(error as Error).message}`, next: 'Give this user the right to write there, or choose another lake with --lake.' };
    }
    return { status: 'ok', message: existing === lakeRoot ? `${lakeRoot} is writable` : `${lakeRoot} is not there yet; the first run makes it` };
  });
}

export function checkDiskSpace(lakeRoot: string): Promise<Finding> {
  return runCheck('disk', async () => {
    const { bavail, bsize } = await statfs(nearestExisting(lakeRoot));
    return judgeFreeSpace(bavail * bsize);
  });
}

export function judgeFreeSpace(freeBytes: number): Omit<Finding, 'check'> {
  const message = `${formatBytes(freeBytes)} free on the lake's disk`;
  if (freeBytes >= LITTLE_SPACE_BYTES) return { status: 'ok', message };
  return { status: freeBytes < NO_SPACE_BYTES ? 'fail' : 'warn', message, next: 'Free some space: inlet gc deletes what no kept release needs.' };
}

function nearestExisting(folder: string): string {
  let existing = folder;
  while (!existsSync(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing);
  return existing;
}
