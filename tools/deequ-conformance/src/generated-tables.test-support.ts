/** The tables that Inlet and Deequ are both asked about: the same on every machine, and full of what data is like at its worst. */
import path from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export type TableName = keyof typeof TABLES;
export type ReferenceName = keyof typeof REFERENCES;

/** Row `i` of a list has its element `i * step`; steps that share no factor with the lengths mix columns well. */
const pick = (values: readonly (string | null)[], step: number) => `([${values.map((value) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`)).join(', ')}])[1 + (i * ${step}) % ${values.length}]`;
const pickNumber = (values: readonly string[], step: number) => `([${values.join(', ')}])[1 + (i * ${step}) % ${values.length}]`;

const TEXTS = ['alpha', 'beta', '', ' ', '   ', null, 'Größe', '東京', '🙂', 'alpha ', 'ALPHA', 'it\'s', 'a\tb', '0', 'NULL', 'a%b', 'e\u0301', 'é', 'ß', null, 'alpha'];
const NUMBERS_AS_TEXT = ['12', '12.5', ' 7 ', 'abc', '', null, '1e3', '2147483648', '-5', '+5', '0x1F', 'NaN', '99999999999999999999', '0', '-0', '.5', '5.', '1 000', '12', 'Infinity', '9223372036854775808', '1d', '1f'];
const DATES_AS_TEXT = ['2024-01-31', '2024-02-30', '31-01-2024', '2024/01/31', '01/31/2024', '2024-1-5', '2024-01-31T10:00:00', '2024-01-31 10:00:00', '', null, 'yesterday', '2024', '01-2024', '2024-01', '31-01', '01/31', '12-31-2024', ' 2024-01-31 ', '2024-01-31x', '20240131', '1-2-2024'];
const BOOLEANS_AS_TEXT = ['true', 'false', 't', 'yes', '1', '0', 'no', 'TRUE', ' false ', 'x', null, '', 'y', 'n', 'F'];

const SOILED = (rows: number) => `
  SELECT i::INTEGER AS id, 'K' || lpad(i::VARCHAR, 5, '0') AS code, ${pick(TEXTS, 5)} AS txt, ${pick(['a', 'a', 'a', 'b', 'b', 'c', 'd'], 3)} AS cat,
    CASE WHEN i % 7 = 3 THEN NULL ELSE ((i * 37) % 23 - 6)::INTEGER END AS num, (i * 12345678901)::BIGINT AS big,
    CASE WHEN i % 11 = 5 THEN NULL ELSE ((i * 7919) % 1000) / 7.0 - 40 END::DOUBLE AS dbl,
    CASE WHEN i % 13 = 4 THEN NULL ELSE ((i * 101) % 977) / 8.0 END::DECIMAL(18, 4) AS dec, (((i * 53) % 97) / 3.0)::REAL AS flt,
    (i % 10 - 4)::SMALLINT AS small, ([true, false, NULL, true])[1 + i % 4] AS flag,
    CASE WHEN i % 9 = 2 THEN NULL ELSE DATE '2024-01-01' + ((i * 17) % 60)::INTEGER END AS day,
    CASE WHEN i % 8 = 6 THEN NULL ELSE TIMESTAMP '2024-03-01 00:00:00' + INTERVAL 1 MINUTE * ((i * 977) % 90000) END AS seen,
    ${pick(NUMBERS_AS_TEXT, 4)} AS num_txt, ${pick(DATES_AS_TEXT, 4)} AS day_txt, ${pick(BOOLEANS_AS_TEXT, 4)} AS flag_txt,
    ${pick(['1', '2', '3', null, '44'], 2)} AS digits, NULL::VARCHAR AS no_txt, NULL::DOUBLE AS no_num, 7::INTEGER AS seven,
    ${pick(['x', 'y', null], 2)} AS "two words", ${pick(['AB-12', 'CD-34', 'ef-56', 'AB-1', 'AB-12\n', null, 'xAB-12'], 3)} AS "UPPER"
  FROM range(${rows}) rows(i)`;

export const TABLES = {
  soiled: SOILED(97),
  one: SOILED(1),
  empty: SOILED(0),
  clean: `
    SELECT i::INTEGER AS id, 'K' || lpad(i::VARCHAR, 5, '0') AS code, ${pick(['red', 'green', 'blue'], 1)} AS color, (i * 1.5)::DOUBLE AS weight, (i * 3 + 1)::DOUBLE AS height,
      (i % 5)::INTEGER AS rank, (i / 4.0)::DECIMAL(10, 2) AS price, DATE '2024-05-01' + i::INTEGER AS day, TIMESTAMP '2024-05-01 12:30:00' + INTERVAL 1 HOUR * i AS seen, i % 2 = 0 AS even
    FROM range(20) rows(i)`,
  nulls: `SELECT i::INTEGER AS id, NULL::VARCHAR AS txt, NULL::INTEGER AS num, NULL::DOUBLE AS dbl, NULL::DATE AS day, NULL::TIMESTAMP AS seen, NULL::BOOLEAN AS flag FROM range(4) rows(i)`,
  extreme: `
    SELECT i::INTEGER AS id, ${pickNumber(['9223372036854775807', '-9223372036854775808', '0', '1', 'NULL'], 1)}::BIGINT AS big,
      ${pickNumber(['1.7976931348623157e308', '-1.7976931348623157e308', '4.9e-324', '0', '-0.0', '1e300', 'NULL'], 1)}::DOUBLE AS dbl,
      ${pickNumber(["'NaN'", "'1'", "'2'", "'NaN'", 'NULL'], 1)}::DOUBLE AS nan, ${pickNumber(["'Infinity'", "'1'", "'-3'"], 1)}::DOUBLE AS inf,
      ${pickNumber(['99999999999999999999999999999999999999', '-99999999999999999999999999999999999999', '1', 'NULL'], 1)}::DECIMAL(38, 0) AS dec,
      ${pickNumber(['2147483647', '-2147483648', '5'], 1)}::INTEGER AS num, ${pickNumber(["'0001-01-01'", "'9999-12-31'", "'1582-10-10'", 'NULL'], 1)}::DATE AS day,
      repeat('x', (i * 100)::INTEGER) AS long_txt
    FROM range(14) rows(i)`,
  doubled: `SELECT (i % 6)::INTEGER AS id, ${pick(['a', 'b', null], 1)} AS part, (i % 4)::INTEGER AS num, 'same' AS same FROM range(24) rows(i)`,
} as const;

export const REFERENCES = {
  colors: `SELECT * FROM (VALUES ('red', 1), ('green', 2), (NULL, 3), ('red', 4)) colors(name, rank)`,
  twin: TABLES.clean,
  sibling: `SELECT i::INTEGER AS id, 'K' || lpad(i::VARCHAR, 5, '0') AS code, 'red' AS color, (i * 1.5)::DOUBLE AS weight, (i % 5)::BIGINT AS rank, (i / 4.0)::DECIMAL(12, 3) AS price FROM range(5, 30) rows(i)`,
  void: `SELECT 1 AS id, 'x' AS color, 0.5::DOUBLE AS weight WHERE false`,
  pairs: `SELECT (i % 3)::INTEGER AS num, ${pick(['a', null, 'b', 'a'], 1)} AS part, i::INTEGER AS id FROM range(7) rows(i)`,
} as const;

export interface WrittenTables {
  connection: DuckDBConnection;
  /** Of a table's or a reference's Parquet file. */
  pathOf(name: TableName | ReferenceName): string;
  close(): void;
}

/** Writes all of them as Parquet files below `folder`, and keeps the DuckDB that can read them. */
export async function writeTables(folder: string): Promise<WrittenTables> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const pathOf = (name: string) => path.join(folder, `${name}.parquet`);
  for (const [name, sql] of Object.entries({ ...TABLES, ...REFERENCES })) await connection.run(`COPY (${sql}) TO '${pathOf(name)}' (FORMAT parquet)`);
  return {
    connection,
    pathOf,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
