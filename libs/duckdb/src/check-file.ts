/** Opens files for a check that stands alone: views over them in a database that can reach nothing else. */
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '@inlet/errors';
import { quoteName, quoteText } from '@inlet/sql';
import { readDataFile } from './data-file';
import { describeUnreadable } from './data-file-error';
import { Database, fileList, type Row } from './database';

export { READABLE_FORMATS } from './data-file';

export interface CheckFilesOptions {
  /** The file to check; absolute, as all paths here. */
  data: string;
  /** Files to compare with, by the name under which rules know them. */
  references?: ReadonlyMap<string, string>;
  /** Keep the values of delimited and JSON files as text. @default each column has the type that all its values have */
  allText?: boolean;
  /** The one file that may be written. @default none */
  writable?: string;
  /** @default 512 */
  memoryMb?: number;
  /** Where DuckDB spills to; made when needed, and removed. */
  tempDir: string;
  signal?: AbortSignal;
}

/** Rows as a check takes them. */
export interface CheckedFile {
  /** What can stand after FROM. */
  from: string;
  columns: { name: string; type: string }[];
  known: { rows: number; nulls?: ReadonlyMap<string, number> };
  /** How the file was read, in a few words. */
  reading: string;
}

/** What makes a row one that fails: an expression over the data's columns that is FALSE for it. */
export interface RowCondition {
  rule: string;
  condition: string;
}

export interface CheckFiles {
  primary: CheckedFile;
  references: ReadonlyMap<string, CheckedFile>;
  query(sql: string): Promise<Row[]>;
  /** Writes the rows that fail a condition or more, each with the rules that it fails in `_rules`; returns how many. The file is there whole or not at all. */
  writeFailedRows(request: FailedRowsRequest): Promise<number>;
  close(): void;
}

export interface FailedRowsRequest {
  conditions: readonly RowCondition[];
  /** Columns left out of the file. */
  omit?: ReadonlySet<string>;
}

const DEFAULT_MEMORY_MB = 512;

