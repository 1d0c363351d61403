/** The first record of a delimited text: its column names. */
import { open } from 'node:fs/promises';
import { ContractViolationError } from '@inlet/errors';
import { parse } from 'csv-parse/sync';
import type { TextFormat } from './plan';

const MAX_HEADER_BYTES = 256 * 1024;

/** The column names of a UTF-8 text. Throws ContractViolationError when the first line cannot be one of names. */
export async function readHeader(path: string, member: string, format: TextFormat): Promise<string[]> {
  const file = await open(path);
  let text: string;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
    text = buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
  const end = text.search(/\r?\n/);
  if (end < 0 && text.length >= MAX_HEADER_BYTES) throw noHeader(member, `a first line longer than ${MAX_HEADER_BYTES} bytes`);
  const line = end < 0 ? text : text.slice(0, end);
  try {
    const quote = format.quoting ? '"' : null;
    const [header] = parse(line, { delimiter: format.delimiter, quote, escape: quote, bom: true }) as string[][];
    if (header === undefined) throw noHeader(member, 'an empty first line');
    return header;
  } catch (error) {
    if (error instanceof ContractViolationError) throw error;
    throw noHeader(member, `"${line.slice(0, 200)}"`);
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
