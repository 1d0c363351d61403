/** Small releases as files on disk and behind addresses, in every disguise that the specs need. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CDER_DIRECTORIES, generateCderRelease, type CderDirectory } from '@inlet/cder-samples';
import { generateNsdeRelease, NSDE_MEMBER_NAME, type NsdeReleaseOptions } from '@inlet/nsde-samples';
import { writeSampleZip, type SampleZipOptions } from '@inlet/samples';
import { serve, status, tempDir, type Behaviour } from '@inlet/testing';
import { crc32, deflateRawSync } from 'node:zlib';

export interface Member {
  name: string;
  content: string | Buffer;
}

export const SEED = 77;
/** Rows of a release unless a test says otherwise. */
export const ROWS = 120;

/** The text of an NSDE release. */
export function nsdeCsv(options: Partial<NsdeReleaseOptions> = {}): string {
  return Buffer.concat([...generateNsdeRelease({ rows: ROWS, seed: SEED, quirks: false, ...options })]).toString('utf8');
}

/** A zip of the members as ordinary programs write it. */
export async function writeZip(members: readonly Member[], options: SampleZipOptions & { name?: string; folder?: string } = {}): Promise<string> {
  const { name = 'release.zip', folder = tempDir(), ...zipOptions } = options;
  const zipPath = path.join(folder, name);
  await writeSampleZip(zipPath, members.map(({ name: member, content }) => ({ name: member, content: () => [Buffer.from(content)] })), zipOptions);
  return zipPath;
}

/** A zip of one NSDE release. */
export function writeNsde(text: string | Buffer, options: SampleZipOptions & { name?: string; folder?: string } = {}): Promise<string> {
  return writeZip([{ name: NSDE_MEMBER_NAME, content: text }], options);
}

/** A plain file. */
export function writeText(name: string, text: string | Buffer): string {
  const folder = tempDir();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

/** The members of the three zips of a small NDC directory. */
export function cderMembers(options: { products?: number; release?: number; quirks?: boolean } = {}): Record<CderDirectory, Member[]> {
  const { products = 60, release = 1, quirks = false } = options;
  const members = generateCderRelease({ products, seed: SEED, release, quirks });
  return Object.fromEntries(
    CDER_DIRECTORIES.map((directory) => [directory, members[directory].map(({ name, content }) => ({ name, content: Buffer.concat([...content()]) }))]),
  ) as Record<CderDirectory, Member[]>;
}

/** A server with a memory: answers 304 to whoever has this version already. */
export function serveVersion(file: Buffer, etag: string): Behaviour {
  return (request, response) => (request.headers['if-none-match'] === etag ? status(304, { etag }) : serve(file, { etag }))(request, response);
}

/** Another behaviour for each path; 404 for all else. */
export function route(behaviours: Record<string, Behaviour>): Behaviour {
  return (request, response) => (behaviours[(request.url ?? '').replace(/\?.*$/s, '')] ?? status(404))(request, response);
}

interface CraftedMember extends Member {
  flags?: number;
  /** In place of the true size once expanded. */
  declaredBytes?: number;
}

/** A zip written by hand, so that its fields may lie. */
export function craftZip(...members: CraftedMember[]): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const member of members) {
    const content = Buffer.from(member.content);
    const entry: CraftedEntry = { member, name: Buffer.from(member.name), data: deflateRawSync(content), checksum: crc32(content), sizeBytes: member.declaredBytes ?? content.length };
    const central = zipHeader(entry, { signature: 0x02014b50, length: 46, at: 6 });
    central.writeUInt32LE(offset, 42);
    const local = Buffer.concat([zipHeader(entry, { signature: 0x04034b50, length: 30, at: 4 }), entry.name, entry.data]);
    directory.push(central, entry.name);
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

interface CraftedEntry {
  member: CraftedMember;
  name: Buffer;
  data: Buffer;
  checksum: number;
  sizeBytes: number;
}

/** The fields that an entry's two headers share, from byte `at` on (APPNOTE 4.3.7 and 4.3.12). */
function zipHeader({ member, name, data, checksum, sizeBytes }: CraftedEntry, { signature, length, at }: { signature: number; length: number; at: number }): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(20, at);
  bytes.writeUInt16LE(member.flags ?? 0, at + 2);
  bytes.writeUInt16LE(8, at + 4);
  bytes.writeUInt32LE(checksum, at + 10);
  bytes.writeUInt32LE(data.length, at + 14);
  bytes.writeUInt32LE(sizeBytes, at + 18);
  bytes.writeUInt16LE(name.length, at + 22);
  return bytes;
}
