/** What a run needs besides its adapters, for specs that run a dataset for real. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { PipelineDeps } from '@inlet/pipeline';
import { systemClock } from '@inlet/time';
import { memoryLedger } from './memory-ledger';
import { tempDir } from './temp-dir';

type Adapters = Pick<PipelineDeps, 'store' | 'source' | 'archives' | 'engine'> & Partial<PipelineDeps>;

/** An execution of its own, whose news goes nowhere. */
export function createPipelineDeps(adapters: Adapters): PipelineDeps {
  return {
    ledger: memoryLedger(),
    catalog: { register: async () => undefined },
    notifier: { notify: async () => undefined },
    deadLetters: { send: async () => undefined },
    clock: systemClock,
    owner: { executionId: randomUUID(), host: hostname(), pid: process.pid },
    scratchDir: tempDir(),
    observe: () => undefined,
    ...adapters,
  };
}
