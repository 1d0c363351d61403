/** Writes a synthetic release of the NDC directory as the members of FDA's three zips. */
import { encode } from 'iconv-lite';
import { CDER_DIRECTORIES, DIRECTORY_FILES, type CderDirectory } from './cder-columns';
import type { CderRecord } from './cder-quirks';
import { directoryRecords, type DirectoryRecords } from './directory-records';

export interface CderReleaseOptions {
  /** Finished products; the unfinished directory has three for every twenty of them, the excluded one one. At most 500,000. */
  products: number;
  /** An integer; releases of one seed belong together. */
  seed: number;
  /** 1 and up. See describeCderChanges for what differs. @default 1 */
  release?: number;
  /** Whether some records are odd; see describeCderQuirks. @default true */
  quirks?: boolean;
  /** Whether each `.txt` member has an `.xls` twin with the same bytes, as FDA's zips do. @default false */
  excelTwins?: boolean;
}

export interface CderMember {
  name: string;
  /** windows-1252, tab-separated, CRLF, no quoting, in chunks of about 1 MB; may be called again. */
  content: () => Generator<Buffer, void, undefined>;
}

const CHUNK_CHARS = 1 << 20;
const MAX_PRODUCTS = 500_000;
const MAX_RELEASE = 10_000;

/** The members of each zip, in FDA's order. The same options give the same bytes on every machine. */
export function generateCderRelease(options: CderReleaseOptions): Record<CderDirectory, CderMember[]> {
  const { products, seed, release = 1, quirks = true, excelTwins = false } = options;
  checkCount('products', products, { min: 0, max: MAX_PRODUCTS });
  checkCount('release', release, { min: 1, max: MAX_RELEASE });
  const membersOf = (directory: CderDirectory): CderMember[] => {
    const records = directoryRecords({ directory, products, seed, quirks });
    const files = DIRECTORY_FILES[directory];
    const members: CderMember[] = [
      { name: files.packageMember, content: () => writeMember(files.packageColumns, rowsOf(records, release, (record) => record.packages)) },
      { name: files.productMember, content: () => writeMember(files.productColumns, rowsOf(records, release, (record) => [record.product])) },
    ];
    return excelTwins ? members.flatMap((member) => [member, { ...member, name: member.name.replace(/\.txt$/, '.xls') }]) : members;
  };
  const [finished, unfinished, excluded] = CDER_DIRECTORIES.map(membersOf) as [CderMember[], CderMember[], CderMember[]];
  return { finished, unfinished, excluded };
}

function* rowsOf<Row>(records: DirectoryRecords, release: number, rows: (record: CderRecord) => Row[]): Generator<Row> {
  for (let slot = 0; slot < records.slots; slot++) yield* rows(records.recordAt(slot, release));
}

function* writeMember<Column extends string>(columns: readonly Column[], rows: Iterable<Record<Column, string>>): Generator<Buffer, void, undefined> {
  let text = `${columns.join('\t')}\r\n`;
  for (const row of rows) {
    text += `${columns.map((column) => row[column]).join('\t')}\r\n`;
    if (text.length >= CHUNK_CHARS) {
      yield encode(text, 'windows-1252');
      text = '';
    }
  }
  yield encode(text, 'windows-1252');
}

function checkCount(name: string, count: number, { min, max }: { min: number; max: number }): void {
  if (Number.isSafeInteger(count) && count >= min && count <= max) return;
  throw new RangeError(`${name} is a whole number from ${min} to ${max}; ${count} was given.`);
}
