/** Questions to the deployed lake: Athena runs the SQL, and its result is read page by page. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueryExecutionCommand, GetQueryResultsCommand, StartQueryExecutionCommand, StopQueryExecutionCommand, type AthenaClient, type GetQueryResultsCommandOutput, type QueryExecution, type Row } from '@aws-sdk/client-athena';
import { awsErrorName, describeAwsFailure } from '@inlet/aws-failure';
import { QueryError, TransientError } from '@inlet/errors';
import { describeColumn, readValue, type AthenaColumn, type AthenaValue } from './athena-value';

export interface AthenaOptions {
  client: AthenaClient;
  /** Says where results go, and how many bytes a query may scan. */
  workgroup: string;
  /** First and longest pause between two looks at a query, in milliseconds. @default 100 and 2000 */
  pollMs?: { first: number; longest: number };
}

export interface AthenaResult {
  columns: AthenaColumn[];
  /** Can be read once. Throws QueryError, TransientError or the signal's reason. */
  rows: AsyncIterable<AthenaValue[]>;
  /** Bytes that the query read, and is paid for. */
  scannedBytes: number;
}

export interface Athena {
  /** Throws QueryError with Athena's reason when the query is wrong or fails, and the signal's reason when it is stopped. */
  run(sql: string, options?: { signal?: AbortSignal }): Promise<AthenaResult>;
}

const PAGE_ROWS = 1000;
const BACKOFF = 1.5;

export function createAthena(options: AthenaOptions): Athena {
  return { run: (sql, { signal } = {}) => new AthenaQuery(options, sql, signal).run() };
}

/** One query, from its start to the last page of its result. */
class AthenaQuery {
  readonly #options: AthenaOptions;
  readonly #sql: string;
  readonly #signal: AbortSignal | undefined;

  constructor(options: AthenaOptions, sql: string, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#sql = sql;
    this.#signal = signal;
  }

  async run(): Promise<AthenaResult> {
    const id = await this.#start();
    const execution = await this.#waitOrStop(id);
    const first = await this.#page(id);
    const columns = (first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(describeColumn);
    return { columns, rows: this.#readRows(id, columns, first), scannedBytes: execution.Statistics?.DataScannedInBytes ?? 0 };
  }

  async #start(): Promise<string> {
    this.#signal?.throwIfAborted();
    const { client, workgroup } = this.#options;
    const request = new StartQueryExecutionCommand({ QueryString: this.#sql, WorkGroup: workgroup, ClientRequestToken: randomUUID() });
    const { QueryExecutionId } = await this.#attempt('The query cannot be started', () => client.send(request));
    return QueryExecutionId ?? '';
  }

  async #waitOrStop(id: string): Promise<QueryExecution> {
    try {
      return await this.#waitForEnd(id);
    } catch (error) {
      // It would run on, and be paid for, with nobody to read it. What is thrown is why we stopped, whether or not it could be stopped.
      if (this.#signal?.aborted) await this.#options.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
      this.#signal?.throwIfAborted();
      throw error;
    }
  }

  async #waitForEnd(id: string): Promise<QueryExecution> {
    const { first, longest } = this.#options.pollMs ?? { first: 100, longest: 2000 };
    for (let pauseMs = first; ; pauseMs = Math.min(longest, pauseMs * BACKOFF)) {
      const request = new GetQueryExecutionCommand({ QueryExecutionId: id });
      const { QueryExecution: execution } = await this.#attempt('The query cannot be followed', () => this.#options.client.send(request, { abortSignal: this.#signal }));
      const state = execution?.Status?.State;
      if (execution !== undefined && state === 'SUCCEEDED') return execution;
      if (execution !== undefined && (state === 'FAILED' || state === 'CANCELLED')) throw this.#describeEnd(execution);
      await sleep(pauseMs, undefined, { signal: this.#signal });
    }
  }

  #describeEnd({ Status, WorkGroup }: QueryExecution): Error {
    const reason = Status?.StateChangeReason?.replace(/\s+/g, ' ').trim() || 'no reason given';
    if (Status?.AthenaError?.Retryable === true) {
      return new TransientError({ what: 'Athena could not finish the query', where: this.#shortSql(), found: reason, next: 'Try again.' });
    }
    const isCancelled = Status?.State === 'CANCELLED';
    const overLimit = isCancelled && /bytes scanned limit/i.test(reason);
    const next = overLimit
      ? `Name fewer columns and rows, or raise athena_scan_limit_bytes in environments.json for the workgroup ${WorkGroup}.`
      : 'Athena speaks Trino\'s SQL, and knows the silver and gold tables of what is deployed.';
    return new QueryError({ what: isCancelled ? 'Athena stopped the query' : 'The query cannot be run', where: this.#shortSql(), found: reason, next });
  }

  async *#readRows(id: string, columns: readonly AthenaColumn[], first: GetQueryResultsCommandOutput): AsyncGenerator<AthenaValue[]> {
    let page = first;
    let rows = page.ResultSet?.Rows ?? [];
    // Of a SELECT, the first row of the first page repeats the columns' names; SHOW and DESCRIBE have no such row.
    if (rows[0] !== undefined && isHeader(rows[0], columns)) rows = rows.slice(1);
    for (;;) {
      for (const { Data } of rows) yield columns.map((column, index) => readValue(Data?.[index], column));
      if (page.NextToken === undefined) return;
      this.#signal?.throwIfAborted();
      page = await this.#page(id, page.NextToken);
      rows = page.ResultSet?.Rows ?? [];
    }
  }

  #page(id: string, NextToken?: string): Promise<GetQueryResultsCommandOutput> {
    const request = new GetQueryResultsCommand({ QueryExecutionId: id, NextToken, MaxResults: PAGE_ROWS });
    return this.#attempt('The result of the query cannot be read', () => this.#options.client.send(request, { abortSignal: this.#signal }));
  }

  async #attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#signal?.throwIfAborted();
      const isRefused = awsErrorName(error) === 'InvalidRequestException' && error instanceof Error;
      if (!isRefused) throw describeAwsFailure(error, { what, where: this.#shortSql() });
      const next = 'Athena speaks Trino\'s SQL; the query must be one statement.';
      throw new QueryError({ what: 'Athena refuses the query', where: this.#shortSql(), found: error.message.replace(/\s+/g, ' '), next, cause: error });
    }
  }

  #shortSql(): string {
    return this.#sql.length > 200 ? `${this.#sql.slice(0, 200)}…` : this.#sql;
  }
}

function isHeader({ Data = [] }: Row, columns: readonly AthenaColumn[]): boolean {
  return columns.length > 0 && Data.length === columns.length && columns.every(({ name }, index) => Data[index]?.VarCharValue === name);
}
