/** An embedded DuckDB for the specs of what only writes SQL. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText } from '@inlet/sql';
import type { Relation } from '../evaluation/check';

export class TestDatabase {
  /** Every statement asked for. */
  readonly statements: string[] = [];

  private constructor(private readonly connection: DuckDBConnection) {}

  static async open(): Promise<TestDatabase> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new TestDatabase(await instance.connect());
  }

  readonly query = async (sql: string): Promise<Record<string, unknown>[]> => {
    this.statements.push(sql);
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJS();
  };

  /** The relation that a query is, with the columns that it has. */
  async describe(sql: string): Promise<Relation> {
    await this.connection.run(`CREATE OR REPLACE TEMP TABLE described AS ${sql}`);
    const rows = (await this.connection.runAndReadAll('DESCRIBE described')).getRowObjectsJS();
    return { from: 'described', columns: rows.map(({ column_name, column_type }) => ({ name: String(column_name), type: String(column_type) })) };
  }

  close(): void {
    this.connection.closeSync();
  }
}

export interface TestColumn {
  name: string;
  type: string;
  values: readonly (string | null)[];
}

/** A query of these rows; columns shorter than the first are filled up with NULL. */
export function selectOf(columns: readonly TestColumn[]): string {
  const rows = (columns[0]?.values ?? []).map((_, row) => `(${columns.map(({ values }) => literal(values[row] ?? null)).join(', ')})`);
  const cast = columns.map(({ name, type }, index) => `CAST(c${index} AS ${type}) AS ${quoteName(name)}`).join(', ');
  const from = rows.length > 0 ? `(VALUES ${rows.join(', ')})` : `(SELECT ${columns.map(() => 'NULL').join(', ')} WHERE false)`;
  return `SELECT ${cast} FROM ${from} rows(${columns.map((_, index) => `c${index}`).join(', ')})`;
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : quoteText(value);
}
