/** What a run leaves beside its bronze, so that it can be run again from there: what was fetched, the tables, and the config that made them. */
import { PIPELINE_REVISION, type Dataset, type DatasetConfig } from '@inlet/dataset';
import { CorruptManifestError } from '@inlet/errors';
import { hashCanonicalJson } from '@inlet/hash';
import { keys, ReleaseSchema, type ReleaseTable } from '@inlet/manifest';
import { z } from 'zod';
import type { ObjectStore } from './ports';
import { REPORT_NAME, writeReport } from './reports';
import { FetchedSourceSchema, type BronzeResult, type FetchResult } from './run-state';

/** Names that begin with `_` are skipped by Athena, Glue and Spark. */
export const KEPT_BRONZE_NAME = '_bronze.json';

export const KeptBronzeSchema = z.object({
  formatVersion: z.literal(1),
  engine: z.string(),
  /** Of the expanded text that it was read from. */
  textBytes: z.int(),
  /** What of the config shaped it. */
  fingerprint: z.string(),
  sha256: ReleaseSchema.shape.sha256,
  bytes: z.int(),
  sources: z.array(FetchedSourceSchema),
  tables: ReleaseSchema.shape.tables,
});

export type KeptBronze = z.infer<typeof KeptBronzeSchema>;

export interface BronzeOwner {
  dataset: string;
  runId: string;
}

export function describeBronze(dataset: Dataset, { sha256, bytes, sources }: FetchResult, built: { engine: string; textBytes: number; tables: ReleaseTable[] }): KeptBronze {
  return { formatVersion: 1, fingerprint: fingerprintBronze(dataset), sha256, bytes, sources, ...built };
}

/** Writes the report for the states that follow, and then what a later run needs: where that lies, bronze is whole. */
export async function keepBronze(store: ObjectStore, { dataset, runId }: BronzeOwner, bronze: KeptBronze): Promise<BronzeResult> {
  const prefix = keys.bronzePrefix(dataset, runId);
  const reportKey = await writeReport(store, `${prefix}${REPORT_NAME}`, { tables: bronze.tables });
  await store.write(`${prefix}${KEPT_BRONZE_NAME}`, JSON.stringify(bronze));
  return { engine: bronze.engine, reportKey, rows: bronze.tables.reduce((sum, { rows }) => sum + rows, 0), textBytes: bronze.textBytes };
}

/** undefined where the run has no bronze. Throws CorruptManifestError when it cannot be read. */
export async function readKeptBronze(store: ObjectStore, { dataset, runId }: BronzeOwner): Promise<KeptBronze | undefined> {
  const key = `${keys.bronzePrefix(dataset, runId)}${KEPT_BRONZE_NAME}`;
  const object = await store.read(key);
  if (object === undefined) return undefined;
  try {
    return KeptBronzeSchema.parse(JSON.parse(Buffer.from(object.body).toString('utf8')));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptManifestError({ what: `What run ${runId} left beside its bronze cannot be read`, where: key, expected: 'what was fetched, and the tables', found, next: `Fetch anew: \`inlet run ${dataset}\`.`, cause });
  }
}

/**
 * Of everything that makes bronze of raw bytes: under another fingerprint the same bytes may give other tables, and bronze that is there
 * says nothing about them. Models, rules and null tokens shape what is built of bronze.
 */
export function fingerprintBronze({ config: { format, tables, contract } }: Pick<Dataset, 'config'>): string {
  const columns = tables.map((table) => ({ ...table, columns: table.columns.map(({ description: _description, ...column }) => column) }));
  return hashCanonicalJson({ revision: PIPELINE_REVISION, reading: omitNullTokens(format), tables: columns, contract });
}

function omitNullTokens({ null_tokens: _nullTokens, ...reading }: DatasetConfig['format']): object {
  return reading;
}
