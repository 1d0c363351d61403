/** Colour, where a person looks and has not asked for none. */

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** A style for one stream. Plain unless the stream is a terminal; NO_COLOR (https://no-color.org) and TERM=dumb keep it plain. */
export function createStyle(stream: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Style {
  const coloured = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint = ([on, off]: readonly [number, number]) => (text: string) => (coloured ? `\x1b[${on}m${text}\x1b[${off}m` : text);
  return { bold: paint(codes.bold), dim: paint(codes.dim), red: paint(codes.red), green: paint(codes.green), yellow: paint(codes.yellow) };
}
