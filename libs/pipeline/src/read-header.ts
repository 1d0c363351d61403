/** The first record of a delimited text: its column names, or without a header how many columns there are. */
import { open } from 'node:fs/promises';
import { ContractViolationError } from '@inlet/errors';
import { parse } from 'csv-parse/sync';
import type { TextFormat } from './plan';

const MAX_HEADER_BYTES = 256 * 1024;

/** The column names of a UTF-8 text. Throws ContractViolationError when the first line cannot be one of names. */
export async function readHeader(path: string, member: string, format: TextFormat): Promise<string[]> {
  const line = await readFirstLine(path);
  if (line === undefined) throw noHeader(member, `a first line longer than ${MAX_HEADER_BYTES} bytes`);
  const header = splitRecord(line, format);
  if (header === undefined) throw noHeader(member, line === '' ? 'an empty first line' : `"${line.slice(0, 200)}"`);
  return header;
}

/** How many fields the first record of a text without a header has; undefined where its first line is no whole record. */
export async function countFields(path: string, format: TextFormat): Promise<number | undefined> {
  const line = await readFirstLine(path);
  return line === undefined ? undefined : splitRecord(line, format)?.length;
}

/** Without its line break; undefined when it is longer than any header. */
async function readFirstLine(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    const end = text.search(/\r?\n/);
    if (end < 0 && bytesRead === MAX_HEADER_BYTES) return undefined;
    return end < 0 ? text : text.slice(0, end);
  } finally {
    await file.close();
  }
}

/** undefined for a line that is empty or no whole record. */
function splitRecord(line: string, format: TextFormat): string[] | undefined {
  const quote = format.quoting ? '"' : null;
  try {
    const [record] = parse(line, { delimiter: format.delimiter, quote, escape: quote, bom: true }) as string[][];
    return record;
  } catch {
    return undefined;
  }
}

function noHeader(member: string, found: string): ContractViolationError {
  return new ContractViolationError({
    what: 'The file does not begin with a line of column names',
    where: member,
    expected: 'column names, separated as `format` in config/dataset.json says',
    found,
    next: 'Look at the file; if it has no header by design, set format.header to false.',
  });
}
