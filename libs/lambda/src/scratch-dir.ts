/** Scratch space of one invocation: Lambda keeps /tmp between invocations, and a run must find neither another's files nor another's full disk. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Gives `work` an empty folder, removed when it ends. */
export async function withScratchDir<Result>(root: string, work: (scratchDir: string) => Promise<Result>): Promise<Result> {
  await mkdir(root, { recursive: true });
  const scratchDir = await mkdtemp(path.join(root, `${process.pid}-`));
  try {
    return await work(scratchDir);
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

/** Each sandbox of Lambda has a /tmp of its own, and runs one invocation at a time. */
export const scratchRoot = (functionName: string) => path.join(tmpdir(), `inlet-${functionName}`);

/** After a crash Lambda starts the process anew over the same /tmp. Called before the first invocation. */
export async function removeLeftScratchDirs(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  const left = names.filter((name) => !isRunning(Number(name.split('-', 1)[0])));
  await Promise.all(left.map((name) => rm(path.join(root, name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
