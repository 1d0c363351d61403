/** Counting lines as an engine will see them, so that it can prove that none was lost. */

const NEWLINE = 10;

export class LineCounter {
  #newlines = 0;
  #lastByte: number | undefined = NEWLINE;

  add(chunk: Buffer): void {
    if (chunk.length === 0) return;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) this.#newlines += 1;
    this.#lastByte = chunk.at(-1);
  }

  /** Newline bytes, plus one where the last line lacks its newline; 0 for an empty text. */
  total(): number {
    return this.#newlines + (this.#lastByte === NEWLINE ? 0 : 1);
  }
}
