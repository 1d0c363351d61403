/**
 * The careful way to bronze, for text in which a line is not always a record: blank lines, line breaks inside quotes, ragged rows,
 * stray quotes, bytes that are no UTF-8. Reads record by record with its line number, and keeps what cannot be read as it stood.
 */
import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BronzeInput, TextFormat } from '@inlet/pipeline';
import { readLines, type Line } from './line-reader';
import { RecordScanner, splitFields } from './record-scanner';

/** A longer line or record is malformed: its beginning is kept in bronze, the whole in raw. */
const MAX_RECORD_BYTES = 1_000_000;
/** How much of what follows an opening quote is searched for the closing one; bounds the work on a text full of stray quotes. */
const MAX_QUOTED_BYTES = 250_000;
const RAW_EXCERPT_CHARACTERS = 100_000;
const BATCH_CHARACTERS = 1 << 20;

interface TextRecord {
  fields: (string | null)[];
  /** Line of the text on which the record begins, from 1. */
  line: number;
  raw: string | null;
  error: string | null;
}

/**
 * Writes the records as JSON arrays of texts, one a line: the input's columns, then `_line`, `_raw`, `_error`.
 * A malformed record has only the last three. Returns how many records there were; throws the signal's reason when aborted.
 */
export async function rewriteRecords(input: BronzeInput, format: TextFormat, { target, signal }: { target: string; signal?: AbortSignal }): Promise<number> {
  let rows = 0;
  const batches = async function* () {
    let batch = '';
    for await (const { fields, line, raw, error } of readRecords(input, format)) {
      rows += 1;
      const values = error === null ? fields : input.columns.map(() => null);
      batch += `${JSON.stringify([...values, String(line), raw, error])}\n`;
      if (batch.length <= BATCH_CHARACTERS) continue;
      signal?.throwIfAborted();
      yield batch;
      batch = '';
    }
    yield batch;
  };
  await pipeline(batches, createWriteStream(target));
  return rows;
}

/** Each record after the header line. A blank line is no record, unless the table has one column only. */
async function* readRecords(input: BronzeInput, format: TextFormat): AsyncGenerator<TextRecord> {
  const lines = new LineQueue(readLines(input.path, MAX_RECORD_BYTES));
  // As the lines are read: a character for each byte.
  const delimiter = Buffer.from(format.delimiter).toString('latin1');
  if (format.header) await lines.next();
  for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
    if (line.text === '' && input.columns.length > 1) continue;
    yield await readRecord(lines, line, { format: { ...format, delimiter }, width: input.columns.length });
  }
}

async function readRecord(lines: LineQueue, first: Line, { format, width }: { format: TextFormat; width: number }): Promise<TextRecord> {
  const malformed = (error: string): TextRecord => ({ fields: [], line: first.number, raw: excerpt(first.text), error });
  if (first.isCut) return malformed(`the line is longer than ${MAX_RECORD_BYTES} bytes`);
  const read = format.quoting ? await readQuoted(lines, first, format.delimiter) : { fields: splitFields(first.text, format.delimiter) };
  if ('error' in read) return malformed(read.error);
  if (read.fields.length !== width) return malformed(`expected ${width} ${width === 1 ? 'field' : 'fields'}, found ${read.fields.length}`);
  const fields = read.fields.map(decode);
  if (fields.includes(undefined)) return malformed('the bytes are not UTF-8');
  return { fields: fields as (string | null)[], line: first.number, raw: null, error: null };
}

/** A record that may go on over several lines. Where it cannot be read, only its first line is given up, and reading goes on with the second. */
async function readQuoted(lines: LineQueue, first: Line, delimiter: string): Promise<{ fields: (string | null)[] } | { error: string }> {
  const scanner = new RecordScanner(delimiter);
  const taken: Line[] = [];
  const giveUp = (error: string) => {
    lines.putBack(taken);
    return { error };
  };
  let line = first;
  let size = 0;
  for (;;) {
    const status = scanner.scan(line.text);
    if (status === 'complete') return { fields: scanner.fields };
    if (status === 'invalid') return giveUp('a quote stands where none may stand');
    scanner.addLineBreak(line.lineBreak);
    const next = await lines.next();
    if (next !== undefined) taken.push(next);
    size += next?.text.length ?? 0;
    if (next === undefined || next.isCut || size > MAX_QUOTED_BYTES) return giveUp('a quote is opened and never closed');
    line = next;
  }
}

/** Lines that can be put back, for a record that turned out to be none. */
class LineQueue {
  readonly #source: AsyncGenerator<Line>;
  #waiting: Line[] = [];

  constructor(source: AsyncGenerator<Line>) {
    this.#source = source;
  }

  async next(): Promise<Line | undefined> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    const { value, done } = await this.#source.next();
    return done ? undefined : value;
  }

  putBack(lines: readonly Line[]): void {
    this.#waiting = [...lines, ...this.#waiting];
  }
}

/** undefined for bytes that are not UTF-8. */
function decode(latin1: string | null): string | null | undefined {
  if (latin1 === null) return null;
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** Text for a person: UTF-8 where it is, else every byte outside ASCII as \xNN. */
function excerpt(raw: string): string {
  const cut = raw.slice(0, RAW_EXCERPT_CHARACTERS);
  return decode(cut) ?? cut.replace(/[\x80-\xff]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
}
