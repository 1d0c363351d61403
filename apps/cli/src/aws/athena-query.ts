/** `inlet query --aws`: the deployed lake, asked through Athena under the names that a local lake has. */
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { GlueClient } from '@aws-sdk/client-glue';
import { listDatasetFolders, readDatasetFolder } from '@inlet/dataset';
import { InterruptedError } from '@inlet/errors';
import { createAthena, createSingleReleaseAthena, qualifyTables } from '@inlet/glue';
import { formatBytes } from '@inlet/time';
import type { CliContext } from '../context';
import { listenForInterrupts } from '../interrupt';
import type { LakeQuery } from '../lake';

interface AthenaSetting {
  client: AthenaClient;
  glue: GlueClient;
  workgroup: string;
  domainsDir: string;
}

/** Ctrl-C stops the query in Athena too. */
export async function openAthenaQuery(context: CliContext, { client, glue, workgroup, domainsDir }: AthenaSetting): Promise<LakeQuery> {
  const databases = await readDatabases(domainsDir);
  const athena = createSingleReleaseAthena({ athena: createAthena({ client, workgroup }), glue, databases: Object.values(databases) });
  const interruption = listenForInterrupts({
    signals: process,
    nowMs: Date.now,
    onFirst: () => void context.stderr.write('Stopping the query.\n'),
    onSecond: () => process.exit(1),
    reason: (found) => new InterruptedError({ what: 'The query was stopped', found }),
  });
  return {
    run: async (sql) => {
      const { scannedBytes, ...result } = await athena.run(qualifyTables(sql, databases), { signal: interruption.signal });
      return { ...result, cost: `Athena scanned ${formatBytes(scannedBytes)}.` };
    },
    close: () => {
      interruption.finish();
      client.destroy();
      glue.destroy();
    },
  };
}

/** Glue database of each dataset, by its id. A dataset whose config is broken has none, and stands in nobody's way. */
async function readDatabases(domainsDir: string): Promise<Record<string, string>> {
  const folders = await listDatasetFolders(domainsDir);
  const read = await Promise.allSettled(folders.map(readDatasetFolder));
  return Object.fromEntries(read.flatMap((result) => (result.status === 'fulfilled' ? [[result.value.config.dataset, result.value.config.database_name]] : [])));
}
