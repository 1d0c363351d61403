/**
 * What DuckDB's CSV reader does not tell, strict though it is: it passes over fields beyond the last column that are empty or begin with NUL,
 * and over a carriage return that begins a line. A comma that lacks its quotes moves every value behind it by one column, and on a line that
 * ends in empty fields nobody would notice; so the ends of lines are looked at here, in one pass over the bytes.
 */
import { open } from 'node:fs/promises';
import { quoteName } from '@inlet/sql';
import { parquetTable, type Database } from './database';

const NEWLINE = 10;
const RETURN = 13;
const READ_BYTES = 1 << 20;

export interface DelimitedText {
  path: string;
  delimiter: string;
  /** Columns of a record. */
  width: number;
  /** Lines of a header. */
  headerLines: number;
  signal?: AbortSignal;
}

export interface LineEnds {
  /** How many lines after the header end in at least one delimiter, in at least two, and so on up to `width`: those have more fields than columns. */
  trailing: number[];
  /** Whether every line ends in the same way, no carriage return stands anywhere else, and there is no NUL. */
  isPlain: boolean;
}

/**
 * One buffer serves for the whole file: the end of what was read before lies at its beginning, as far as a line's end may reach back.
 * Throws the signal's reason when aborted.
 */
export async function inspectLineEnds(text: DelimitedText): Promise<LineEnds> {
  const counter = new LineEndCounter(text);
  const file = await open(text.path);
  try {
    const buffer = Buffer.allocUnsafe(counter.reach + READ_BYTES);
    let kept = 0;
    for (;;) {
      text.signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, kept, READ_BYTES, null);
      if (bytesRead === 0) return counter.end(buffer.subarray(0, kept));
      const bytes = buffer.subarray(0, kept + bytesRead);
      counter.add(bytes, kept);
      kept = Math.min(counter.reach, bytes.length);
      buffer.copyWithin(0, bytes.length - kept, bytes.length);
    }
  } finally {
    await file.close();
  }
}

class LineEndCounter {
  /** How many bytes before a line's end tell of it. */
  readonly reach: number;
  readonly #delimiter: Buffer;
  readonly #width: number;
  readonly #headerLines: number;
  /** By the number of delimiters at their end. */
  readonly #linesByRun: number[];
  #lines = 0;
  #returns = 0;
  #returnsAtEnd = 0;
  #hasNul = false;

  constructor({ delimiter, width, headerLines }: DelimitedText) {
    this.#delimiter = Buffer.from(delimiter);
    this.#width = width;
    this.#headerLines = headerLines;
    this.#linesByRun = new Array<number>(width + 1).fill(0);
    this.reach = width * this.#delimiter.length + 1;
  }

  /** `bytes` from `start` are new; those before it were added already. */
  add(bytes: Buffer, start: number): void {
    this.#hasNul ||= bytes.includes(0, start);
    for (let at = bytes.indexOf(RETURN, start); at >= 0; at = bytes.indexOf(RETURN, at + 1)) this.#returns += 1;
    for (let at = bytes.indexOf(NEWLINE, start); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) this.#endLine(bytes, at);
  }

  /** `tail` is the end of the text. */
  end(tail: Buffer): LineEnds {
    const brokenLines = this.#lines;
    if (tail.length > 0 && tail.at(-1) !== NEWLINE) this.#endLine(tail, tail.length);
    return {
      trailing: this.#linesByRun.map((_, run) => this.#linesByRun.slice(run).reduce((sum, lines) => sum + lines, 0)).slice(1),
      isPlain: !this.#hasNul && (this.#returns === 0 || (this.#returns === this.#returnsAtEnd && this.#returns >= brokenLines)),
    };
  }

  #endLine(bytes: Buffer, lineEnd: number): void {
    let end = lineEnd;
    if (bytes[end - 1] === RETURN) {
      this.#returnsAtEnd += 1;
      end -= 1;
    }
    this.#lines += 1;
    if (this.#lines <= this.#headerLines) return;
    let run = 0;
    for (; run < this.#width && this.#hasDelimiterBefore(bytes, end); run += 1) end -= this.#delimiter.length;
    this.#linesByRun[run] = (this.#linesByRun[run] ?? 0) + 1;
  }

  #hasDelimiterBefore(bytes: Buffer, end: number): boolean {
    const { length } = this.#delimiter;
    if (length === 1) return bytes[end - 1] === this.#delimiter[0];
    return end >= length && bytes.compare(this.#delimiter, 0, length, end - length, end) === 0;
  }
}

/**
 * Whether no record has fields beyond its columns: then every line that ends in k delimiters is a record whose last k values are NULL.
 * `read` is what DuckDB made of the text, a record for each line.
 */
export async function fillsItsColumns(db: Database, { trailing }: LineEnds, read: { path: string; columns: readonly string[] }): Promise<boolean> {
  const longest = trailing.findLastIndex((lines) => lines > 0) + 1;
  if (longest === 0) return true;
  if (longest >= read.columns.length) return false;
  const last = read.columns.slice(-longest).reverse();
  const counts = last.map((_, index) => `count(*) filter (${last.slice(0, index + 1).map((name) => `${quoteName(name)} is null`).join(' and ')}) as "k${index}"`);
  const row = await db.row<Record<string, bigint>>(`select ${counts.join(', ')} from ${parquetTable(read.path)}`);
  return last.every((_, index) => Number(row[`k${index}`]) === trailing[index]);
}
