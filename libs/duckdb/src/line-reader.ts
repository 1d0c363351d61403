/** Lines of a file with their numbers, in bounded memory. Bytes are read as Latin-1, one character each, so that no byte is lost before it is judged. */
import { createReadStream } from 'node:fs';

export interface Line {
  /** From 1. */
  number: number;
  /** Without its line break; no longer than `maxBytes`. */
  text: string;
  /** `\n` or `\r\n`; at the end of the file also `\r` or ''. */
  lineBreak: string;
  /** Whether the line went on beyond `maxBytes`; the rest was passed over. */
  isCut: boolean;
}

export async function* readLines(path: string, maxBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let text = '';
  let isCut = false;
  const append = (part: string) => {
    if (text.length + part.length > maxBytes) isCut = true;
    text += isCut ? part.slice(0, Math.max(0, maxBytes - text.length)) : part;
  };
  const finish = (end: string): Line => {
    // A carriage return at the end of the file is half a line break, and is taken for one.
    const hasReturn = text.endsWith('\r') && !isCut;
    const line = { number, text: hasReturn ? text.slice(0, -1) : text, lineBreak: hasReturn ? `\r${end}` : end, isCut };
    number += 1;
    text = '';
    isCut = false;
    return line;
  };
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const pieces = (chunk as string).split('\n');
    for (const [index, piece] of pieces.entries()) {
      append(piece);
      if (index < pieces.length - 1) yield finish('\n');
    }
  }
  if (text !== '') yield finish('');
}
