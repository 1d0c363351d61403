/** `inlet query --aws --quarantine-of`: what a run set aside is not in the catalog, so its few files are fetched and asked here. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ObjectStore } from '@inlet/pipeline';
import type { LakeQuery } from '../lake';
import { openQuery } from '../local-lake';

/** The files are gone again once the query is closed. */
export async function openQuarantineQuery(store: ObjectStore, { domainsDir, quarantineOf }: { domainsDir: string; quarantineOf: string }): Promise<LakeQuery> {
  const scratchDir = await mkdtemp(path.join(tmpdir(), 'inlet-quarantine-'));
  const removeScratch = () => rm(scratchDir, { recursive: true, force: true });
  try {
    const { run, close } = await openQuery(store, { domainsDir, scratchDir, quarantineOf });
    return {
      run,
      close: async () => {
        close();
        await removeScratch();
      },
    };
  } catch (error) {
    await removeScratch();
    throw error;
  }
}
