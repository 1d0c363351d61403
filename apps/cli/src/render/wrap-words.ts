/** Sentences that fit the terminal. */
import { displayWidth } from './display-width';

/** Lines of at most `maxWidth` cells, broken between words, or inside one that is wider than a line. No lines for no text. */
export function wrapWords(text: string, maxWidth = Infinity): string[] {
  if (text === '') return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => chopWord(part, maxWidth))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= maxWidth) {
      line = joined;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

function chopWord(word: string, maxWidth: number): string[] {
  if (displayWidth(word) <= maxWidth) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && displayWidth(piece + character) > maxWidth) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
