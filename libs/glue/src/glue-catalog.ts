/** The catalog that Athena reads: every published table of a release, registered from the schema that the release carries. */
import { CreateTableCommand, DeleteTableCommand, GetTablesCommand, UpdateTableCommand, type GlueClient, type Table, type TableInput } from '@aws-sdk/client-glue';
import { awsErrorName, describeAwsFailure } from '@inlet/aws-failure';
import { ConfigError, PermanentError, TransientError } from '@inlet/errors';
import type { Release } from '@inlet/manifest';
import type { Catalog } from '@inlet/pipeline';
import { inParallel } from './in-parallel';
import { buildTableInput, DATASET_PARAMETER, isPublished, isUpToDate } from './table-input';

export interface GlueCatalogOptions {
  client: GlueClient;
  /** Glue database of the dataset's published tables; it must exist. */
  database: string;
  /** Bucket in which the tables' files lie. */
  lakeBucket: string;
}

/** A query that joins tables may see two releases for as long as these writes take; Glue throttles whoever sends too many. */
const WRITES_AT_ONCE = 8;

/**
 * Points the tables at the release, all at once as far as Glue lets us (it has no write over several); what says so already is left alone. Then
 * tables that the release no longer has are deleted. A table that another made is never changed: PermanentError. Throws ModelError for a column type that
 * Athena has no reading of, before anything is written, and TransientError when another registration came in between.
 */
export function createGlueCatalog({ client, database, lakeBucket }: GlueCatalogOptions): Catalog {
  return {
    async register(dataset: string, release: Release): Promise<void> {
      const inputs = release.tables.filter(isPublished).map((table) => buildTableInput(table, { dataset, release, lakeBucket }));
      const glue = new GlueDatabase(client, database);
      const existing = await glue.listTables();
      for (const { Name } of inputs) requireOwn(existing.get(Name ?? ''), database, dataset);
      await inParallel(inputs, WRITES_AT_ONCE, (input) => glue.put(input, existing.get(input.Name ?? '')));
      const kept = new Set(inputs.map(({ Name }) => Name));
      const dropped = [...existing].flatMap(([name, table]) => (isOwn(table, dataset) && !kept.has(name) ? [name] : []));
      await inParallel(dropped, WRITES_AT_ONCE, (name) => glue.delete(name));
    },
  };
}

const isOwn = (table: Table, dataset: string) => table.Parameters?.[DATASET_PARAMETER] === dataset;

function requireOwn(table: Table | undefined, database: string, dataset: string): void {
  if (table === undefined || isOwn(table, dataset)) return;
  throw new PermanentError({
    what: `The release of ${dataset} cannot be registered`,
    where: `${database}.${table.Name}`,
    expected: `no table of that name, or one with the parameter ${DATASET_PARAMETER}=${dataset}`,
    found: `a table that ${table.Parameters?.[DATASET_PARAMETER] ?? table.CreatedBy ?? 'another'} made`,
    next: 'Rename or delete that table in Glue, then run again.',
  });
}

/** One database, through the calls that it takes to keep tables in it. */
class GlueDatabase {
  readonly #client: GlueClient;
  readonly #database: string;

  constructor(client: GlueClient, database: string) {
    this.#client = client;
    this.#database = database;
  }

  async listTables(): Promise<Map<string, Table>> {
    const tables = new Map<string, Table>();
    let NextToken: string | undefined;
    do {
      const request = new GetTablesCommand({ DatabaseName: this.#database, NextToken });
      const page = await this.#attempt('The catalog cannot be read', () => this.#client.send(request));
      for (const table of page.TableList ?? []) if (table.Name !== undefined) tables.set(table.Name, table);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return tables;
  }

  async put(input: TableInput, existing: Table | undefined): Promise<void> {
    if (existing !== undefined && isUpToDate(existing, input)) return;
    const where = input.Name;
    if (existing === undefined) {
      const create = new CreateTableCommand({ DatabaseName: this.#database, TableInput: input });
      await this.#attempt('The table cannot be registered', () => this.#client.send(create), where);
      return;
    }
    // The version that was looked at: a registration that came in between must not be undone by an older one. No archive of old versions: releases are one.
    const update = new UpdateTableCommand({ DatabaseName: this.#database, TableInput: input, VersionId: existing.VersionId, SkipArchive: true });
    await this.#attempt('The table cannot be pointed at the release', () => this.#client.send(update), where);
  }

  async delete(name: string): Promise<void> {
    try {
      await this.#client.send(new DeleteTableCommand({ DatabaseName: this.#database, Name: name }));
    } catch (error) {
      if (awsErrorName(error) === 'EntityNotFoundException') return;
      throw describeAwsFailure(error, { what: 'The table cannot be removed from the catalog', where: `${this.#database}.${name}` });
    }
  }

  async #attempt<Result>(what: string, work: () => Promise<Result>, table?: string): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const where = table === undefined ? this.#database : `${this.#database}.${table}`;
      throw this.#describeRace(error, what, where) ?? describeAwsFailure(error, { what, where });
    }
  }

  /** Another registration, or none at all: the table came or went since the list was read, or there is no such database. */
  #describeRace(cause: unknown, what: string, where: string): Error | undefined {
    const name = awsErrorName(cause);
    if (name === 'EntityNotFoundException' && where === this.#database) {
      return new ConfigError({ what, where, expected: 'a Glue database', found: 'none', next: 'Deploy the dataset first: npx nx deploy <dataset>.', cause });
    }
    const isRace = name === 'AlreadyExistsException' || name === 'EntityNotFoundException' || name === 'ConcurrentModificationException';
    return isRace ? new TransientError({ what, where, expected: 'the table as it was a moment ago', found: `another registration (${name})`, next: 'Try again.', cause }) : undefined;
  }
}
