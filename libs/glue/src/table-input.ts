/** What Glue is told of one published table. Pure: the same release gives the same input, so that a second registration finds nothing to do. */
import path from 'node:path';
import type { Column, Table, TableInput } from '@aws-sdk/client-glue';
import { ModelError, PermanentError } from '@inlet/errors';
import { keys, type Release, type ReleaseTable } from '@inlet/manifest';
import { toHiveType } from './hive-type';

/** Marks a table as made by Inlet, for this dataset. */
export const DATASET_PARAMETER = 'inlet.dataset';

/** The run whose release a table shows. */
export const RUN_PARAMETER = 'inlet.run_id';

const INPUT_FORMAT = 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat';
const OUTPUT_FORMAT = 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat';
const SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';

interface Origin {
  dataset: string;
  release: Release;
  lakeBucket: string;
}

export type PublishedTable = ReleaseTable & { layer: 'silver' | 'gold' };

export function isPublished(table: ReleaseTable): table is PublishedTable {
  return table.layer === 'silver' || table.layer === 'gold';
}

/** Throws ModelError for a column whose type Athena cannot read, and PermanentError where the table's files lie in several folders. */
export function buildTableInput(table: PublishedTable, { dataset, release, lakeBucket }: Origin): TableInput {
  return {
    Name: table.name.toLowerCase(),
    Description: `${table.layer} table of ${dataset}, release ${release.runId}`,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      [DATASET_PARAMETER]: dataset,
      'inlet.layer': table.layer,
      [RUN_PARAMETER]: release.runId,
      'inlet.sha256': release.sha256,
    },
    StorageDescriptor: {
      Columns: table.columns.map((column) => describeColumn(table, column)),
      Location: `s3://${lakeBucket}/${folderOf(table, dataset, release)}/`,
      InputFormat: INPUT_FORMAT,
      OutputFormat: OUTPUT_FORMAT,
      SerdeInfo: { SerializationLibrary: SERDE, Parameters: { 'serialization.format': '1' } },
    },
    PartitionKeys: [],
  };
}

function describeColumn(table: PublishedTable, { name, type }: { name: string; type: string }): Column {
  const hiveType = toHiveType(type);
  if (hiveType === undefined) {
    throw new ModelError({
      what: `The table ${table.name} has a column that Athena cannot read`,
      where: `${table.name}.${name}`,
      expected: 'a type that Parquet and Athena both hold, such as VARCHAR, BIGINT, DECIMAL or TIMESTAMP',
      found: type,
      next: `Cast it in models/${table.name}.sql, then deploy and run again.`,
    });
  }
  // Glue keeps names in lower case, and Athena finds Parquet columns without regard to case.
  return { Name: name.toLowerCase(), Type: hiveType };
}

/** Athena reads every object below a table's location, so the table must have one folder to itself. */
function folderOf(table: PublishedTable, dataset: string, release: Release): string {
  const folders = new Set(table.files.map(({ key }) => path.posix.dirname(key)));
  const [folder = `${keys.modelPrefix(table.layer, dataset, release.version, release.runId)}${table.name}`, ...others] = folders;
  if (others.length === 0) return folder;
  throw new PermanentError({
    what: `The table ${table.name} of ${dataset} cannot be registered`,
    where: folder,
    expected: 'all its files in one folder',
    found: `${folders.size} folders`,
    next: `Publish it anew: inlet run ${dataset} --force.`,
  });
}

/** Whether Glue's table says already what the input would make it say. Parameters that others add (crawlers, table statistics) do not count. */
export function isUpToDate(table: Table, input: TableInput): boolean {
  const [has, wants] = [table.StorageDescriptor, input.StorageDescriptor];
  const sameParameters = Object.entries(input.Parameters ?? {}).every(([name, value]) => table.Parameters?.[name] === value);
  return (
    sameParameters &&
    table.TableType === input.TableType &&
    has?.Location === wants?.Location &&
    has?.InputFormat === wants?.InputFormat &&
    has?.OutputFormat === wants?.OutputFormat &&
    has?.SerdeInfo?.SerializationLibrary === wants?.SerdeInfo?.SerializationLibrary &&
    describeColumns(has?.Columns) === describeColumns(wants?.Columns)
  );
}

function describeColumns(columns: readonly Column[] = []): string {
  return JSON.stringify(columns.map(({ Name, Type }) => [Name, Type]));
}
