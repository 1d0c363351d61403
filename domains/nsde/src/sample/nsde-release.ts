/** Writes a synthetic NSDE release as CSV, of any size, in pieces. */
import { AT, NSDE_COLUMNS, type NsdeRow } from './nsde-row';
import { releaseRows } from './release-rows';

/** Name of the one member of FDA's zip. */
export const NSDE_MEMBER_NAME = 'Comprehensive_NDC_SPL_Data_Elements_File.csv';

/** What the sixth column has been called over the years. */
export const APPLICATION_HEADERS = {
  citation: 'Application Number or Citation',
  monograph: 'Application Number or Monograph ID',
  application: 'Application Number',
} as const;

export interface NsdeReleaseOptions {
  /** Data rows, without the header and the malformed lines. At most 25 million. */
  rows: number;
  /** An integer; releases of one seed belong together. */
  seed: number;
  /** 1 and up. Release n + 1 differs from n by about fifty added, removed and changed rows each; see describeNsdeChanges. @default 1 */
  release?: number;
  /** Whether some rows are odd or wrong; see describeNsdeQuirks. @default true */
  quirks?: boolean;
  /** @default 'citation' */
  header?: keyof typeof APPLICATION_HEADERS;
  /** @default '\n' */
  lineEnding?: '\n' | '\r\n';
  /** Whether the last row comes first: the same content in another order. @default false */
  reversed?: boolean;
  /** Lines to put between the rows that have too few or, every second one, too many fields. @default 0 */
  malformed?: number;
}

const CHUNK_CHARS = 1 << 20;
const MAX_ROWS = 25_000_000;
const MAX_RELEASE = 10_000;

/** The release as UTF-8 CSV, in chunks of about 1 MB. The same options give the same bytes on every machine. */
export function* generateNsdeRelease(options: NsdeReleaseOptions): Generator<Buffer, void, undefined> {
  const { rows, seed, release = 1, quirks = true, header = 'citation', lineEnding = '\n', reversed = false, malformed = 0 } = options;
  checkCount('rows', rows, { min: 0, max: MAX_ROWS });
  checkCount('malformed', malformed, { min: 0, max: rows });
  checkCount('release', release, { min: 1, max: MAX_RELEASE });
  const content = releaseRows({ rows, seed, quirks });
  const row: NsdeRow = new Array<string>(NSDE_COLUMNS.length).fill('');
  const columns: string[] = [...NSDE_COLUMNS];
  columns[AT.applicationNumber] = APPLICATION_HEADERS[header];
  let text = columns.join(',') + lineEnding;
  let broken = 0;
  for (let n = 0; n < rows; n++) {
    while (broken < malformed && broken * rows <= n * malformed) text += brokenLine(broken++) + lineEnding;
    content.fill(row, reversed ? rows - 1 - n : n, release);
    text += csvLine(row) + lineEnding;
    if (text.length >= CHUNK_CHARS) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
  while (broken < malformed) text += brokenLine(broken++) + lineEnding;
  yield Buffer.from(text, 'utf8');
}

function csvLine(row: NsdeRow): string {
  let line = csvCell(row[0] as string);
  for (let at = 1; at < row.length; at++) line += `,${csvCell(row[at] as string)}`;
  return line;
}

/** RFC 4180: quotes only where a comma, quote or line break asks for them. */
function csvCell(value: string): string {
  if (value.includes('"')) return `"${value.replaceAll('"', '""')}"`;
  return value.includes(',') ? `"${value}"` : value;
}

function brokenLine(n: number): string {
  const fields = n % 2 === 0 ? 7 : NSDE_COLUMNS.length + 2;
  return Array.from({ length: fields }, (_, at) => (at === 0 ? `BROKEN${n}` : 'x')).join(',');
}

function checkCount(name: string, count: number, { min, max }: { min: number; max: number }): void {
  if (Number.isSafeInteger(count) && count >= min && count <= max) return;
  throw new RangeError(`${name} is a whole number from ${min} to ${max}; ${count} was given.`);
}
