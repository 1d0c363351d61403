/**
 * One delimited record from one or more lines. Written here because recovery must lose nothing: a library's parser gives neither the whole
 * text of a record that it refuses nor the line on which it began, and takes what follows a stray quote down with it.
 */

export type ScanStatus = 'complete' | 'open' | 'invalid';

/**
 * Takes a record line by line. RFC 4180, read as DuckDB's strict reader reads it: one space before an opening quote and any after a closing
 * one are not data; a quote inside an unquoted field is.
 */
export class RecordScanner {
  readonly fields: (string | null)[] = [];
  readonly #delimiter: string;
  #quoted = '';
  #isOpen = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** `open`: the record goes on in the next line, after a line break that `addLineBreak` gives it. */
  scan(line: string): ScanStatus {
    let at = 0;
    for (;;) {
      if (!this.#isOpen) {
        const start = this.#openingQuoteAt(line, at);
        if (start < 0) {
          const end = line.indexOf(this.#delimiter, at);
          const value = end < 0 ? line.slice(at) : line.slice(at, end);
          this.fields.push(value === '' ? null : value);
          if (end < 0) return 'complete';
          at = end + this.#delimiter.length;
          continue;
        }
        this.#isOpen = true;
        at = start + 1;
      }
      at = this.#readQuoted(line, at);
      if (this.#isOpen) return 'open';
      this.fields.push(this.#quoted);
      this.#quoted = '';
      while (line[at] === ' ' && this.#delimiter !== ' ') at += 1;
      if (at >= line.length) return 'complete';
      if (!line.startsWith(this.#delimiter, at)) return 'invalid';
      at += this.#delimiter.length;
    }
  }

  addLineBreak(lineBreak: string): void {
    this.#quoted += lineBreak;
  }

  #openingQuoteAt(line: string, at: number): number {
    if (line[at] === '"') return at;
    return line[at] === ' ' && line[at + 1] === '"' ? at + 1 : -1;
  }

  /** Up to the closing quote, or to the end of the line if there is none; returns where it stopped. */
  #readQuoted(line: string, from: number): number {
    let at = from;
    for (;;) {
      const quote = line.indexOf('"', at);
      if (quote < 0) {
        this.#quoted += line.slice(at);
        return line.length;
      }
      this.#quoted += line.slice(at, quote);
      if (line[quote + 1] !== '"') {
        this.#isOpen = false;
        return quote + 1;
      }
      this.#quoted += '"';
      at = quote + 2;
    }
  }
}

/** The fields of a line in a format without quoting. */
export function splitFields(line: string, delimiter: string): (string | null)[] {
  return line.split(delimiter).map((field) => (field === '' ? null : field));
}
