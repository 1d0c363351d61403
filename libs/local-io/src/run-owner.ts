/** Who this process is, and whether another still lives: what tells a run under way from the leavings of a dead one. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunOwner } from '@inlet/pipeline';
import { systemErrorCode } from './storage-error';

export function thisProcessOwner(executionId: string): RunOwner {
  return { executionId, host: hostname(), pid: process.pid };
}

/** False only when the owner is known to be dead: of another machine's processes nothing is known. */
export function isProcessAlive(owner: RunOwner): boolean {
  if (owner.host !== hostname()) return true;
  if (!Number.isInteger(owner.pid) || owner.pid <= 0) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: alive, but another user's.
    return systemErrorCode(error) !== 'ESRCH';
  }
  return !isZombie(owner.pid);
}

/** A dead process that its parent has not yet collected still takes signals; Linux tells (proc(5), `stat`: the state follows the name in brackets). */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