/** Throws UsageError for a file that cannot be read: it is missing, damaged, or not what its name says. Every row has been looked at then. */
export async function openCheckFiles(options: CheckFilesOptions): Promise<CheckFiles> {
  const { data, references = new Map<string, string>(), allText = false, writable, memoryMb = DEFAULT_MEMORY_MB, tempDir, signal } = options;
  if (writable !== undefined) writeOptions(writable);
  const db = await Database.open({ memoryMb, tempDir, signal });
  try {
    const primary = await openFile(db, 'checked data', data, allText);
    const opened = new Map<string, CheckedFile>();
    for (const [name, file] of references) opened.set(name, await openFile(db, `reference ${name}`, file, allText));
    await confine(db, [data, ...references.values(), ...(writable === undefined ? [] : [partialOf(writable)])]);
    return {
      primary,
      references: opened,
      query: (sql) => db.rows(sql),
      writeFailedRows: (request) => writeFailedRows(db, primary, { ...request, writable }),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

async function openFile(db: Database, view: string, file: string, allText: boolean): Promise<CheckedFile> {
  await requireFile(file);
  const { query, reading } = await readDataFile(db, file, allText);
  try {
    await db.run(`create view ${quoteName(view)} as ${query}`);
    const described = await db.rows<{ column_name: string; column_type: string }>(`describe ${quoteName(view)}`);
    const columns = described.map(({ column_name: name, column_type: type }) => ({ name, type }));
    return { from: quoteName(view), columns, known: await count(db, view, columns, file), reading };
  } catch (error) {
    throw describeUnreadable(error, file);
  }
}

async function requireFile(file: string): Promise<void> {
  const stats = await stat(file).catch((error: NodeJS.ErrnoException) => {
    const found = error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'nothing' : error.message;
    throw new UsageError({ what: 'There is no such data file', where: file, expected: 'a file', found, next: 'Correct the path; it counts from the current folder.', cause: error });
  });
  if (!stats.isFile()) throw new UsageError({ what: 'This is no data file', where: file, expected: 'a file', found: stats.isDirectory() ? 'a folder' : 'something else', next: 'Name one file of it.' });
}

/** One pass that reads every value of a text, so that a damaged line is found before any rule is. Parquet has its number of rows in its footer. */
async function count(db: Database, view: string, columns: readonly { name: string }[], file: string): Promise<CheckedFile['known']> {
  if (/\.parquet$/i.test(file)) return { rows: Number((await db.row<{ n: bigint }>(`select count(*) as n from ${quoteName(view)}`)).n) };
  const counts = columns.map(({ name }, index) => `count(${quoteName(name)}) as "c${index}"`);
  const { n, ...present } = await db.row<Record<string, bigint>>(`select ${['count(*) as n', ...counts].join(', ')} from ${quoteName(view)}`);
  const rows = Number(n);
  return { rows, nulls: new Map(columns.map(({ name }, index) => [name, rows - Number(present[`c${index}`])])) };
}

/** From here on the connection reads these files and nothing else, and cannot be talked out of it. */
async function confine(db: Database, paths: readonly string[]): Promise<void> {
  await db.run(`set allowed_paths = ${fileList(paths)}`);
  await db.run('set enable_external_access = false');
  await db.run('set lock_configuration = true');
}

const partialOf = (file: string) => path.join(path.dirname(file), `.${path.basename(file)}.partial`);

interface LineFormat {
  options: string;
  /** Whether it has lists. */
  lists: boolean;
  /** Whether its numbers are finite. */
  finite?: boolean;
}

const LINE_FORMATS: Readonly<Record<string, LineFormat>> = {
  csv: { options: 'format csv, header', lists: false },
  tsv: { options: "format csv, header, delimiter '\t'", lists: false },
  json: { options: 'format json, array true', lists: true, finite: true },
  jsonl: { options: 'format json', lists: true, finite: true },
  ndjson: { options: 'format json', lists: true, finite: true },
  parquet: { options: 'format parquet, compression zstd', lists: true },
};

function writeOptions(file: string): LineFormat {
  const format = LINE_FORMATS[path.extname(file).slice(1).toLowerCase()];
  if (format !== undefined) return format;
  throw new UsageError({ what: 'Rows cannot be written as this kind of file', where: file, expected: `a name that ends in ${Object.keys(LINE_FORMATS).join(', ')}`, found: path.basename(file) });
}

async function writeFailedRows(db: Database, { from, columns }: CheckedFile, { conditions, omit = new Set(), writable }: FailedRowsRequest & { writable?: string }): Promise<number> {
  if (writable === undefined) throw new RangeError('no file was opened for writing');
  const { options, lists, finite = false } = writeOptions(writable);
  const marks = conditions.map(({ rule, condition }) => `case when (${condition}) is false then ${quoteText(rule)} end`);
  const mark = uniqueName('_rules', columns);
  const failed = marks.length === 0 ? '[]::varchar[]' : `list_filter([${marks.join(', ')}], lambda inlet_rule: inlet_rule is not null)`;
  const shown = columns.filter(({ name }) => !omit.has(name)).map(({ name, type }) => (finite && /\b(DOUBLE|FLOAT)\b/.test(type) ? jsonOfNumbers(quoteName(name)) : quoteName(name)));
  const rules = lists ? quoteName(mark) : `array_to_string(${quoteName(mark)}, '; ') as ${quoteName(mark)}`;
  const rows = `select ${[...shown, rules].join(', ')} from (select *, ${failed} as ${quoteName(mark)} from ${from}) where len(${quoteName(mark)}) > 0`;
  const partial = partialOf(writable);
  try {
    const written = await db.run(`copy (${rows}) to ${quoteText(partial)} (${options}, use_tmp_file false)`);
    await rename(partial, writable);
    return written;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** JSON has no NaN and no Infinity: a value that is one, or has one in it, is written as text. */
function jsonOfNumbers(column: string): string {
  const json = `to_json(${column})`;
  const withoutTexts = `regexp_replace(${json}::varchar, '"([^"\\\\]|\\\\.)*"', '', 'g')`;
  return `case when regexp_matches(${withoutTexts}, 'NaN|Inf') then to_json(${json}::varchar) when ${column} is not null then ${json} end as ${column}`;
}

/** `_rules`, or `_rules_2` where the data has a column of that name. DuckDB's names differ in more than case. */
function uniqueName(wanted: string, columns: readonly { name: string }[]): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  let name = wanted;
  for (let copy = 2; taken.has(name); copy += 1) name = `${wanted}_${copy}`;
  return name;
}
