/** Reads a file that nobody has described: its format from its name, its columns and types from all of its rows. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UsageError } from '@inlet/errors';
import { quoteText } from '@inlet/sql';
import { describeUnreadable } from './data-file-error';
import { parquetTable, type Database } from './database';

export interface ReadableFile {
  /** A query over the file's rows, which does not look at the file again to find out what its columns are. */
  query: string;
  /** How the file is read, in a few words. */
  reading: string;
}

interface DataFile {
  path: string;
  allText: boolean;
  compression: 'uncompressed' | 'gzip' | 'zstd';
}

type Reader = (db: Database, file: DataFile) => Promise<ReadableFile>;

const READERS: Readonly<Record<string, Reader>> = {
  csv: readDelimited,
  tsv: readDelimited,
  txt: readDelimited,
  json: readJson,
  jsonl: readJson,
  ndjson: readJson,
  parquet: readParquet,
};

const COMPRESSIONS: Readonly<Record<string, DataFile['compression']>> = { gz: 'gzip', zst: 'zstd' };

export const READABLE_FORMATS = 'csv, tsv, txt, json, jsonl or ndjson, each also with .gz or .zst after it, or parquet';

/** `path` is absolute. Throws UsageError for a kind of file that is not read, and for one whose content is not what its name says. */
export async function readDataFile(db: Database, file: string, allText: boolean): Promise<ReadableFile> {
  const [, format = '', packing] = /\.([a-z]+)(?:\.(gz|zst))?$/.exec(path.basename(file).toLowerCase()) ?? [];
  const read = READERS[format];
  if (read === undefined || (read === readParquet && packing !== undefined)) {
    throw new UsageError({ what: 'This kind of file cannot be read', where: file, expected: `a name that ends in ${READABLE_FORMATS}`, found: path.basename(file), next: 'Rename or convert it.' });
  }
  try {
    return await read(db, { path: file, allText, compression: COMPRESSIONS[packing ?? ''] ?? 'uncompressed' });
  } catch (error) {
    throw describeUnreadable(error, file);
  }
}

async function readParquet(_db: Database, file: DataFile): Promise<ReadableFile> {
  return { query: `select * from ${parquetTable(file.path)}`, reading: 'Parquet' };
}

/** JSON as an array of objects or one object after another. */
async function readJson(db: Database, file: DataFile): Promise<ReadableFile> {
  const options = `compression = '${file.compression}'`;
  await readFirstLine(file);
  const described = await db.rows<{ column_name: string; column_type: string }>(`describe select * from read_json(${quoteText(file.path)}, sample_size = -1, ${options})`);
  const columns = described.map(({ column_name: name, column_type: type }) => ({ name, type: file.allText ? 'VARCHAR' : type }));
  return { query: `select * from read_json(${quoteText(file.path)}, ${options}, columns = ${columnTypes(columns)})`, reading: 'JSON' };
}

interface Sniffed {
  HasHeader: boolean;
  TimestampFormat: string | null;
  Columns: { name: string; type: string }[];
}

const DELIMITERS: readonly { delimiter: string; name: string }[] = [
  { delimiter: ',', name: 'commas' },
  { delimiter: '\t', name: 'tabs' },
  { delimiter: ';', name: 'semicolons' },
  { delimiter: '|', name: 'bars' },
];

/**
 * The delimiter is the one that the first line has most of; the quote is `"`, or none in a file with tabs that cannot be read with it.
 * DuckDB would guess these too, but takes a file with one line too long for a file of another delimiter. Types are those that every
 * value has; dates and times only as ISO 8601 writes them, because 01/02/2024 has two meanings; numbers with leading zeros stay text.
 */
async function readDelimited(db: Database, file: DataFile): Promise<ReadableFile> {
  const firstLine = await readFirstLine(file);
  const { delimiter, name } = chooseDelimiter(file.path, firstLine);
  const quoted = delimitedOptions(file, delimiter, '"');
  try {
    return await sniff(db, file, quoted, name);
  } catch (error) {
    if (delimiter !== '\t') throw await locateFault(db, file, quoted, countFields(firstLine, delimiter), error);
    const unquoted = delimitedOptions(file, delimiter, '');
    return await sniff(db, file, unquoted, `${name} and no quotes`).catch(async () => {
      throw await locateFault(db, file, quoted, countFields(firstLine, delimiter), error);
    });
  }
}

function delimitedOptions({ compression }: DataFile, delimiter: string, quote: string): string {
  return `delim = ${quoteText(delimiter)}, quote = ${quoteText(quote)}, escape = ${quoteText(quote)}, skip = 0, comment = '', strict_mode = true,
    null_padding = false, nullstr = '', allow_quoted_nulls = false, compression = '${compression}'`;
}

async function sniff(db: Database, file: DataFile, options: string, separator: string): Promise<ReadableFile> {
  const sniffed = await db.row<Sniffed>(
    `select HasHeader, TimestampFormat, Columns from sniff_csv(${quoteText(file.path)}, sample_size = -1, dateformat = '%Y-%m-%d', ${options})`,
  );
  const isIsoTime = sniffed.TimestampFormat === null || sniffed.TimestampFormat.startsWith('%Y-%m-%d');
  const columns = sniffed.Columns.map(({ name, type }) => ({ name, type: file.allText || (type.startsWith('TIMESTAMP') && !isIsoTime) ? 'VARCHAR' : type }));
  return {
    query: `select * from read_csv(${quoteText(file.path)}, auto_detect = false, header = ${sniffed.HasHeader}, ${options}, columns = ${columnTypes(columns)})`,
    reading: `separated by ${separator}, ${sniffed.HasHeader ? 'with a header' : `without a header: its columns are called ${columns[0]?.name ?? 'column0'} and so on`}`,
  };
}

function columnTypes(columns: readonly { name: string; type: string }[]): string {
  return `{${columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`).join(', ')}}`;
}

/** What the guess could not say: the line that is at fault. It is found by reading the file as the first line wants it. */
async function locateFault(db: Database, { path: file }: DataFile, options: string, fields: number, guess: unknown): Promise<unknown> {
  const columns = Array.from({ length: fields }, (_, index) => ({ name: `c${index}`, type: 'VARCHAR' }));
  const counts = columns.map(({ name }) => `count(${name})`).join(', ');
  try {
    await db.row(`select ${counts} from read_csv(${quoteText(file)}, auto_detect = false, header = true, ${options}, columns = ${columnTypes(columns)})`);
    return guess;
  } catch (error) {
    return error;
  }
}

function chooseDelimiter(file: string, firstLine: string): { delimiter: string; name: string } {
  const counted = DELIMITERS.map((each) => ({ ...each, fields: countFields(firstLine, each.delimiter) }));
  const most = counted.reduce((best, each) => (each.fields > best.fields ? each : best));
  const ofName = /\.tsv(\.\w+)?$/i.test(file) ? counted.find(({ delimiter }) => delimiter === '\t') : undefined;
  return ofName ?? most;
}

/** Fields of a line, counting no delimiter inside quotes. */
function countFields(line: string, delimiter: string): number {
  return line.replace(/"[^"]*("|$)/g, '').split(delimiter).length;
}

const HEAD_BYTES = 64 * 1024;

/** The first line of the text. Throws UsageError where there is no text. */
async function readFirstLine(file: DataFile): Promise<string> {
  const head = await readHead(file);
  if (head.length === 0) throw new UsageError({ what: 'The data file is empty', where: file.path, expected: 'a header line, or JSON', found: 'no bytes', next: 'Look at what should have written it.' });
  if (head.includes(0)) throw new UsageError({ what: 'The data file is no text', where: file.path, expected: 'UTF-8', found: 'bytes that are 0, as in UTF-16 or in a binary file', next: 'Convert it first, as with `iconv -f utf-16 -t utf-8`.' });
  return /^\ufeff?((?:"[^"]*"|[^"\r\n])*)/.exec(head.toString('utf8'))?.[1] ?? '';
}

async function readHead({ path: file, compression }: DataFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of openText(file, compression)) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

function openText(file: string, compression: DataFile['compression']): Readable {
  const bytes = createReadStream(file, { highWaterMark: HEAD_BYTES });
  if (compression === 'uncompressed') return bytes;
  // Whoever reads the text meets the error; the callback is there so that nobody else does.
  return pipeline(bytes, compression === 'gzip' ? createGunzip() : createZstdDecompress(), () => undefined);
}
